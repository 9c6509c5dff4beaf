#include "Syntax/IrActions.h"
#include "Syntax/Literals.h"
#include "Syntax/SyntaxErrors.h"
#include "xcs/IR/Builder.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

// Operations and values: everything in regions.

void IrActions::beginOperation(Token first) {
  reading.unitBegin = first.offset;
  operations.emplace_back().name = first;
  operations.back().firstResult = static_cast<uint32_t>(results.size());
  operands.clear();
  orderOperands.clear();
  inOrder = false;
  if (++reading.program.operationCount > reading.limits[Limit::Operations])
    reading.exceeds(Limit::Operations, reading.limits[Limit::Operations], first.offset);
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

void IrActions::operand(Token name) { (inOrder ? orderOperands : operands).push_back(use(name)); }

/// Adds the innermost operation to its graph, once: before its results and regions, or at its end if it has
/// none. Nested operations come after it, so ids follow the order of the text.
OpId IrActions::addOperation() {
  OpenOperation &operation = operations.back();
  if (operation.op)
    return operation.op;
  if (tooMany(orderOperands.size(), operation.name, "order-only operands"))
    orderOperands.clear();
  operation.op = graph().addOperation(regions.back().region, operation.code, operands, orderOperands,
                                      reading.at(operation.name.offset));
  if (operation.symbol)
    graph().setSymbol(operation.op, operation.symbol);
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

/// Names the results. A name without a type has no value but counts as defined, so its uses are not reported.
void IrActions::endOperation() {
  OpId op = addOperation();
  OpenOperation operation = operations.back();
  operations.pop_back();
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
