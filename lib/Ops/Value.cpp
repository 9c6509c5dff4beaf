#include "xcs/Ops/Value.h"
#include "Ops/KeyTable.h"
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
constexpr uint64_t mostBytes = (uint64_t(1) << 45) - 1, mostDepth = UINT16_MAX;

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

// A dictionary has room for the next power of two of entries, or for the one after it: then entries that are
// put and removed by turns move no others. Behind that room are the cells of its KeyTable, two an entry; a
// small one has none and is searched from its first entry.
constexpr size_t searchedEntries = 8;
size_t dictRoom(size_t entries) { return std::bit_ceil(entries); }
size_t cellCount(size_t room) { return room > searchedEntries ? 2 * room : 0; }
size_t dictBytes(size_t room) { return room * 2 * sizeof(Value) + cellCount(room) * sizeof(uint64_t); }
std::span<uint64_t> cellsAt(HeapObject *heap, size_t room) {
  return {reinterpret_cast<uint64_t *>(itemsOf(heap) + 2 * room), cellCount(room)};
}
size_t roomOf(const HeapObject *heap) { return dictRoom(heap->size / 2) << heap->roomy; }
std::span<uint64_t> cellsOf(HeapObject *heap) { return cellsAt(heap, roomOf(heap)); }
/// Gives a dictionary its number of entries; its block stays.
void setEntries(HeapObject *heap, size_t count, size_t room) {
  heap->size = static_cast<uint32_t>(2 * count);
  heap->roomy = dictRoom(count) != room;
}

/// The number of the entry with that key, of so many; KeyTable::absent if there is none. `hash` becomes the
/// key's where there are cells.
uint32_t findEntry(const Value *items, uint32_t count, std::span<uint64_t> cells, const Value &key,
                   uint32_t &hash) {
  if (!cells.empty()) {
    hash = hashKey(key);
    return KeyTable(cells).find(hash, [&](uint32_t i) { return equalKeys(items[2 * i], key); });
  }
  for (uint32_t i = 0; i < count; ++i)
    if (equalKeys(items[2 * i], key))
      return i;
  return KeyTable::absent;
}
uint32_t findEntry(HeapObject *heap, const Value &key, uint32_t &hash) {
  return findEntry(itemsOf(heap), heap->size / 2, cellsOf(heap), key, hash);
}

