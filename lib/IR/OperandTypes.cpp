#include "xcs/IR/OperandTypes.h"
#include <algorithm>

using namespace xcs;

std::optional<TypeKind> xcs::kindOfLiteral(AttrKind literal) {
  switch (literal) {
  case AttrKind::Bool:
    return TypeKind::Bool;
  case AttrKind::I64:
    return TypeKind::I64;
  case AttrKind::F64:
    return TypeKind::F64;
  case AttrKind::Str:
    return TypeKind::Str;
  case AttrKind::Duration:
    return TypeKind::Duration;
  case AttrKind::Unit:
  case AttrKind::Symbol:
  case AttrKind::Type:
  case AttrKind::List:
  case AttrKind::Dict:
  case AttrKind::Secret:
  case AttrKind::Env:
    return std::nullopt;
  }
  return std::nullopt;
}

/// What the region of an operation yields, for its terminator.
void OperandTypes::takeYields(const ComputationGraph &graph, OpId op) {
  const OpId owner = graph.region(graph.operation(op).parent).parent;
  const RegionForm *form = owner ? regionForm(graph.operation(owner).code) : nullptr;
  if (!form)
    return;
  operandTypes.clear();
  resultTypes.clear();
  for (ValueRef v : graph.operands(owner))
    operandTypes.push_back(v.index < graph.valueCount() ? graph.type(v) : TypeId());
  for (ValueRef v : graph.results(owner))
    resultTypes.push_back(graph.type(v));
  regionTypes.set(view, *form, operandTypes, resultTypes);
  for (const YieldedType &yielded : regionTypes.yields)
    exact.push_back(yielded.type); // none for a key, which any scalar may be
  if (form->gives == RegionGives::Decision)
    row = &rowOf(OpCode::core_continue).signature;
}

/// Each operand that is passed in has a result, of its type or a list of it.
void OperandTypes::takeCarried(const ComputationGraph &graph, OpId op, const RegionForm &form) {
  exact.resize(form.firstCarried());
  for (ValueRef v : graph.results(op)) {
    const TypeId type = graph.type(v);
    const bool isList = exists(type) && view.kind(type) == TypeKind::List;
    exact.push_back(!form.gathers ? type : isList ? view.element(type) : TypeId());
  }
}

/// `record.with`: the type of the field that it names.
void OperandTypes::takeField(const ComputationGraph &graph, OpId op) {
  const AttrId field = view.find(graph.operation(op).attributes, Attribute::field);
  const TypeId record = graph.operation(op).resultCount == 1 ? graph.type(graph.results(op)[0]) : TypeId();
  if (!field || view.attr(field).kind != AttrKind::Str || !exists(record))
    return;
  for (const TypeField &each : view.fields(record))
    if (each.name && view.text(each.name) == view.textAttr(field))
      exact = {TypeId(), each.type};
}

/// `dict.make` and `list.flat`: the parts of their result.
void OperandTypes::takeParts(const ComputationGraph &graph, OpId op) {
  const Operation &operation = graph.operation(op);
  const TypeId result = operation.resultCount == 1 ? graph.type(graph.results(op)[0]) : TypeId();
  if (!exists(result))
    return;
  if (operation.code == OpCode::dict_make && view.kind(result) == TypeKind::Dict)
    for (size_t i = 0; i < operation.operandCount; ++i)
      exact.push_back(i % 2 ? view.valueType(result) : view.keyType(result));
  // A literal is an element: there are none of lists and options.
  if (operation.code == OpCode::list_flat && view.kind(result) == TypeKind::List)
    exact.assign(operation.operandCount, view.element(result));
}

void OperandTypes::takeRow(const ComputationGraph &graph, OpId op, IsLiteral isLiteral) {
  row = &rowOf(graph.operation(op).code).signature;
  const auto match = [&](std::span<const SignatureParam> params, size_t i, TypeId type) {
    TypeBindings tried = bound;
    if (params.empty() || !exists(type) || !matchesType(view, nodesOf(*row, paramAt(params, i)), type, tried))
      return;
    bound = tried;
  };
  for (size_t i = 0; i < graph.operation(op).resultCount; ++i)
    match(row->results(), i, graph.type(graph.results(op)[i]));
  const std::span<const ValueRef> operands = graph.operands(op);
  for (size_t i = 0; i < operands.size(); ++i)
    if (operands[i].index < graph.valueCount() && !isLiteral(operands[i]))
      match(row->operands(), i, graph.type(operands[i]));
}

