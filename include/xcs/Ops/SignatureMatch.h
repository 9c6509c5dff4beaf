#pragma once
#include "xcs/Ops/OpTable.h"

namespace xcs {

// Whether operands, results and attributes fit the row of an operation. The verifier of the IR and that of
// plans ask the same functions, so that a kernel may trust both. Thread safety: all are pure.

/// What the type variables T and U of a signature stand for so far.
struct TypeBindings {
  TypeId variable[2];
};

/// The nodes of one parameter of a signature.
std::span<const SignatureNode> nodesOf(const SignatureText &signature, const SignatureParam &param);
/// The parameter that operand or result `i` belongs to: the last one may stand for many.
inline const SignatureParam &paramAt(std::span<const SignatureParam> params, size_t i) {
  return params[i < params.size() ? i : params.size() - 1];
}
/// How many operands or results a list of parameters takes.
struct ParamCount {
  size_t least, most; // most: SIZE_MAX when there is no bound
  bool allows(size_t count) const { return count >= least && count <= most; }
};
ParamCount countOf(std::span<const SignatureParam> params);
/// Whether a type is what a parameter asks for; binds T and U at their first use.
bool matchesType(const ConstantView &view, std::span<const SignatureNode> nodes, TypeId type,
                 TypeBindings &bound);
/// Whether operands and results have the right number and types as far as the signature says.
bool fitsSignature(const ConstantView &view, const SignatureText &signature, std::span<const TypeId> operands,
                   std::span<const TypeId> results);

/// Whether an attribute has the type its row asks for.
bool fitsAttrType(const ConstantView &view, AttrId attr, AttrType type);

class PreparedAttrs;

/// What a signature cannot say of a pure or world operation: the fields of records, that a constant fits its
/// type, that a pattern or a schema is one (`prepared` keeps what was made to find out). `attributes` has a
/// value a row of the operation, none where it was not given. Operands and results must fit the signature.
/// The rule that is broken, such as "has no field of that name"; empty when there is none.
std::string_view brokenTypeRule(const ConstantView &view, OpCode code, std::span<const TypeId> operands,
                                std::span<const TypeId> results, std::span<const AttrId> attributes,
                                PreparedAttrs &prepared);
/// Whether brokenTypeRule can break at all for an operation.
bool hasTypeRule(OpCode code);

} // namespace xcs
