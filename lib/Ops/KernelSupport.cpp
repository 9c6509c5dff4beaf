#include "Ops/KernelSupport.h"
#include "Ops/JsonSupport.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>

// Every kernel proceeds in this order: check the operands, fail with a row of the table, ask mayAllocate,
// then allocate. So a rejected value has cost nothing, however large it would have been.

namespace xcs::kernels {

bool exceeds(KernelCall &call, Limit limit, uint64_t needed) {
  return failWithLimit(call.error, call.limits, limit, "a value made by `" + std::string(opName(call)) + "`",
                       needed);
}

bool mayAllocate(KernelCall &call, uint64_t bytes) {
  // Sizes of texts and lists have 32 bits, so no limit exceeds 4 GiB.
  if (bytes > std::min<uint64_t>(call.limits[Limit::ValueBytes], UINT32_MAX)) [[unlikely]]
    return exceeds(call, Limit::ValueBytes, bytes <= UINT32_MAX ? bytes : 0);
  if (Value::bytesAlive() + bytes > call.limits[Limit::RunBytes]) [[unlikely]]
    return exceeds(call, Limit::RunBytes);
  return true;
}

bool returnIndex(KernelCall &call, size_t index) {
  return returnValue(call, index == std::string_view::npos
                               ? Value::optionNone()
                               : Value::some(Value::i64(static_cast<int64_t>(index))));
}

namespace {

bool outside(KernelCall &call, int64_t index, size_t size, std::string_view what) {
  return call.fail(Diag::IndexOutOfRange, {std::to_string(index), what, std::to_string(size)});
}

} // namespace

bool sliceRange(KernelCall &call, size_t size, std::string_view what, size_t &first, size_t &last) {
  int64_t from = call.operand(1).asI64();
  int64_t to = call.operandCount > 2 ? call.operand(2).asI64() : static_cast<int64_t>(size);
  // Both ends may be one past the last element.
  if (from < 0 || static_cast<uint64_t>(from) > size)
    return outside(call, from, size, what);
  if (to < 0 || static_cast<uint64_t>(to) > size)
    return outside(call, to, size, what);
  if (to < from)
    return call.fail(
        Diag::BadArgument,
        {"the end", opName(call), "not be below the start " + std::to_string(from), std::to_string(to)});
  first = static_cast<size_t>(from);
  last = static_cast<size_t>(to);
  return true;
}

bool indexOperand(KernelCall &call, size_t i, size_t size, std::string_view what, size_t &index) {
  int64_t asked = call.operand(i).asI64();
  if (static_cast<uint64_t>(asked) >= size) [[unlikely]] // negative ones become huge
    return outside(call, asked, size, what);
  index = static_cast<size_t>(asked);
  return true;
}

bool countOperand(KernelCall &call, size_t i, int64_t least, std::string_view what, uint64_t &count) {
  int64_t asked = call.operand(i).asI64();
  if (asked < least)
    return call.fail(Diag::BadArgument,
                     {what, opName(call), "be at least " + std::to_string(least), std::to_string(asked)});
  count = static_cast<uint64_t>(asked);
  return true;
}

bool concatTexts(KernelCall &call, ValueKind kind) {
  uint64_t total = 0;
  llvm::SmallVector<std::string_view, 8> parts;
  for (size_t i = 0; i < call.operandCount; ++i) {
    parts.push_back(call.operand(i).text());
    total += parts.back().size();
  }
  if (!mayAllocate(call, Value::textBytes(total)))
    return false;
  if (growFirst(call, [](Value &to, const Value &part) { return to.appendText(part.text()); }))
    return true;
  return returnValue(call, joinTexts(kind, total, parts));
}

} // namespace xcs::kernels
