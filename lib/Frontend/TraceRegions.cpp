#include "Frontend/Trace.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <set>

using namespace xcs;

template <> struct llvm::GraphTraits<Trace::CallNode *> {
  using NodeRef = Trace::CallNode *;
  using ChildIteratorType = std::vector<NodeRef>::iterator;
  static NodeRef getEntryNode(NodeRef node) { return node; }
  static ChildIteratorType child_begin(NodeRef node) { return node->callees.begin(); }
  static ChildIteratorType child_end(NodeRef node) { return node->callees.end(); }
};

bool xcs::isName(std::string_view name) {
  return !name.empty() && !llvm::isDigit(name[0]) && name[0] != '$' && name[0] != '.' &&
         std::ranges::all_of(name,
                             [](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; });
}

/// The names that the host program gives to a function and its parameters.
void Trace::checkNames(std::string_view symbol, size_t parameters, std::span<const std::string> names,
                       const Origin &at) {
  if (!isName(symbol))
    fail(Diag::NotRecorded, {readableText(symbol), allowedNames}, at);
  if (names.size() > parameters)
    fail(Diag::NotRecorded,
         {readableText(symbol), "it has " + std::to_string(parameters) + " parameters, but names for " +
                                    std::to_string(names.size())},
         at);
  std::set<std::string_view> known;
  for (const std::string &name : names) {
    if (!isName(name))
      fail(Diag::NotRecorded, {readableText(name), allowedNames}, at);
    if (!known.insert(name).second)
      fail(Diag::NotRecorded, {name, "two parameters have the name; give each one of its own"}, at);
  }
}

std::vector<Handle> Trace::beginFunction(std::string_view symbol, std::span<const TypeMaker> parameters,
                                         std::span<const std::string> names,
                                         std::span<const TypeMaker> results, const Origin &at) {
  checkNames(symbol, parameters.size(), names, at);
  std::vector<std::string> parameterNames;
  std::vector<Builder::Parameter> declared;
  for (size_t i = 0; i < parameters.size(); ++i)
    parameterNames.push_back(i < names.size() ? names[i] : "p" + std::to_string(i));
  for (size_t i = 0; i < parameters.size(); ++i)
    declared.push_back({parameterNames[i], typeOf(parameters[i])});
  std::vector<TypeId> resultTypes;
  for (TypeMaker maker : results)
    resultTypes.push_back(typeOf(maker));
  std::string unique(symbol);
  for (unsigned copy = 2; module.lookup(module.pool.intern(unique)); ++copy)
    unique = std::string(symbol) + "." + std::to_string(copy);
  Function &function = addFunction(module, unique, declared, resultTypes);
  nodes.push_back({&function, {}});
  frames.push_back(std::make_unique<Frame>(module, nodes.back()));
  frame().firstScope = static_cast<uint32_t>(scopeIsOpen.size());
  openScope();
  std::vector<Handle> handles;
  for (size_t i = 0; i < parameters.size(); ++i)
    handles.push_back(add(frame().builder.argument(i), declared[i].type));
  return handles;
}

void Trace::endFunction(std::span<const Operand> results, const Origin &at) {
  if (!error)
    setLocation(at);
  std::vector<ValueRef> values;
  if (useAll(results, values, at))
    frame().builder.op(OpCode::core_return, values);
  closeScope();
  frames.pop_back();
  if (frames.empty())
    markCycles();
}

/// Functions that call each other say so, which the text of a program has to.
void Trace::markCycles() {
  const StringId recursive = module.pool.intern(nameOf(Attribute::recursive));
  for (auto group = llvm::scc_begin(&nodes.front()); !group.isAtEnd(); ++group)
    if (group.hasCycle())
      for (CallNode *node : *group)
        node->function->attributes =
            module.pool.withEntry(node->function->attributes, recursive, module.pool.unitAttr());
}

