#include "Transforms/Interpreter.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/Ops/Grouping.h"
#include "xcs/Ops/SortOrder.h"
#include <algorithm>
#include <numeric>

using namespace xcs;

// What runs its regions again and again.

bool Interpreter::runBody(Frame &frame, RegionId region, const std::vector<Value> &arguments,
                          std::vector<Value> &results) {
  const ComputationGraph &graph = frame.function.graph;
  for (size_t i = 0; i != arguments.size(); ++i)
    frame.values[graph.arguments(region)[i].index] = arguments[i];
  results.clear();
  return runRegion(frame, region, results);
}

bool Interpreter::runMap(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  Value list = operand(frame, op, 0);
  std::vector<std::vector<Value>> columns(o.resultCount);
  AttrId take = view.find(o.attributes, Attribute::take);
  size_t wanted = take ? std::min<size_t>(list.size(), static_cast<size_t>(view.intAttr(take))) : 0, done = 0;
  std::string firstError;
  for (const Value &element : list.items()) {
    if (take && done == wanted)
      break;
    std::vector<Value> row;
    if (!runBody(frame, o.firstRegion, {element}, row)) {
      if (!take || gaveUp)
        return false;
      if (firstError.empty())
        firstError = error;
      error.clear();
      continue;
    }
    ++done;
    for (size_t i = 0; i != columns.size(); ++i)
      columns[i].push_back(row[i]);
  }
  if (done < wanted)
    return fail(firstError);
  std::vector<Value> results;
  for (std::vector<Value> &column : columns)
    results.push_back(Value::list(column));
  setResults(frame, op, std::move(results));
  return true;
}

bool Interpreter::runLoop(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  Value list = operand(frame, op, 0);
  std::vector<Value> carried;
  for (size_t i = 1; i != o.operandCount; ++i)
    carried.push_back(operand(frame, op, i));
  std::vector<std::vector<Value>> columns(o.resultCount);
  for (const Value &element : list.items()) {
    std::vector<Value> arguments{element};
    arguments.insert(arguments.end(), carried.begin(), carried.end());
    if (!runBody(frame, o.firstRegion, arguments, carried))
      return false;
    for (size_t i = 0; i != carried.size(); ++i)
      columns[i].push_back(carried[i]);
  }
  if (o.code == OpCode::core_scan)
    for (size_t i = 0; i != columns.size(); ++i)
      carried[i] = Value::list(columns[i]);
  setResults(frame, op, std::move(carried));
  return true;
}

bool Interpreter::runWhile(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  int64_t bound = view.intAttr(view.find(o.attributes, Attribute::max_trips));
  AttrId atBound = view.find(o.attributes, Attribute::at_bound);
  std::vector<Value> state;
  for (size_t i = 0; i != o.operandCount; ++i)
    state.push_back(operand(frame, op, i));
  for (int64_t trip = 0; trip != bound; ++trip) {
    std::vector<Value> given;
    if (!runBody(frame, o.firstRegion, state, given))
      return false;
    state.assign(given.begin() + 1, given.end());
    bool last = trip + 1 == bound && atBound && view.textAttr(atBound) == "yield";
    if (given[0].asBool() && !last)
      continue;
    setResults(frame, op, std::move(state));
    return true;
  }
  return fail("while: bound");
}

/// A tree pairs what covers as many values as soon as one comes to it from the left, and what is left at
/// last.
bool Interpreter::runReduce(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  bool tree = flagAttr(view, o.attributes, Attribute::associative);
  struct Part {
    Value value;
    size_t level;
  };
  std::vector<Part> parts{{operand(frame, op, 1), 0}};
  auto joinLast = [&] {
    std::vector<Value> results;
    size_t left = parts.size() - 2;
    if (!runBody(frame, o.firstRegion, {parts[left].value, parts[left + 1].value}, results))
      return false;
    parts.pop_back();
    parts[left] = {results[0], parts[left].level + 1};
    return true;
  };
  Value list = operand(frame, op, 0);
  for (const Value &element : list.items()) {
    parts.push_back({element, 0});
    while (parts.size() > 1 && (!tree || parts[parts.size() - 2].level == parts.back().level))
      if (!joinLast())
        return false;
  }
  while (parts.size() > 1)
    if (!joinLast())
      return false;
  setResults(frame, op, {parts[0].value});
  return true;
}

/// `filter`, `partition`, `sort_by`, `group_by`.
bool Interpreter::runChoosing(Frame &frame, OpId op) {
  const Operation &o = frame.function.graph.operation(op);
  Value list = operand(frame, op, 0);
  std::vector<Value> said;
  for (const Value &element : list.items()) {
    std::vector<Value> results;
    if (!runBody(frame, o.firstRegion, {element}, results))
      return false;
    said.push_back(results[0]);
  }
  if (o.code == OpCode::core_group_by) {
    setResults(frame, op, {groupsOf(list.items(), said, {})});
    return true;
  }
  std::vector<size_t> order(said.size());
  std::iota(order.begin(), order.end(), 0);
  if (o.code == OpCode::core_partition) {
    std::vector<Value> both[2];
    for (size_t i : order)
      both[said[i].asBool() ? 0 : 1].push_back(list.items()[i]);
    setResults(frame, op, {Value::list(both[0]), Value::list(both[1])});
    return true;
  }
  if (o.code == OpCode::core_filter) {
    std::erase_if(order, [&](size_t i) { return !said[i].asBool(); });
  } else {
    bool down = flagAttr(view, o.attributes, Attribute::descending);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return down ? sortsBeforeDescending(said[a], said[b]) : sortsBefore(said[a], said[b]);
    });
  }
  std::vector<Value> chosen;
  for (size_t i : order)
    chosen.push_back(list.items()[i]);
  setResults(frame, op, {Value::list(chosen)});
  return true;
}

bool Interpreter::runRace(Frame &frame, OpId op) {
  const ComputationGraph &graph = frame.function.graph;
  AttrId take = view.find(graph.operation(op).attributes, Attribute::take);
  size_t wanted = take ? static_cast<size_t>(view.intAttr(take)) : 1;
  std::vector<Value> won;
  std::string firstError;
  for (RegionId region : graph.regionsOf(op)) {
    std::vector<Value> results;
    if (won.size() == wanted)
      break;
    if (runBody(frame, region, {}, results)) {
      won.push_back(results[0]);
    } else if (gaveUp) {
      return false;
    } else {
      if (firstError.empty())
        firstError = error;
      error.clear();
    }
  }
  if (won.size() < wanted)
    return fail(firstError);
  setResults(frame, op, {Value::list(won)});
  return true;
}
