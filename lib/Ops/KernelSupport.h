#pragma once
#include "xcs/Ops/Kernel.h"
#include <vector>

// Shared by the kernels of several dialects. Everything here either sets a result and returns true, or sets
// `call.error` and returns false.
namespace xcs::kernels {

inline std::string_view opName(const KernelCall &call) { return rowOf(call.code).name; }

/// Whether a value of that byteSize may be made; to be asked before allocating.
bool mayAllocate(KernelCall &call, uint64_t bytes);
/// Whether the run was stopped; then the error is set. Kernels that may run for more than a few milliseconds
/// check it now and then.
inline bool isStopped(KernelCall &call) {
  if (!call.limits.isStopped()) [[likely]]
    return false;
  call.fail(Diag::Interrupted);
  return true;
}
/// How much of a text is processed between two such checks; a multiple of 12, so that hexadecimal digits and
/// base64 can be cut there.
inline constexpr size_t stopInterval = 12 << 16;
/// The same for bounds other than value-bytes.
bool exceeds(KernelCall &call, Limit limit, uint64_t needed = 0);

inline bool returnValue(KernelCall &call, Value &&v) {
  call.setResult(std::move(v));
  return true;
}
inline bool returnValue(KernelCall &call, const Value &v) { return returnValue(call, Value(v)); }
inline bool returnScalar(KernelCall &call, ValueKind kind, int64_t bits) {
  call.slots[call.resultSlot].becomeScalar(kind, bits);
  return true;
}
inline bool returnBool(KernelCall &call, bool v) { return returnScalar(call, ValueKind::Bool, v); }
inline bool returnI64(KernelCall &call, int64_t v) { return returnScalar(call, ValueKind::I64, v); }
inline bool returnF64(KernelCall &call, double v) {
  return returnScalar(call, ValueKind::F64, __builtin_bit_cast(int64_t, v));
}
inline bool returnDuration(KernelCall &call, int64_t nanoseconds) {
  return returnScalar(call, ValueKind::Duration, nanoseconds);
}
/// The comparison of a sort. Once the run is stopped, all elements compare equal, which ends the sort soon;
/// the standard algorithms used here tolerate that.
template <class Before> auto untilStopped(const KernelCall &call, Before before) {
  return [&limits = call.limits, before](const auto &a, const auto &b) {
    return !limits.isStopped() && before(a, b);
  };
}
/// Returns a list; `items` are moved out.
inline bool returnList(KernelCall &call, std::vector<Value> &items) {
  return returnValue(call, Value::list(items));
}
/// Returns `option<i64>`: none for npos.
bool returnIndex(KernelCall &call, size_t index);

/// The range `[first, last)` given by operands 1 and 2 (default: the end) within something of `size`; `what`
/// is "a list" or the like, for the message.
bool sliceRange(KernelCall &call, size_t size, std::string_view what, size_t &first, size_t &last);
/// Operand `i` as an index below `size`.
bool indexOperand(KernelCall &call, size_t i, size_t size, std::string_view what, size_t &index);
/// Operand `i` as a count of at least `least`; `what` names it in the message.
bool countOperand(KernelCall &call, size_t i, int64_t least, std::string_view what, uint64_t &count);

/// Operand `i`, a text, if the operation has so many, else its attribute in `row`; empty without either.
inline std::string_view textOrAttr(const KernelCall &call, size_t i, size_t row) {
  if (i < call.operandCount)
    return call.operand(i).text();
  return call.hasAttr(row) ? call.textAttr(row) : std::string_view();
}

/// Gives the first operand with all others appended to it, or put into it, in place of a copy, when this call
/// is the last to read it and no one shares it: so a loop that grows or changes a value takes linear time,
/// not quadratic. `append` adds one operand and says whether the value was the only owner. False, with
/// nothing changed, in other cases; what bounds the result is checked before, since the cases differ with the
/// schedule and errors must not.
template <class Append> bool growFirst(KernelCall &call, Append append) {
  Value *grown = call.operandCount > 1 ? call.lastRead(0) : nullptr;
  if (!grown)
    return false;
  for (size_t i = 1; i < call.operandCount; ++i)
    if (!append(*grown, call.operand(i))) // only for the first operand: afterwards there is one owner
      return false;
  return returnValue(call, std::move(*grown));
}

/// Joins texts of one kind (Str or Bytes) into one value; `total` is their total size.
template <class Texts> Value joinTexts(ValueKind kind, size_t total, const Texts &texts) {
  char *at;
  Value joined = Value::unwritten(kind, total, at);
  for (std::string_view text : texts)
    at = std::copy(text.begin(), text.end(), at);
  return joined;
}
/// All operands, texts of one kind, concatenated.
bool concatTexts(KernelCall &call, ValueKind kind);

} // namespace xcs::kernels
