#pragma once
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <atomic>
#include <string>

namespace xcs {

class PreparedAttrs;

/// The error of one operation at run time: its diagnostic row, the finished message, and which attempt it was
/// (from 1).
struct OpError {
  Diag id{};
  std::string message;
  int64_t attempt = 1;
};

/// One execution of a pure operation: reads operands, writes results. The slots belong to the caller.
/// Operands and results are slot indices, so the executor, the compile-time folder and fused chains call the
/// same code without moving values. Thread safety: one thread.
class KernelCall {
public:
  KernelCall(const ConstantView &constants, const Limits &limits) : constants(constants), limits(limits) {}

  const ConstantView &constants;
  const Limits &limits;
  OpCode code{};
  Value *slots = nullptr;
  const uint32_t *operandSlots = nullptr;
  const TypeId *operandTypes = nullptr; // one per operand; may be null unless readsOperandTypes(code)
  const AttrId *attributes = nullptr;   // one per row of the op; none if not given
  const std::atomic<uint32_t> *readsLeft = nullptr; // by slot, including this call's; null if unknown
  uint32_t operandCount = 0;
  uint32_t resultSlot = 0; // results are contiguous from here
  TypeId resultType;
  const PreparedAttrs *prepared = nullptr; // of the plan; null if nothing was prepared

  const Value &operand(size_t i) const { return slots[operandSlots[i]]; }
  /// An operand that is not read after this call. The kernel may take it apart or move from it, once nothing
  /// can fail any more. Null for any other operand.
  Value *lastRead(size_t i) const {
    // Acquire: earlier readers have finished with it.
    bool last = readsLeft && readsLeft[operandSlots[i]].load(std::memory_order_acquire) == 1;
    return last ? &slots[operandSlots[i]] : nullptr;
  }
  void setResult(Value &&v, size_t i = 0) { slots[resultSlot + i] = std::move(v); }

  bool hasAttr(size_t row) const { return attributes[row].valid(); }
  std::string_view textAttr(size_t row) const { return constants.textAttr(attributes[row]); }
  int64_t intAttr(size_t row) const { return constants.intAttr(attributes[row]); }
  /// Whether a flag is set: given without a value, or given as true.
  bool flagAttr(size_t row) const;
  /// A number attribute; integers are converted.
  double floatAttr(size_t row) const;

  OpError error; // set by fail()
  /// Records the error and returns false, for `return call.fail(...)`.
  bool fail(Diag id, std::initializer_list<std::string_view> arguments = {});
};

/// Executes a pure operation; false if it failed, with `call.error` set.
using Kernel = bool (*)(KernelCall &call);

/// The kernel of a pure operation; null for World and Control ones.
Kernel kernelOf(OpCode code);
/// Whether the kernel inspects the types of its operands: those whose signature has an operand of type `any`
/// or `record`.
bool readsOperandTypes(OpCode code);

namespace kernels {
#define XCS_PURE_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)                \
  bool id(KernelCall &call);
#define XCS_WORLD_OP(...)
#define XCS_CONTROL_OP(...)
#include "xcs/Ops/Ops.def"
} // namespace kernels

} // namespace xcs
