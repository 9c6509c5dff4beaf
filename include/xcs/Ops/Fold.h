#pragma once
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Kernel.h"

namespace xcs {

/// Carries out a pure operation at compile time, with the kernel that also runs. `attributes` has one id a
/// row of the operation, none where it was not given; operands, types and attributes must fit the row
/// (SignatureMatch.h). False when the operation fails, and for operations that are not pure. `limits` bounds
/// the result: give a small Limit::ValueBytes, so that `list.range` of a million numbers stays an operation.
bool foldPure(OpCode code, const ConstantView &view, std::span<const Value> operands,
              std::span<const TypeId> operandTypes, std::span<const AttrId> attributes, TypeId resultType,
              const Limits &limits, Value &out, OpError &error);

/// The literal that `const` needs to make this value of that type: valueOfAttr read backwards. None for what
/// has no literal: bytes, secrets, results, JSON null, options without a value in a list, JSON objects with
/// keys that are no identifiers.
AttrId attrOfValue(ConstantPool &pool, const Value &value, TypeId type);

} // namespace xcs
