#pragma once
#include "xcs/Ops/Constants.h"
#include <atomic>
#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace xcs {

/// What a run-time value holds. The rest is in the static type of its slot: records carry no field names.
enum class ValueKind : uint8_t {
  Empty, // no value yet, or already freed
  None,  // `none`, and JSON null
  Bool,
  I64,
  F64,
  Duration,   // nanoseconds
  OptionNone, // an option without a value
  // The kinds from here on own a reference to a heap object.
  Whole, // a whole number of JSON beyond i64: its decimal digits (WholeNumber.h)
  Str,   // UTF-8
  Bytes,
  List,
  Record,      // fields in the order of the type
  Object,      // JSON object: key (Str), value, key, value, ... in the order of the text; keys differ
  OptionSome,  // one item
  ResultOk,    // one item
  ResultError, // kind (Str), message (Str), op (Str), attempt (I64)
  Dict,        // key, value, key, value, ... as they were put; keys differ (isDictKey)
  Secret,      // Str content that never leaves the process except in a header or a child's environment
};

/// What is known of the bytes of a text.
enum class TextFact : uint16_t { Unknown, Ascii, Other };

/// The shared, immutable part of a value: a count of owners, then `size` bytes of text or `size` Values.
/// `bytes` and `depth` are kept so that bounds are checked without walking: values share parts, so that a
/// small program can name one that is larger than any memory when written out. Thread safety: the count and
/// the fact are atomic; the content is written before the object is shared and never after.
struct HeapObject {
  explicit HeapObject(uint32_t size) : size(size), roomy(0), mixed(0), keyed(0), bytes(0) {}
  std::atomic<uint32_t> owners{1};
  uint32_t size;
  uint64_t roomy : 1;  // its block has room for the next power of two of `size`, not only for `size`; of a
                       // Dict: for the power of two after it
  uint64_t mixed : 1;  // a Whole may be in it: a list with an f64 in its place may be equal to it
  uint64_t keyed : 1;  // of a Dict: its block has room for the next power of two of entries, and an index
  uint64_t bytes : 45; // Value::byteSize; stays at its greatest value
  // Of what holds values: Value::depth; stays at its greatest value. Of a text: a TextFact, found out by
  // the first thread that asks for it.
  std::atomic<uint16_t> fact{0};
};
static_assert(sizeof(HeapObject) == 16);

