#include "xcs/Ops/Kernel.h"
#include <array>

using namespace xcs;

namespace {

// Filled by code, not in row order: World and Control operations have their kernels elsewhere and stay null.
constexpr std::array<Kernel, opCodeCount> makeKernelTable() {
  std::array<Kernel, opCodeCount> table{};
#define XCS_PURE_OP(id, ...) table[static_cast<size_t>(OpCode::id)] = kernels::id;
#define XCS_WORLD_OP(...)
#define XCS_CONTROL_OP(...)
#include "xcs/Ops/Ops.def"
  return table;
}
constexpr std::array<Kernel, opCodeCount> kernelTable = makeKernelTable();

// Preorder nodes of the operands come before those of the results.
consteval bool namesUntypedOperand(const SignatureText &signature) {
  size_t end = signature.results().empty() ? signature.nodeCount : signature.results()[0].firstNode;
  for (size_t i = 0; i < end; ++i)
    if (signature.nodes[i].form == SignatureNode::Form::Any ||
        signature.nodes[i].form == SignatureNode::Form::AnyRecord)
      return true;
  return false;
}

constexpr bool typeReaders[] = {
#define XCS_OP(id, name, signature, ...) namesUntypedOperand(signature),
#include "xcs/Ops/Ops.def"
};

} // namespace

bool KernelCall::flagAttr(size_t row) const {
  if (!hasAttr(row))
    return false;
  return constants.attr(attributes[row]).kind == AttrKind::Unit || constants.boolAttr(attributes[row]);
}

// Rows of type f64 also accept whole numbers.
double KernelCall::floatAttr(size_t row) const {
  if (constants.attr(attributes[row]).kind == AttrKind::I64)
    return static_cast<double>(constants.intAttr(attributes[row]));
  return constants.floatAttr(attributes[row]);
}

bool KernelCall::fail(Diag id, std::initializer_list<std::string_view> arguments) {
  error.id = id;
  error.message = formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()});
  return false;
}

Kernel xcs::kernelOf(OpCode code) { return kernelTable[static_cast<size_t>(code)]; }

bool xcs::readsOperandTypes(OpCode code) { return typeReaders[static_cast<size_t>(code)]; }
