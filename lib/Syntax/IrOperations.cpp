#include "Syntax/IrActions.h"
#include "Syntax/Literals.h"
#include "Syntax/SyntaxErrors.h"
#include "xcs/IR/Builder.h"
#include "xcs/IR/OperandTypes.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

// Operations and values: everything in regions.

void IrActions::beginOperation(Token first) {
  reading.unitBegin = first.offset;
  operations.emplace_back().name = first;
  operations.back().firstResult = static_cast<uint32_t>(results.size());
  operands.clear();
  orderOperands.clear();
  countOperation(first);
}

void IrActions::countOperation(Token at) {
  if (++reading.program.operationCount > reading.limits[Limit::Operations])
    reading.exceeds(Limit::Operations, reading.limits[Limit::Operations], at.offset);
}

void IrActions::operationName(Token name) {
  OpenOperation &operation = operations.back();
  operation.name = name;
  std::string_view text = reading.spelling(name);
  if (findOp(text, operation.code))
    return;
  const std::string_view near = nearestOp(text);
  reading.report(Diag::UnknownOp, name,
                 {text, near.empty() ? std::string() : "; did you mean `" + std::string(near) + "`"});
}

void IrActions::regionFunction(Token symbol) {
  operations.back().function = symbol;
  operations.back().captures = static_cast<uint32_t>(operands.size());
}

/// What a literal is that cannot be an operand, and what to write; empty if it can be one.
static std::pair<std::string_view, std::string_view> whyNotAnOperand(AttrKind kind) {
  switch (kind) {
  case AttrKind::List:
    return {"a list",
            "write `%name = list.pack(..) : list<T>` or `const {value = [..]}` above, and `%name` here"};
  case AttrKind::Dict:
    return {"a dictionary", "write `%name = const {value = {..}} : record<..>` above, and `%name` here"};
  case AttrKind::Type:
    return {"a type", "give a value such as `%name` or a literal"};
  case AttrKind::Secret:
  case AttrKind::Env:
    return {"hidden text", "write it in the attribute that needs it; no operation sees its value"};
  case AttrKind::Unit: // an unknown word, which was reported
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Str:
  case AttrKind::Duration:
  case AttrKind::Symbol:
    return {};
  }
  return {};
}

/// A literal operand is an unnamed constant before the operation. Its type is found when all is read.
void IrActions::literalOperand() {
  ConstantPool &pool = reading.module.pool;
  const AttrId value = attrs.take();
  const AttrKind kind = pool.view().attr(value).kind;
  const auto [what, remedy] = whyNotAnOperand(kind);
  if (!what.empty())
    reading.report(Diag::NotAnOperand, literal, {what, remedy});
  const std::optional<TypeKind> type = kindOfLiteral(kind);
  const OpId constant =
      graph().addOperation(regions.back().region, OpCode::core_const, {}, {}, reading.at(literal.offset));
  const DictEntry entry{pool.intern(nameOf(Attribute::value)), value};
  graph().setAttributes(constant, pool.dict({&entry, 1}));
  const ValueRef made = graph().addResult(constant, pool.scalar(type.value_or(TypeKind::None)), StringId());
  operands.push_back(made);
  reading.program.operands.addLiteral(made);
  operations.back().hasLiterals = true;
  countOperation(literal);
}

/// Adds the innermost operation to its graph, once: before its results and regions, or at its end if it has
/// none. Nested operations come after it, so ids follow the order of the text.
OpId IrActions::addOperation() {
  OpenOperation &operation = operations.back();
  if (operation.op)
    return operation.op;
  if (regionForm(operation.code) && operation.symbol.kind == TokenKind::Symbol &&
      operation.function.kind != TokenKind::Symbol)
    std::swap(operation.symbol, operation.function); // `try @f(%x)`: all operands are captures
  if (tooMany(orderOperands.size(), operation.name, "order-only operands"))
    orderOperands.clear();
  const std::span<const ValueRef> all = operands;
  const bool hasFunction = operation.function.kind == TokenKind::Symbol;
  operation.op = graph().addOperation(regions.back().region, operation.code,
                                      hasFunction ? all.first(operation.captures) : all, orderOperands,
                                      reading.at(operation.name.offset));
  if (operation.symbol.kind == TokenKind::Symbol)
    graph().setSymbol(operation.op, reading.marked(operation.symbol));
  if (operation.hasLiterals)
    reading.program.operands.addOperation(operation.op);
  if (hasFunction)
    reading.program.operands.addRegionFunction({operation.op,
                                                reading.marked(operation.function),
                                                reading.at(operation.function.offset),
                                                {all.begin() + operation.captures, all.end()}});
  if (operation.attributes)
    setWrittenAttributes(reading.module.pool, graph(), operation.op, operation.attributes);
  return operation.op;
}

void IrActions::resultTypes() {
  std::span<const TypeId> list = types.takeAll();
  OpId op = addOperation();
  std::span<const ResultName> names =
      std::span<const ResultName>(results).subspan(operations.back().firstResult);
  if (tooMany(list.size(), operations.back().name, "results"))
    list = {};
  else if (!names.empty() && names.size() != list.size())
    reading.report(Diag::ResultTypeCount, operations.back().name,
                   {std::to_string(names.size()), std::to_string(list.size())});
  for (size_t i = 0; i < list.size(); ++i)
    graph().addResult(op, list[i], i < names.size() ? names[i].name : StringId());
}

