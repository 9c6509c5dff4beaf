#include "xcs/Ops/Value.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

// A value on the heap is one block: the HeapObject, followed by its text or its items. Blocks are written
// once, by the thread that makes them, and then shared by counting owners; the last owner frees them.

using namespace xcs;

namespace {

// What HeapObject has room for.
constexpr uint64_t mostBytes = (uint64_t(1) << 46) - 1, mostDepth = UINT16_MAX;

// The size of all blocks, except what each thread has not added yet.
std::atomic<int64_t> bytesOfBlocks{0};
constexpr int64_t addedUpAt = 1 << 20;

/// Counts a block that is made or freed. Threads batch their counts: updating a shared counter for every
/// small value would cost more than the value.
void countBlock(int64_t bytes) {
  static thread_local int64_t pending = 0;
  pending += bytes;
  if (pending >= addedUpAt || pending <= -addedUpAt) {
    bytesOfBlocks.fetch_add(pending, std::memory_order_relaxed);
    pending = 0;
  }
}

Value *itemsOf(HeapObject *heap) { return reinterpret_cast<Value *>(heap + 1); }

HeapObject *allocate(size_t size, size_t contentBytes) {
  assert(size <= UINT32_MAX && "value-bytes is checked before a value is made");
  countBlock(static_cast<int64_t>(sizeof(HeapObject) + contentBytes));
  return new (::operator new(sizeof(HeapObject) + contentBytes)) HeapObject(static_cast<uint32_t>(size));
}

void freeBlock(HeapObject *heap, size_t elementBytes) {
  const size_t room = heap->roomy ? std::bit_ceil(size_t(heap->size)) : heap->size;
  countBlock(-static_cast<int64_t>(sizeof(HeapObject) + room * elementBytes));
  ::operator delete(heap);
}

/// Sums up what is stored of the items. A value is never traversed to find its size: with shared parts that
/// could take longer than any run (thirty times `%b = list.pack(%a, %a)` refers to 2^30 elements).
void addFacts(HeapObject *heap, std::span<const Value> items) {
  uint64_t bytes = heap->bytes, depth = heap->fact.load(std::memory_order_relaxed);
  for (const Value &item : items) {
    bytes = std::min(bytes + item.byteSize(), mostBytes);
    depth = std::max<uint64_t>(depth, item.depth() + 1);
    if (item.mayHoldWhole())
      heap->mixed = true;
  }
  heap->bytes = bytes;
  heap->fact.store(static_cast<uint16_t>(std::min(depth, mostDepth)), std::memory_order_relaxed);
}

} // namespace

uint64_t Value::bytesAlive() {
  return static_cast<uint64_t>(std::max<int64_t>(bytesOfBlocks.load(std::memory_order_relaxed), 0));
}

Value Value::unwritten(ValueKind kind, size_t size, char *&content) {
  assert(kind == ValueKind::Str || kind == ValueKind::Bytes || kind == ValueKind::Secret ||
         kind == ValueKind::Whole);
  HeapObject *heap = allocate(size, size);
  heap->bytes = textBytes(size);
  content = reinterpret_cast<char *>(heap + 1);
  Value v(kind, 0);
  v.payload.heap = heap;
  return v;
}

Value Value::text_(ValueKind kind, std::string_view text) {
  char *content;
  Value v = unwritten(kind, text.size(), content);
  if (!text.empty())
    std::memcpy(content, text.data(), text.size());
  return v;
}

Value Value::sequence(ValueKind kind, std::span<Value> items) {
  HeapObject *heap = allocate(items.size(), items.size_bytes());
  std::uninitialized_move(items.begin(), items.end(), itemsOf(heap));
  heap->bytes = sequenceBytes(0);
  heap->fact.store(1, std::memory_order_relaxed); // the depth, of an empty one, too
  addFacts(heap, {itemsOf(heap), heap->size});
  Value v(kind, 0);
  v.payload.heap = heap;
  return v;
}

Value Value::error(std::string_view kind, std::string_view message, std::string_view op, int64_t attempt) {
  Value parts[] = {str(kind), str(message), str(op), i64(attempt)};
  return sequence(ValueKind::ResultError, parts);
}

