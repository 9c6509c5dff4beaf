#include "xcs/Ops/Fold.h"
#include <numeric>

using namespace xcs;

bool xcs::foldPure(OpCode code, const ConstantView &view, std::span<const Value> operands,
                   std::span<const TypeId> operandTypes, std::span<const AttrId> attributes,
                   TypeId resultType, const Limits &limits, Value &out, OpError &error) {
  Kernel kernel = kernelOf(code);
  if (!kernel)
    return false;
  // The same frame as in the executor: the operands, followed by the result.
  std::vector<Value> slots(operands.begin(), operands.end());
  slots.emplace_back();
  std::vector<uint32_t> operandSlots(operands.size());
  std::iota(operandSlots.begin(), operandSlots.end(), 0u);
  KernelCall call(view, limits);
  call.code = code;
  call.slots = slots.data();
  call.operandSlots = operandSlots.data();
  call.operandTypes = operandTypes.data();
  call.attributes = attributes.data();
  call.operandCount = static_cast<uint32_t>(operands.size());
  call.resultSlot = call.operandCount;
  call.resultType = resultType;
  if (!kernel(call)) {
    error = std::move(call.error);
    return false;
  }
  out = std::move(slots.back());
  return true;
}
