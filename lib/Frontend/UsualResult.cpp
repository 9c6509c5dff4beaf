#include "Frontend/CallShape.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;

/// The type that a parameter of a signature describes, with the variables that the operands have bound. None
/// if that leaves it open.
static TypeId typeOf(ConstantPool &pool, std::span<const SignatureNode> nodes, const TypeBindings &bound) {
  return typeOfNodes(pool, nodes, [&](const SignatureNode &node, bool) {
    if (node.form == SignatureNode::Form::Variable)
      return bound.variable[node.variable];
    const bool isScalar = node.form == SignatureNode::Form::Exact && node.kind < TypeKind::List;
    return isScalar ? pool.scalar(node.kind) : TypeId();
  });
}

static TypeId recordOf(ConstantPool &pool, std::initializer_list<std::pair<std::string_view, TypeId>> named) {
  std::vector<TypeField> fields;
  for (const auto &[name, type] : named)
    fields.push_back({pool.intern(name), type});
  return pool.record(fields);
}

/// The type of the field that the attribute `field` names.
static TypeId fieldType(const ConstantPool &pool, std::span<const TypeId> operands,
                        std::span<const Builder::Attr> attributes) {
  const ConstantView view = pool.view();
  if (operands.empty() || view.kind(operands[0]) != TypeKind::Record)
    return {};
  for (const Builder::Attr &attr : attributes)
    if (attr.key == nameOf(Attribute::field) && view.attr(attr.value).kind == AttrKind::Str)
      for (const TypeField &field : view.fields(operands[0]))
        if (view.text(field.name) == view.textAttr(attr.value))
          return field.type;
  return {};
}

static TypeId usualOpenResult(ConstantPool &pool, OpCode code, std::span<const TypeId> operands,
                              std::span<const Builder::Attr> attributes) {
  const TypeId str = pool.scalar(TypeKind::Str), number = pool.scalar(TypeKind::I64);
  if (code == OpCode::model_chat || code == OpCode::ask_human)
    return str;
  if (code == OpCode::host_call)
    return pool.scalar(TypeKind::Json);
  if (code == OpCode::exec_run)
    return recordOf(pool, {{"exit", number}, {"stdout", str}, {"stderr", str}});
  if (code == OpCode::http_request) {
    const TypeId header = recordOf(pool, {{"name", str}, {"value", str}});
    return recordOf(pool, {{"status", number}, {"headers", pool.list(header)}, {"body", str}});
  }
  if (code == OpCode::file_stat)
    return pool.option(
        recordOf(pool, {{"size", number}, {"modified", pool.scalar(TypeKind::Duration)}, {"kind", str}}));
  if (code == OpCode::record_get)
    return fieldType(pool, operands, attributes);
  if (code == OpCode::record_with && !operands.empty())
    return operands[0];
  return {}; // of the others, the caller must say it
}

TypeId xcs::usualResult(ConstantPool &pool, OpCode code, std::span<const TypeId> operands,
                        std::span<const Builder::Attr> attributes) {
  const SignatureText &signature = rowOf(code).signature;
  if (signature.resultCount != 1)
    return {};
  TypeBindings bound;
  for (size_t i = 0; signature.operandCount != 0 && i < operands.size(); ++i)
    (void)matchesType(pool.view(), nodesOf(signature, paramAt(signature.operands(), i)), operands[i], bound);
  if (TypeId type = typeOf(pool, nodesOf(signature, signature.results()[0]), bound))
    return type;
  return usualOpenResult(pool, code, operands, attributes);
}