void freeBlock(HeapObject *heap, size_t elementBytes) {
  if (heap->keyed) {
    countBlock(-static_cast<int64_t>(sizeof(HeapObject) + dictBytes(roomOf(heap))));
    return ::operator delete(heap);
  }
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

/// A block with room for so many entries that takes over the first `kept` of another one, whose cells are
/// `before`, and what is known of them. The old one is to be freed as it is.
static HeapObject *moveEntries(HeapObject *old, size_t kept, std::span<uint64_t> before, size_t entries) {
  const size_t room = dictRoom(entries);
  HeapObject *made = allocate(2 * kept, dictBytes(room));
  made->keyed = true;
  setEntries(made, kept, room);
  made->mixed = old->mixed;
  made->bytes = old->bytes;
  made->fact.store(old->fact.load(std::memory_order_relaxed), std::memory_order_relaxed);
  std::memcpy(static_cast<void *>(made + 1), old + 1, kept * 2 * sizeof(Value));
  const std::span<uint64_t> cells = cellsAt(made, room);
  std::fill(cells.begin(), cells.end(), 0);
  if (!cells.empty() && !before.empty())
    KeyTable(cells).insertAll(before);
  else if (!cells.empty())
    for (uint32_t i = 0; i < kept; ++i)
      KeyTable(cells).insert(hashKey(itemsOf(made)[2 * i]), i);
  return made;
}

/// Gives a dictionary with one owner a block of the right size for so many entries, and drops those beyond.
void Value::makeDictRoom(size_t entries) {
  HeapObject *old = payload.heap;
  payload.heap = moveEntries(old, std::min<size_t>(entries, old->size / 2), cellsOf(old), entries);
  freeBlock(old, sizeof(Value));
}

// The block is made for entries that all differ, as most do, and once more if some do not.
Value Value::dict(std::span<Value> keysAndValues) {
  const size_t most = keysAndValues.size() / 2;
  HeapObject *heap = allocate(2 * most, dictBytes(dictRoom(most)));
  heap->keyed = true;
  heap->bytes = sequenceBytes(0);
  heap->fact.store(1, std::memory_order_relaxed);
  const std::span<uint64_t> cells = cellsOf(heap);
  std::fill(cells.begin(), cells.end(), 0);
  Value *entries = itemsOf(heap);
  uint32_t count = 0;
  for (size_t i = 0; i < 2 * most; i += 2) {
    uint32_t hash = 0;
    const uint32_t at = findEntry(entries, count, cells, keysAndValues[i], hash);
    if (at != KeyTable::absent) {
      entries[2 * at + 1] = std::move(keysAndValues[i + 1]);
      continue;
    }
    new (entries + 2 * count) Value(std::move(keysAndValues[i]));
    new (entries + 2 * count + 1) Value(std::move(keysAndValues[i + 1]));
    if (!cells.empty())
      KeyTable(cells).insert(hash, count);
    ++count;
  }
  addFacts(heap, {entries, size_t(2) * count});
  if (dictRoom(count) != dictRoom(most)) {
    HeapObject *smaller = moveEntries(heap, count, cells, count);
    freeBlock(heap, sizeof(Value));
    heap = smaller;
  }
  heap->size = 2 * count;
  Value v(ValueKind::Dict, 0);
  v.payload.heap = heap;
  return v;
}

Value Value::copyDict() const {
  HeapObject *from = payload.heap;
  const size_t room = dictRoom(from->size / 2);
  HeapObject *heap = allocate(from->size, dictBytes(room));
  heap->keyed = true; // and not roomy
  heap->mixed = from->mixed;
  heap->bytes = from->bytes;
  heap->fact.store(from->fact.load(std::memory_order_relaxed), std::memory_order_relaxed);
  std::uninitialized_copy_n(itemsOf(from), from->size, itemsOf(heap));
  const std::span<uint64_t> before = cellsOf(from), cells = cellsOf(heap);
  if (!from->roomy) {
    std::copy(before.begin(), before.end(), cells.begin());
  } else if (!cells.empty()) {
    std::fill(cells.begin(), cells.end(), 0);
    KeyTable(cells).insertAll(before);
  }
  Value v(ValueKind::Dict, 0);
  v.payload.heap = heap;
  return v;
}

const Value *Value::find(const Value &key) const {
  assert(tag == ValueKind::Dict);
  uint32_t hash;
  const uint32_t at = findEntry(payload.heap, key, hash);
  return at == KeyTable::absent ? nullptr : &itemsOf(payload.heap)[2 * at + 1];
}

bool Value::putEntry(const Value &key, Value value) {
  assert(tag == ValueKind::Dict);
  if (!isSoleOwner())
    return false;
  uint32_t hash = 0;
  if (const uint32_t at = findEntry(payload.heap, key, hash); at != KeyTable::absent) {
    Value &item = itemsOf(payload.heap)[2 * at + 1];
    payload.heap->bytes -= std::min<uint64_t>(payload.heap->bytes, item.byteSize());
    addFacts(payload.heap, {&value, 1});
    item = std::move(value);
    return true;
  }
  const size_t count = payload.heap->size / 2;
  if (const size_t room = roomOf(payload.heap); count == room) {
    makeDictRoom(count + 1);
    if (cellCount(room) == 0 && !cellsOf(payload.heap).empty())
      hash = hashKey(key);
  }
  HeapObject *heap = payload.heap;
  Value *entry = itemsOf(heap) + 2 * count;
  new (entry) Value(key);
  new (entry + 1) Value(std::move(value));
  setEntries(heap, count + 1, roomOf(heap));
  addFacts(heap, {entry, 2});
  if (std::span<uint64_t> cells = cellsOf(heap); !cells.empty())
    KeyTable(cells).insert(hash, static_cast<uint32_t>(count));
  return true;
}

bool Value::removeEntry(const Value &key) {
  assert(tag == ValueKind::Dict);
  if (!isSoleOwner())
    return false;
  uint32_t hash = 0;
  const uint32_t at = findEntry(payload.heap, key, hash);
  if (at == KeyTable::absent)
    return true;
  HeapObject *heap = payload.heap;
  const size_t count = heap->size / 2;
  if (std::span<uint64_t> cells = cellsOf(heap); !cells.empty())
    KeyTable(cells).remove(hash, at, at + 1 == count);
  Value *entry = itemsOf(heap) + 2 * at;
  heap->bytes -= std::min<uint64_t>(heap->bytes, entry[0].byteSize() + entry[1].byteSize());
  entry[0].~Value();
  entry[1].~Value();
  std::memmove(static_cast<void *>(entry), entry + 2, (count - at - 1) * 2 * sizeof(Value));
  if (const size_t room = roomOf(heap); room > 2 * dictRoom(count - 1))
    makeDictRoom(count - 1);
  else
    setEntries(heap, count - 1, room);
  return true;
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