/// Ensures that the block of a value with one owner has room for `size` elements, and sets that size. Room
/// doubles, so each element is moved a constant number of times on average.
void Value::makeRoom(size_t size, size_t elementBytes) {
  HeapObject *old = payload.heap;
  const size_t room = old->roomy ? std::bit_ceil(size_t(old->size)) : old->size;
  if (size <= room) {
    old->size = static_cast<uint32_t>(size);
    return;
  }
  HeapObject *grown = allocate(size, std::bit_ceil(size) * elementBytes);
  grown->roomy = true;
  grown->bytes = old->bytes;
  grown->mixed = old->mixed;
  grown->fact.store(old->fact.load(std::memory_order_relaxed), std::memory_order_relaxed);
  // Values are moved byte by byte: the address of one means nothing, and the old block is freed unasked.
  std::memcpy(static_cast<void *>(grown + 1), old + 1, old->size * elementBytes);
  freeBlock(old, elementBytes);
  payload.heap = grown;
}

bool Value::appendItems(std::span<const Value> items) {
  assert(tag == ValueKind::List);
  if (!isSoleOwner())
    return false;
  const size_t before = payload.heap->size;
  makeRoom(before + items.size(), sizeof(Value));
  std::uninitialized_copy(items.begin(), items.end(), itemsOf(payload.heap) + before);
  addFacts(payload.heap, items);
  return true;
}

bool Value::appendText(std::string_view text) {
  assert(tag == ValueKind::Str || tag == ValueKind::Bytes);
  if (!isSoleOwner())
    return false;
  const size_t before = payload.heap->size;
  makeRoom(before + text.size(), 1);
  if (!text.empty())
    std::memcpy(reinterpret_cast<char *>(payload.heap + 1) + before, text.data(), text.size());
  payload.heap->bytes = textBytes(payload.heap->size);
  if (TextFact(payload.heap->fact.load(std::memory_order_relaxed)) == TextFact::Ascii && !xcs::isAscii(text))
    payload.heap->fact.store(static_cast<uint16_t>(TextFact::Other), std::memory_order_relaxed);
  return true;
}

/// Two threads that ask at once find the same, and nothing else hangs on it: the order of memory does not
/// matter.
bool Value::isAscii() const {
  assert(tag == ValueKind::Str);
  std::atomic<uint16_t> &fact = payload.heap->fact;
  if (TextFact known = TextFact(fact.load(std::memory_order_relaxed)); known != TextFact::Unknown)
    return known == TextFact::Ascii;
  const bool found = xcs::isAscii(text());
  fact.store(static_cast<uint16_t>(found ? TextFact::Ascii : TextFact::Other), std::memory_order_relaxed);
  return found;
}

bool Value::replaceItem(size_t i, Value by) {
  assert(tag == ValueKind::Record && i < size());
  if (!isSoleOwner())
    return false;
  Value &item = itemsOf(payload.heap)[i];
  const bool deepest = item.depth() + 1 == depth();
  if (by.depth() + 1 > depth() || (deepest && item.depth() != by.depth()) || payload.heap->bytes == mostBytes)
    return false;
  payload.heap->bytes = std::min(payload.heap->bytes - item.byteSize() + by.byteSize(), mostBytes);
  if (by.mayHoldWhole())
    payload.heap->mixed = true;
  item = std::move(by);
  return true;
}

// Frees depth-first with an explicit stack that has one frame per level, not per item: the deepest value
// needs little memory, and a list of a million lists no more.
void Value::destroy() {
  struct Frame {
    HeapObject *heap;
    uint32_t next;
  };
  if (!holdsValues()) {
    freeBlock(payload.heap, 1);
    return;
  }
  llvm::SmallVector<Frame, 8> open{{payload.heap, 0}};
  while (!open.empty()) {
    Frame &frame = open.back();
    if (frame.next == frame.heap->size) {
      freeBlock(frame.heap, sizeof(Value));
      open.pop_back();
      continue;
    }
    Value &item = itemsOf(frame.heap)[frame.next++];
    if (!item.onHeap() || item.payload.heap->owners.fetch_sub(1, std::memory_order_acq_rel) != 1)
      continue;
    if (item.holdsValues())
      open.push_back({item.payload.heap, 0});
    else
      freeBlock(item.payload.heap, 1);
  }
}
