#pragma once
#include "xcs/Ops/OpTable.h"
#include <functional>
#include <string>

namespace xcs {

class ConstantPool;

// Whether operands, results and attributes fit the row of an operation. The verifiers of the IR and of plans
// use the same functions, so that kernels may rely on both. Thread safety: all are pure.

/// The types bound to the variables T and U of a signature so far.
struct TypeBindings {
  TypeId variable[2];
};

/// The nodes of one parameter of a signature.
std::span<const SignatureNode> nodesOf(const SignatureText &signature, const SignatureParam &param);
/// The parameter that operand or result `i` belongs to; the last one may match many.
inline const SignatureParam &paramAt(std::span<const SignatureParam> params, size_t i) {
  return params[i < params.size() ? i : params.size() - 1];
}
/// How many operands or results a list of parameters accepts.
struct ParamCount {
  size_t least, most; // most: SIZE_MAX if unbounded
  bool allows(size_t count) const { return count >= least && count <= most; }
};
ParamCount countOf(std::span<const SignatureParam> params);
/// Whether a type matches a parameter; binds T and U at their first use.
bool matchesType(const ConstantView &view, std::span<const SignatureNode> nodes, TypeId type,
                 TypeBindings &bound);
/// The type that the nodes describe. `leafType` gives the type of a node that no other follows as its part: a
/// scalar, a variable, `any`, a list of anything; it is asked from right to left, and told whether it is the
/// key of a dictionary. None if it gives none, or a key that no dictionary may have.
TypeId typeOfNodes(ConstantPool &pool, std::span<const SignatureNode> nodes,
                   const std::function<TypeId(const SignatureNode &, bool isKey)> &leafType);
/// What the nodes describe, as in a signature; `variableText` gives the text of a variable.
std::string textOfNodes(std::span<const SignatureNode> nodes,
                        const std::function<std::string(uint8_t variable)> &variableText);
/// Whether operands and results have the right number and types as far as the signature says.
bool fitsSignature(const ConstantView &view, const SignatureText &signature, std::span<const TypeId> operands,
                   std::span<const TypeId> results);

/// Whether an attribute has the type that its row requires.
bool fitsAttrType(const ConstantView &view, AttrId attr, AttrType type);

class PreparedAttrs;

/// Checks what a signature cannot express about a pure or world operation: the fields of records, that a
/// constant fits its type, that a pattern or schema is valid (`prepared` keeps the result of parsing it).
/// `attributes` has one value per row of the operation, none if not given. Operands and results must fit the
/// signature. Returns the rule that is violated, such as "has no field of that name"; empty if none is.
std::string_view violatedTypeRule(const ConstantView &view, OpCode code, std::span<const TypeId> operands,
                                  std::span<const TypeId> results, std::span<const AttrId> attributes,
                                  PreparedAttrs &prepared);
/// Whether an operation has type rules at all.
bool hasTypeRule(OpCode code);

} // namespace xcs