void IrActions::beginRegion(Token brace) {
  OpId op = addOperation();
  bool full = tooMany(size_t(graph().operation(op).regionCount) + 1, brace, "regions");
  openRegion(full ? OpId() : op, brace);
  reading.stopped |= full; // each further one would repeat the error
}

void IrActions::endRegion() { closeRegion(); }

void IrActions::locationFile(Token text) { file = readText(reading, text, scratch); }

void IrActions::locationColumn(Token column) {
  auto position = [&](Token t) {
    int64_t number = readInteger(reading, t);
    if (number >= 1 && number <= UINT32_MAX)
      return static_cast<uint32_t>(number);
    reading.report(Diag::BadNumber, t, {reading.spelling(t), "a position in a file, from 1 to 4294967295"});
    return uint32_t(1);
  };
  uint32_t lineNumber = position(line), columnNumber = position(column);
  graph().setLocation(addOperation(), reading.module.locations.addExplicit(file, lineNumber, columnNumber));
}

/// Reports a function where the operation has no region for it.
void IrActions::checkFunction(const OpenOperation &operation) {
  const OpRow &row = rowOf(operation.code);
  const RegionForm *form = regionForm(operation.code);
  const std::string name(reading.spelling(operation.function)), regions = "`{ .. call " + name + " .. }`";
  std::string wrong;
  if (!form)
    wrong = "has no region that a function could be; remove `" + name + "`";
  else if (form->count.most != 1)
    wrong = "takes regions, not a function; write " + regions;
  else if (graph().operation(operation.op).regionCount != 0)
    wrong = "has both the function `" + name + "` and a region; remove one of them";
  else if (operation.captures == 0 && countOf(row.signature.operands()).least != 0)
    wrong = "takes its own operands before the function; write `" + std::string(row.name) + "(..) " + name +
            "(..)`";
  if (!wrong.empty())
    reading.report(Diag::RegionFunction, operation.function, {row.name, wrong});
}

/// Names the results. A name without a type has no value but counts as defined, so its uses are not reported.
void IrActions::endOperation() {
  OpId op = addOperation();
  OpenOperation operation = operations.back();
  operations.pop_back();
  if (operation.function.kind == TokenKind::Symbol)
    checkFunction(operation);
  size_t typed = graph().operation(op).resultCount, named = results.size() - operation.firstResult;
  ComputationGraph::ValueRange values = graph().results(op);
  for (size_t i = 0; i < named; ++i) {
    ResultName result = results[operation.firstResult + i];
    define(result.token, result.name, i < typed ? values[i] : ValueRef());
  }
  results.resize(operation.firstResult);
}

/// Discards what was open at the error; results and regions may still follow.
void IrActions::operationFailed() {
  types.clear();
  attrs.clear();
  addOperation();
}

void IrActions::define(Token name, StringId id, ValueRef value) {
  uint32_t first = scope.define(id, value, name.offset);
  if (first == ValueScope::free ||
      !operationBefore(reading.text, name.offset).empty()) // `return %a`, which is reported
    return;
  reading.report(Diag::RedefinedValue, name, {reading.spelling(name)});
  reading.report(Diag::FirstDefinedHere, first, {reading.spelling(name)});
}

/// The value that a name refers to; none for a missing one, which is reported once per function.
ValueRef IrActions::use(Token name) {
  StringId id = reading.marked(name);
  ValueScope::Found found = scope.find(id);
  if (found.state != ValueScope::State::Visible && failedRegions == 0)
    reportUndefined(name, id, found.state);
  return found.value;
}

void IrActions::reportUndefined(Token name, StringId id, ValueScope::State state) {
  if (!scope.miss(id))
    return;
  bool ended = state == ValueScope::State::Ended;
  reading.report(Diag::UndefinedValue, name,
                 {reading.spelling(name),
                  ended ? std::string("; the region that defines it has ended, `yield` it from there")
                        : nearestValue(name)});
}

std::string IrActions::nearestValue(Token name) const {
  // Beyond the cap it is not shown; in a large function only the latest values are tried.
  constexpr size_t longest = 10'000;
  if (reading.diagnostics.errorCount() >= DiagnosticEngine::cap)
    return {};
  NearestName nearest(reading.spelling(name).substr(1));
  const ComputationGraph &values = function->graph;
  for (size_t i = values.valueCount(), tried = 0; i-- && tried < longest; ++tried) {
    StringId known = values.value(ValueRef(i)).name;
    if (known && scope.find(known).state == ValueScope::State::Visible)
      nearest.offer(reading.module.pool.text(known));
  }
  return nearest.suggestion("%");
}

bool IrActions::tooMany(size_t count, Token at, std::string_view what) {
  if (count <= ComputationGraph::maxCount)
    return false;
  reading.report(Diag::TooMany, at, {std::to_string(ComputationGraph::maxCount), what});
  return true;
}
