#include "xcs/Ops/Value.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <cstring>
#include <new>

// A value on the heap is one block: the HeapObject, and behind it its text or its items. Blocks are written
// once, by the thread that makes them, and then shared by counting owners; the last one to let go frees them.

namespace xcs {

namespace {

// What the bit fields of HeapObject hold.
constexpr uint64_t mostBytes = (uint64_t(1) << 48) - 1, mostDepth = UINT16_MAX;

Value *itemsOf(HeapObject *heap) { return reinterpret_cast<Value *>(heap + 1); }

HeapObject *allocate(size_t size, size_t contentBytes) {
  assert(size <= UINT32_MAX && "value-bytes is checked before a value is made");
  return new (::operator new(sizeof(HeapObject) + contentBytes)) HeapObject(static_cast<uint32_t>(size));
}

/// Sums up what the items have counted of themselves. Nobody walks a value to learn its size: with shared
/// parts that could take longer than any run (`%b = list.pack(%a, %a)` thirty times over names 2^30
/// elements).
void measure(HeapObject *heap) {
  uint64_t bytes = Value::sequenceBytes(0), depth = 0;
  for (const Value &item : std::span(itemsOf(heap), heap->size)) {
    bytes = std::min(bytes + item.byteSize(), mostBytes);
    depth = std::max<uint64_t>(depth, item.depth());
  }
  heap->bytes = bytes;
  heap->depth = std::min(depth + 1, mostDepth);
}

} // namespace

Value Value::unwritten(ValueKind kind, size_t size, char *&content) {
  assert(kind == ValueKind::Str || kind == ValueKind::Bytes || kind == ValueKind::Secret);
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
  measure(heap);
  Value v(kind, 0);
  v.payload.heap = heap;
  return v;
}

Value Value::error(std::string_view kind, std::string_view message, std::string_view op, int64_t attempt) {
  Value parts[] = {str(kind), str(message), str(op), i64(attempt)};
  return sequence(ValueKind::ResultError, parts);
}

// Acquire: what another owner read before it let go happened before what is written now.
Value *Value::uniqueItems() {
  if ((tag != ValueKind::List && tag != ValueKind::Record) ||
      payload.heap->owners.load(std::memory_order_acquire) != 1)
    return nullptr;
  return itemsOf(payload.heap);
}

void Value::remeasure() {
  assert(holdsValues() && payload.heap->owners.load(std::memory_order_relaxed) == 1);
  measure(payload.heap);
}

// Frees depth first with a stack of its own, one frame a level and not one an item: the deepest value takes
// little memory, and a list of a million lists takes no more.
void Value::destroy() {
  struct Frame {
    HeapObject *heap;
    uint32_t next;
  };
  if (!holdsValues()) {
    ::operator delete(payload.heap);
    return;
  }
  llvm::SmallVector<Frame, 8> open{{payload.heap, 0}};
  while (!open.empty()) {
    Frame &frame = open.back();
    if (frame.next == frame.heap->size) {
      ::operator delete(frame.heap);
      open.pop_back();
      continue;
    }
    Value &item = itemsOf(frame.heap)[frame.next++];
    if (!item.onHeap() || item.payload.heap->owners.fetch_sub(1, std::memory_order_acq_rel) != 1)
      continue;
    if (item.holdsValues())
      open.push_back({item.payload.heap, 0});
    else
      ::operator delete(item.payload.heap);
  }
}

} // namespace xcs
