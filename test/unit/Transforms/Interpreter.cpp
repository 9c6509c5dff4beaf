#include "Transforms/Interpreter.h"
#include "xcs/IR/OpEffects.h"
#include <array>

using namespace xcs;

bool Interpreter::fail(std::string message) {
  error = std::move(message);
  return false;
}

const Value &Interpreter::operand(Frame &frame, OpId op, size_t i) {
  return frame.values[frame.function.graph.operands(op)[i].index];
}

void Interpreter::setResults(Frame &frame, OpId op, std::vector<Value> values) {
  for (size_t i = 0; i != values.size(); ++i) {
    gaveUp |= values[i].byteSize() > limits[Limit::ValueBytes];
    frame.values[frame.function.graph.results(op)[i].index] = std::move(values[i]);
  }
}

bool Interpreter::runPure(Frame &frame, OpId op) {
  const ComputationGraph &graph = frame.function.graph;
  const Operation &o = graph.operation(op);
  std::vector<Value> operands;
  std::vector<TypeId> types;
  for (ValueRef v : graph.operands(op)) {
    operands.push_back(frame.values[v.index]);
    types.push_back(graph.type(v));
  }
  const AttrListText &rows = rowOf(o.code).attributes;
  std::array<AttrId, AttrListText::maxRows> attributes{};
  for (size_t i = 0; i != rows.count; ++i)
    attributes[i] = view.find(o.attributes, rows.rows[i].name);
  Value result;
  OpError failed;
  if (!foldPure(o.code, view, operands, types, {attributes.data(), rows.count}, graph.type(o.firstResult),
                limits, result, failed)) {
    gaveUp |= failed.id == Diag::LimitExceeded;
    return fail(std::string(rowOf(o.code).name) + ": " + failed.message);
  }
  frame.values[o.firstResult.index] = std::move(result);
  return true;
}

/// Answers from the request alone, so that equal requests get equal answers and an optimised program can be
/// compared.
bool Interpreter::runWorld(Frame &frame, OpId op) {
  const ComputationGraph &graph = frame.function.graph;
  const Operation &o = graph.operation(op);
  std::string request(rowOf(o.code).name);
  if (o.symbol)
    request += " @" + std::string(module.pool.text(o.symbol));
  for (ValueRef v : graph.operands(op))
    if (module.pool.kind(graph.type(v)) == TypeKind::Str)
      request += " '" + std::string(frame.values[v.index].text()) + "'";
  if (AttrId method = view.find(o.attributes, Attribute::method))
    request += " " + std::string(view.textAttr(method));
  Effect effect = effectOf(view, o);
  if (isWrite(effect))
    writes.push_back(request);
  else if (effect == Effect::Sample)
    draws.push_back(request);
  else if (effect == Effect::Read)
    reads.push_back(request);
  else
    lines.push_back(request); // log lines and waits
  Value answer = Value::none();
  if (o.code == OpCode::model_chat) {
    answer = Value::str("<" + request.substr(0, 60) + ">");
  } else if (o.code == OpCode::http_request) {
    Value fields[] = {Value::i64(200), Value::list({}), Value::str("<" + request.substr(0, 60) + ">")};
    answer = Value::record(fields);
  }
  frame.values[o.firstResult.index] = answer;
  return true;
}

bool Interpreter::runCall(Frame &frame, OpId op) {
  const ComputationGraph &graph = frame.function.graph;
  size_t callee = module.lookup(graph.operation(op).symbol)->index;
  std::vector<Value> arguments;
  for (ValueRef v : graph.operands(op))
    arguments.push_back(frame.values[v.index]);
  Outcome outcome = call(callee, std::move(arguments));
  if (!outcome.error.empty())
    return fail(outcome.error);
  setResults(frame, op, std::move(outcome.results));
  return true;
}

/// The region of an `if`, or of a `switch` of an i64.
RegionId Interpreter::takenBy(Frame &frame, OpId op) {
  const ComputationGraph &graph = frame.function.graph;
  const Operation &o = graph.operation(op);
  RegionId taken = o.firstRegion;
  if (o.code == OpCode::core_if)
    return operand(frame, op, 0).asBool() ? taken : graph.region(taken).next;
  for (AttrId given : view.items(view.find(o.attributes, "cases"))) {
    if (view.intAttr(given) == operand(frame, op, 0).asI64())
      break;
    taken = graph.region(taken).next;
  }
  return taken;
}

bool Interpreter::runControl(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  std::vector<Value> results;
  if (o.code == OpCode::core_map)
    return runMap(frame, op);
  if (o.code == OpCode::core_for || o.code == OpCode::core_scan)
    return runLoop(frame, op);
  if (o.code == OpCode::core_while)
    return runWhile(frame, op);
  if (o.code == OpCode::core_reduce)
    return runReduce(frame, op);
  if (o.code == OpCode::core_filter || o.code == OpCode::core_partition || o.code == OpCode::core_sort_by ||
      o.code == OpCode::core_group_by)
    return runChoosing(frame, op);
  if (o.code == OpCode::core_race)
    return runRace(frame, op);
  if (o.code == OpCode::core_call)
    return runCall(frame, op);
  if (o.code == OpCode::core_fail)
    return fail("fail: " + std::string(operand(frame, op, 0).text()));
  if (o.code == OpCode::core_assert)
    return operand(frame, op, 0).asBool() || fail("assert");
  if (o.code == OpCode::core_if || o.code == OpCode::core_switch) {
    RegionId taken = takenBy(frame, op);
    if (taken && !runRegion(frame, taken, results))
      return false;
  } else if (runRegion(frame, o.firstRegion, results)) { // try
    results = {Value::ok(results[0])};
  } else {
    results = {Value::error("error", error, "op", 1)};
    error.clear();
  }
  setResults(frame, op, std::move(results));
  return true;
}

bool Interpreter::runOperation(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  gaveUp |= stepsLeft == 0;
  if (gaveUp)
    return fail("gave up");
  --stepsLeft;
  switch (rowOf(o.code).form) {
  case OpForm::Pure:
    return runPure(frame, op);
  case OpForm::World:
    return runWorld(frame, op);
  case OpForm::Control:
    return runControl(frame, op);
  }
  return false;
}

bool Interpreter::runRegion(Frame &frame, RegionId region, std::vector<Value> &results) {
  const ComputationGraph &graph = frame.function.graph;
  for (OpId op : graph.region(region).body) {
    if (isTerminator(graph.operation(op).code)) {
      for (ValueRef v : graph.operands(op))
        results.push_back(frame.values[v.index]);
      return true;
    }
    if (!runOperation(frame, op))
      return false;
  }
  return true;
}

Interpreter::Outcome Interpreter::call(size_t index, std::vector<Value> arguments) {
  const Function &function = *module.functions[index];
  Frame frame{function, std::vector<Value>(function.graph.valueCount())};
  for (size_t i = 0; i != arguments.size(); ++i)
    frame.values[function.graph.arguments(function.body)[i].index] = std::move(arguments[i]);
  Outcome outcome;
  if (!runRegion(frame, function.body, outcome.results))
    outcome.error = error;
  return outcome;
}