/// A run-time value: 16 bytes, a scalar inline or a counted reference. Values are immutable; copying shares.
/// Nothing here recurses: a value may nest to any depth.
class Value {
public:
  Value() = default;
  Value(const Value &other) : tag(other.tag), payload(other.payload) {
    if (onHeap())
      payload.heap->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Value(Value &&other) noexcept : tag(other.tag), payload(other.payload) { other.tag = ValueKind::Empty; }
  Value &operator=(const Value &other) { return *this = Value(other); }
  // `other` may be this value, or in a list of which this is the last owner: it is emptied first.
  Value &operator=(Value &&other) noexcept {
    ValueKind kind = other.tag;
    auto content = other.payload;
    other.tag = ValueKind::Empty;
    if (onHeap())
      release();
    tag = kind;
    payload = content;
    return *this;
  }
  ~Value() {
    if (onHeap())
      release();
  }
  /// Becomes a scalar in place, which is cheaper than moving in a new one. `bits`: as in asI64.
  void becomeScalar(ValueKind kind, int64_t bits) {
    assert(kind < ValueKind::Whole);
    Value old(std::move(*this)); // released last, so that the usual case needs no stack
    tag = kind;
    payload.number = bits;
  }

  static Value none() { return Value(ValueKind::None, 0); }
  static Value boolean(bool v) { return Value(ValueKind::Bool, v); }
  static Value i64(int64_t v) { return Value(ValueKind::I64, v); }
  static Value f64(double v) { return Value(ValueKind::F64, __builtin_bit_cast(int64_t, v)); }
  static Value duration(int64_t nanoseconds) { return Value(ValueKind::Duration, nanoseconds); }
  static Value optionNone() { return Value(ValueKind::OptionNone, 0); }
  /// `digits`: of a whole number beyond i64 that WholeNumber.h allows, perhaps after a `-`.
  static Value whole(std::string_view digits) { return text_(ValueKind::Whole, digits); }
  /// Copies the text; it must be valid UTF-8 (Str). At most 2^32-1 bytes.
  static Value str(std::string_view text) { return text_(ValueKind::Str, text); }
  static Value bytes(std::string_view content) { return text_(ValueKind::Bytes, content); }
  static Value secret(std::string_view content) { return text_(ValueKind::Secret, content); }
  /// The memory of all values of this process, to within a megabyte per thread.
  static uint64_t bytesAlive();
  /// A text of `size` bytes that the caller writes afterwards, at `content`, before sharing the value.
  static Value unwritten(ValueKind kind, size_t size, char *&content);
  /// Moves the items in. At most 2^32-1 of them.
  static Value list(std::span<Value> items) { return sequence(ValueKind::List, items); }
  static Value record(std::span<Value> fields) { return sequence(ValueKind::Record, fields); }
  static Value object(std::span<Value> keysAndValues) { return sequence(ValueKind::Object, keysAndValues); }
  /// A dictionary of keys and values in turn, moved in. Of equal keys the first keeps the place, the last
  /// gives the value.
  static Value dict(std::span<Value> keysAndValues);
  static Value some(Value v) { return sequence(ValueKind::OptionSome, {&v, 1}); }
  static Value ok(Value v) { return sequence(ValueKind::ResultOk, {&v, 1}); }
  static Value error(std::string_view kind, std::string_view message, std::string_view op, int64_t attempt);

  ValueKind kind() const { return tag; }
  bool empty() const { return tag == ValueKind::Empty; }
  /// Whether freeing it can free memory: it is not a scalar.
  bool ownsMemory() const { return onHeap(); }
  bool asBool() const { return payload.number != 0; }
  int64_t asI64() const { return payload.number; }
  double asF64() const { return __builtin_bit_cast(double, payload.number); }
  /// The content of Str, Bytes, Secret; the digits of Whole. Lives as long as any owner of the value.
  std::string_view text() const {
    return {reinterpret_cast<const char *>(payload.heap + 1), payload.heap->size};
  }
  /// The items of List, Record, Object, OptionSome, ResultOk, ResultError, Dict.
  std::span<const Value> items() const {
    return {reinterpret_cast<const Value *>(payload.heap + 1), payload.heap->size};
  }
  size_t size() const { return payload.heap->size; }
  /// Appends to a list, or text to a Str or Bytes, of which this is the only owner. If the block has no room
  /// it is replaced by one twice as large, so n appends in a row take linear time together and at most twice
  /// the memory. False, with nothing changed, if the value is shared. The argument must not point into the
  /// value; together at most 2^32-1 items or bytes.
  bool appendItems(std::span<const Value> items);
  bool appendText(std::string_view text);
  /// Puts a value in the place of item `i` of a record of which this is the only owner. False, with nothing
  /// changed, when it is shared, or when its depth would have to be counted anew.
  bool replaceItem(size_t i, Value by);

  /// The value of a key in a Dict; null if it has none. Takes constant time.
  const Value *find(const Value &key) const;
  /// Of a Dict of which this is the only owner: a new key comes last, a present one keeps its place. Takes
  /// constant time on average, removals at the end included. False, with nothing changed, if the value is
  /// shared.
  bool putEntry(const Value &key, Value value);
  /// Of a Dict of which this is the only owner: removes the key if it is there; time for the entries after
  /// it. False, with nothing changed, if the value is shared. Here and above the key must not be one of its
  /// own.
  bool removeEntry(const Value &key);
  /// A Dict that shares keys and values with this one, and has one owner.
  Value copyDict() const;

  /// The bytes this value keeps alive, with shared parts counted in full: 16 for a scalar. Constant time.
  uint64_t byteSize() const { return onHeap() ? payload.heap->bytes : sizeof(Value); }
  /// Whether a Whole is this value or may be in it. Takes constant time.
  bool mayHoldWhole() const { return tag == ValueKind::Whole || (holdsValues() && payload.heap->mixed); }
  /// How deep lists, records and the like nest in it: 0 for scalars and texts. A dictionary counts the values
  /// that it had, too. Takes constant time.
  uint32_t depth() const { return holdsValues() ? payload.heap->fact.load(std::memory_order_relaxed) : 0; }
  /// Whether a Str is ASCII, so that its code points are its bytes: looked up in the text at the first
  /// question, known from then on.
  bool isAscii() const;
  /// The byteSize of a text of `size` bytes; of a sequence whose items take `itemBytes` together.
  static constexpr uint64_t textBytes(uint64_t size) {
    constexpr uint64_t head = sizeof(Value) + sizeof(HeapObject);
    return size > UINT64_MAX - head ? UINT64_MAX
                                    : head + size; // callers also ask for sizes that no value has
  }
  static constexpr uint64_t sequenceBytes(uint64_t itemBytes) { return textBytes(itemBytes); }

private:
  Value(ValueKind kind, int64_t number) : tag(kind) { payload.number = number; }
  static Value text_(ValueKind kind, std::string_view text);
  static Value sequence(ValueKind kind, std::span<Value> items);
  bool onHeap() const { return tag >= ValueKind::Whole; }
  bool holdsValues() const { return tag >= ValueKind::List && tag <= ValueKind::Dict; }
  bool isSoleOwner() const {
    // Acquire: another owner's reads before its release happen before writes made now.
    return payload.heap->owners.load(std::memory_order_acquire) == 1;
  }
  void makeRoom(size_t size, size_t elementBytes);
  void makeDictRoom(size_t entries);
  void release() {
    if (payload.heap->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy();
  }
  void destroy();

  ValueKind tag = ValueKind::Empty;
  union {
    int64_t number;
    HeapObject *heap;
  } payload{};
};
static_assert(sizeof(Value) == 16);

/// Deep equality; f64 compare as in IEEE 754 (nan differs from itself), JSON numbers by value whatever their
/// kind, JSON objects and dictionaries whatever the order of their keys. Both must have one type.
bool equalValues(const Value &a, const Value &b);
/// A total order over values of one type: numbers by value (nan last), text by bytes, sequences by their
/// items, JSON by kind first.
int compareValues(const Value &a, const Value &b);
/// A hash that is the same for equal values. Differs between processes, so that no one can choose values that
/// share one: not for files.
uint64_t hashValue(const Value &v);
/// The value of an attribute (`const`): scalars, strings, durations, lists; dictionaries as records, JSON
/// objects and `dict`; a bare key as `none`, also for an option. Any other literal for an option is its
/// content. `type` is the wanted type. Empty if the attribute does not fit it.
Value valueOfAttr(const ConstantView &view, AttrId attr, TypeId type);
/// The same for type `json`, which the pool need not have. Empty where the attribute has no JSON form.
Value jsonOfAttr(const ConstantView &view, AttrId attr);

} // namespace xcs
