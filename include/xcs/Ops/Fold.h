#pragma once
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Kernel.h"

namespace xcs {

/// Executes a pure operation at compile time, with the kernel used at run time. `attributes` has one id per
/// row of the operation, none if not given. Operands, types and attributes must fit the row
/// (SignatureMatch.h). False if the operation fails or is not pure. `limits` bounds the result: pass a small
/// Limit::ValueBytes, so that `list.range` of a million numbers stays an operation.
bool foldPure(OpCode code, const ConstantView &view, std::span<const Value> operands,
              std::span<const TypeId> operandTypes, std::span<const AttrId> attributes, TypeId resultType,
              const Limits &limits, Value &out, OpError &error);

/// The literal from which `const` makes this value of that type; the inverse of valueOfAttr. None for values
/// without a literal: bytes, secrets, results, JSON null, options without a value in a list, JSON objects
/// with keys that are not identifiers.
AttrId attrOfValue(ConstantPool &pool, const Value &value, TypeId type);

} // namespace xcs