void OperandTypes::enter(const Function &function, OpId op, IsLiteral isLiteral) {
  view = module.pool.view();
  exact.clear();
  row = nullptr;
  bound = {};
  const ComputationGraph &graph = function.graph;
  const Operation &operation = graph.operation(op);
  const RegionForm *form = regionForm(operation.code);
  if (operation.code == OpCode::core_return) {
    exact = function.resultTypes;
  } else if (isTerminator(operation.code)) {
    takeYields(graph, op);
  } else if (operation.code == OpCode::core_call) {
    if (const Function *callee = module.findFunction(operation.symbol))
      for (ValueRef parameter : callee->graph.arguments(callee->body))
        exact.push_back(callee->graph.type(parameter));
  } else if (operation.code == OpCode::record_make) {
    if (operation.resultCount == 1 && exists(graph.type(graph.results(op)[0])))
      for (const TypeField &field : view.fields(graph.type(graph.results(op)[0])))
        exact.push_back(field.type);
  } else {
    if (form && form->takesCarried)
      takeCarried(graph, op, *form);
    else if (operation.code == OpCode::record_with)
      takeField(graph, op);
    else
      takeParts(graph, op);
    takeRow(graph, op, isLiteral);
  }
}

OperandTypes::Wanted OperandTypes::of(size_t operand) const {
  if (operand < exact.size() && exists(exact[operand]))
    return {exact[operand], {}};
  if (!row || row->operands().empty())
    return {};
  return {TypeId(), nodesOf(*row, paramAt(row->operands(), operand))};
}

/// Whether a type has a part that nothing decides.
bool OperandTypes::isOpen(std::span<const SignatureNode> nodes) const {
  return std::any_of(nodes.begin(), nodes.end(), [&](const SignatureNode &node) {
    switch (node.form) {
    case SignatureNode::Form::Any:
    case SignatureNode::Form::AnyRecord:
      return true;
    case SignatureNode::Form::Variable:
      return !bound.variable[node.variable];
    case SignatureNode::Form::Exact:
      return node.kind >= TypeKind::List && &node == &nodes.back(); // `list`: of anything
    }
    return true;
  });
}

bool OperandTypes::isFree(const Wanted &wanted) const {
  if (wanted.type)
    return false;
  return wanted.nodes.empty() || wanted.nodes[0].form == SignatureNode::Form::Any ||
         (wanted.nodes[0].form == SignatureNode::Form::Variable && isOpen(wanted.nodes));
}

bool OperandTypes::isExactly(const Wanted &wanted, TypeId type) const {
  if (wanted.type || wanted.nodes.empty())
    return wanted.type == type;
  TypeBindings tried = bound;
  return !isOpen(wanted.nodes) && matchesType(view, wanted.nodes, type, tried);
}

TypeId OperandTypes::typeOf(const Wanted &wanted, ConstantPool &pool) const {
  if (wanted.type || wanted.nodes.empty() || isOpen(wanted.nodes))
    return wanted.type;
  return typeOfNodes(pool, wanted.nodes, [&](const SignatureNode &leaf, bool) {
    return leaf.form == SignatureNode::Form::Variable ? bound.variable[leaf.variable]
                                                      : pool.scalar(leaf.kind);
  });
}

void OperandTypes::bind(const Wanted &wanted, TypeId type) {
  if (!wanted.type && wanted.nodes.size() == 1 && wanted.nodes[0].form == SignatureNode::Form::Variable)
    bound.variable[wanted.nodes[0].variable] = type;
}

std::string OperandTypes::text(const Wanted &wanted, TypeTexts &texts) const {
  if (wanted.type)
    return texts.of(wanted.type);
  return textOfNodes(wanted.nodes, [&](uint8_t variable) -> std::string {
    if (const TypeId type = bound.variable[variable])
      return texts.of(type);
    return variable == 0 ? "T" : "U";
  });
}