std::vector<Handle> Trace::call(const tracing::Callee &callee, std::span<const Operand> operands,
                                const Origin &at) {
  std::vector<Handle> results(callee.results.size(), mistake());
  if (error)
    return results;
  auto [known, isNew] = callees.try_emplace(callee.identity.get());
  if (isNew) {
    needed.push_back(callee.identity); // so that no other one gets its address
    std::vector<Handle> arguments = beginFunction(callee.name, callee.parameters, {}, callee.results, at);
    frame().function.isPrivate = true;
    callees[callee.identity.get()] = &frame().node;
    std::vector<Operand> returned = callee.body(arguments);
    endFunction(returned, at);
  }
  CallNode &called = *callees[callee.identity.get()];
  uint32_t first = 0;
  const OpId op = record({OpCode::core_call, operands, nullptr, nullptr, at}, callee.results, first);
  if (!op)
    return results;
  frame().function.graph.setSymbol(op, called.function->symbol);
  if (std::vector<CallNode *> &all = frame().node.callees; all.empty() || all.back() != &called)
    all.push_back(&called);
  for (uint32_t i = 0; i < results.size(); ++i)
    results[i] = Handle(number, first + i);
  return results;
}

bool Trace::beginRegion(OpId op, std::span<const TypeMaker> arguments, std::vector<Handle> &given,
                        const Origin &at) {
  if (error)
    return false;
  size_t depth = 0;
  for (const auto &open : frames)
    depth += open->scopes.size();
  if (depth >= limits[Limit::NestingDepth]) {
    fail(Diag::TraceDepth, {std::to_string(limits[Limit::NestingDepth])}, at);
    return false;
  }
  std::vector<Builder::Parameter> parameters;
  for (TypeMaker maker : arguments)
    parameters.push_back({{}, typeOf(maker)});
  frame().builder.beginRegion(op, parameters);
  openScope();
  given.clear();
  for (size_t i = 0; i < arguments.size(); ++i)
    given.push_back(add(frame().builder.argument(i), parameters[i].type));
  return true;
}

void Trace::endRegion(std::span<const Operand> yielded, OpCode terminator, const Origin &at) {
  if (!error)
    setLocation(at);
  std::vector<ValueRef> values;
  if (useAll(yielded, values, at))
    frame().builder.op(terminator, values);
  frame().builder.endRegion();
  closeScope();
}

Handle Trace::place(const Operand &value, const Origin &at) {
  if (error)
    return mistake();
  setLocation(at);
  const ValueRef made = use(value, at);
  if (!made)
    return mistake();
  return value.handle.isLiteral() ? add(made, typeOf(value.type)) : value.handle;
}

void Trace::annotate(const Handle &value, std::string_view key, const Literal &given, const Origin &at) {
  if (error)
    return;
  setLocation(at);
  const ValueRef used = value.isLiteral() ? ValueRef() : use({value, nullptr}, at);
  ComputationGraph &graph = frame().function.graph;
  const OpId op = used ? graph.value(used).definedBy : OpId();
  if (!op) {
    fail(Diag::TraceLiteral, {"operation", "only the result of an operation has attributes"}, at);
    return;
  }
  const AttrId attr = attrOf(given, at);
  if (!error)
    frame().builder.setAttributes(
        op, module.pool.withEntry(graph.operation(op).attributes, module.pool.intern(key), attr));
}

void Trace::orderAfter(const Handle &value, std::span<const Handle> earlier, const Origin &at) {
  if (error)
    return;
  setLocation(at);
  std::vector<ValueRef> order;
  for (const Handle &one : earlier)
    if (!one.isLiteral())
      order.push_back(use({one, nullptr}, at));
  const ValueRef used = value.isLiteral() ? ValueRef() : use({value, nullptr}, at);
  ComputationGraph &graph = frame().function.graph;
  const OpId op = used && !error ? graph.value(used).definedBy : OpId();
  if (!op)
    return fail(Diag::TraceLiteral, {"operation", "only the result of an operation has an order"}, at);
  const std::span<const ValueRef> before = graph.orderOperands(op), operands = graph.operands(op);
  std::vector<ValueRef> kept(operands.begin(), operands.end());
  order.insert(order.begin(), before.begin(), before.end());
  graph.setOperands(op, kept, order);
}
