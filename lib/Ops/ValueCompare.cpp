#include "Ops/KeyTable.h"
#include "xcs/Ops/Value.h"
#include "xcs/Ops/WholeNumber.h"
#include "xcs/Support/Digest.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace xcs;

namespace {

/// Whether a key of an object or dictionary comes before another in comparison order.
bool keyBefore(const Value &a, const Value &b) {
  return a.kind() == ValueKind::Str ? a.text() < b.text() : a.asI64() < b.asI64();
}

/// The items of a value in comparison order: those of an object or dictionary by key, because their order has
/// no meaning.
class OrderedItems {
public:
  explicit OrderedItems(const Value &v) : items(v.items()) {
    if (v.kind() != ValueKind::Object && v.kind() != ValueKind::Dict)
      return;
    order.resize(items.size() / 2);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](uint32_t a, uint32_t b) { return keyBefore(items[2 * a], items[2 * b]); });
  }
  size_t size() const { return items.size(); }
  const Value &operator[](size_t i) const {
    return order.empty() ? items[i] : items[2 * order[i / 2] + i % 2];
  }

private:
  std::span<const Value> items;
  std::vector<uint32_t> order;
};

int sign(auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; }

/// Exact: the integer is not rounded to a double.
int compareMixed(int64_t a, double b) {
  if (std::isnan(b) || b >= 0x1p63)
    return -1;
  if (b < -0x1p63)
    return 1;
  double whole = std::trunc(b);
  if (int s = sign(a, static_cast<int64_t>(whole)))
    return s;
  return sign(whole, b);
}

int compareFloats(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return sign(std::isnan(a), std::isnan(b));
  return sign(a, b);
}

bool isNumber(const Value &v) {
  return v.kind() == ValueKind::I64 || v.kind() == ValueKind::F64 || v.kind() == ValueKind::Whole;
}

bool isNegative(const Value &whole) { return whole.text().front() == '-'; }

/// Compares numbers of any two kinds, which only JSON mixes.
int compareNumbers(const Value &a, const Value &b) {
  if (a.kind() == ValueKind::Whole) {
    if (b.kind() == ValueKind::Whole)
      return compareWholes(a.text(), b.text());
    return b.kind() == ValueKind::F64 ? compareWholeWithFloat(a.text(), b.asF64()) : isNegative(a) ? -1 : 1;
  }
  if (b.kind() == ValueKind::Whole)
    return -compareNumbers(b, a);
  if (a.kind() == ValueKind::I64)
    return b.kind() == ValueKind::I64 ? sign(a.asI64(), b.asI64()) : compareMixed(a.asI64(), b.asF64());
  return b.kind() == ValueKind::F64 ? compareFloats(a.asF64(), b.asF64())
                                    : -compareMixed(b.asI64(), a.asF64());
}

bool isNan(const Value &v) { return v.kind() == ValueKind::F64 && std::isnan(v.asF64()); }

/// Compares the values without their items; `open` if the items decide.
int compareHeads(const Value &a, const Value &b, bool &open) {
  if (isNumber(a) && isNumber(b))
    return compareNumbers(a, b);
  if (a.kind() != b.kind())
    return sign(a.kind(), b.kind());
  switch (a.kind()) {
  case ValueKind::Empty:
  case ValueKind::None:
  case ValueKind::OptionNone:
    return 0;
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::Duration:
    return sign(a.asI64(), b.asI64());
  case ValueKind::F64:
    return compareFloats(a.asF64(), b.asF64());
  case ValueKind::Whole:
    return compareWholes(a.text(), b.text());
  case ValueKind::Str:
  case ValueKind::Bytes:
  case ValueKind::Secret:
    return sign(a.text().compare(b.text()), 0);
  case ValueKind::List:
  case ValueKind::Record:
  case ValueKind::Object:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Dict:
    open = true;
    return 0;
  }
  return 0;
}

/// `equality`: only whether the result is 0 matters, and nan differs from nan.
int compare(const Value &left, const Value &right, bool equality) {
  // One frame for each pair of sequences that are equal so far; `next` is the next pair of items to compare.
  struct Frame {
    OrderedItems a, b;
    size_t next = 0;
  };
  std::vector<Frame> frames;
  const Value *a = &left, *b = &right;
  while (true) {
    bool open = false;
    if (int s = compareHeads(*a, *b, open))
      return s;
    // Sizes are available without a traversal and distinguish most unequal values immediately. Equal numbers
    // have one size, but for the kind Whole.
    const bool sized = !a->mayHoldWhole() && !b->mayHoldWhole();
    if (equality &&
        (isNan(*a) || (open && (a->size() != b->size() || (sized && a->byteSize() != b->byteSize())))))
      return 1;
    if (open)
      frames.push_back({OrderedItems(*a), OrderedItems(*b)});
    while (!frames.empty()) {
      Frame &frame = frames.back();
      if (frame.next < std::min(frame.a.size(), frame.b.size()))
        break;
      if (int s = sign(frame.a.size(), frame.b.size()))
        return s;
      frames.pop_back();
    }
    if (frames.empty())
      return 0;
    Frame &frame = frames.back();
    a = &frame.a[frame.next];
    b = &frame.b[frame.next++];
  }
}

/// The head's share of a hash. Numbers of equal size hash alike, whatever their kind.
uint64_t hashHead(uint64_t hash, const Value &v, bool &open) {
  switch (v.kind()) {
  case ValueKind::Empty:
  case ValueKind::None:
  case ValueKind::OptionNone:
    return digestOf(hash, static_cast<uint64_t>(v.kind()));
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::Duration:
    return digestOf(hash, static_cast<uint64_t>(v.asI64()));
  case ValueKind::F64: {
    double number = v.asF64();
    if (number >= -0x1p63 && number < 0x1p63 && number == std::trunc(number))
      return digestOf(hash, static_cast<uint64_t>(static_cast<int64_t>(number)));
    return digestOf(hash, __builtin_bit_cast(uint64_t, number));
  }
  case ValueKind::Whole:
    if (double number = nearestFloat(v.text()); compareWholeWithFloat(v.text(), number) == 0)
      return digestOf(hash, __builtin_bit_cast(uint64_t, number));
    return digestOf(v.text(), hash);
  case ValueKind::Str:
  case ValueKind::Bytes:
  case ValueKind::Secret:
    return digestOf(v.text(), hash);
  case ValueKind::List:
  case ValueKind::Record:
  case ValueKind::Object:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Dict:
    open = true;
    return digestOf(hash, static_cast<uint64_t>(v.size()) << 8 | static_cast<uint64_t>(v.kind()));
  }
  return hash;
}

} // namespace

bool xcs::equalValues(const Value &a, const Value &b) { return compare(a, b, true) == 0; }

int xcs::compareValues(const Value &a, const Value &b) { return compare(a, b, false); }

// The heads in preorder, each with its number of items, are different for different values; they are hashed
// during the traversal.
uint64_t xcs::hashValue(const Value &v) {
  struct Frame {
    OrderedItems items;
    size_t next = 0;
  };
  std::vector<Frame> frames;
  const Value *at = &v;
  uint64_t hash = hashSeed();
  while (true) {
    bool open = false;
    hash = hashHead(hash, *at, open);
    if (open)
      frames.push_back({OrderedItems(*at)});
    while (!frames.empty() && frames.back().next == frames.back().items.size())
      frames.pop_back();
    if (frames.empty())
      return hash;
    at = &frames.back().items[frames.back().next++];
  }
}
