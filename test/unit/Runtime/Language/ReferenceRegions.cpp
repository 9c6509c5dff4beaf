#include "Runtime/Language/Reference.h"
#include <algorithm>
#include <bit>

using namespace xcs;
using namespace xcs::reference;

// LangRef, "Control flow" and "Errors": what runs its regions.

/// Of those, what the programs of this test meet.
static bool isRefusal(Diag id) {
  constexpr Diag all[] = {Diag::EnvNotGranted, Diag::ReadNotGranted, Diag::WriteNotGranted,
                          Diag::RunNotGranted, Diag::SymlinkRefused};
  return std::ranges::find(all, id) != std::end(all);
}

/// "Never caught are a refused permission, an exceeded limit, a cancellation and an unknown outcome."
static bool isCaught(Diag id) { return id != Diag::LimitExceeded && !isRefusal(id); }

bool Interpreter::iteration(Frame &frame, RegionId body, size_t index, const Values &arguments,
                            Values &results) {
  bool isLoop = frame.graph.operation(frame.graph.region(body).parent).code != OpCode::core_race;
  iterations.push_back(static_cast<uint32_t>(index));
  if (isLoop)
    loops.push_back(iterations.back());
  bool fine = region(frame, body, arguments, results);
  iterations.pop_back();
  if (isLoop)
    loops.pop_back();
  return fine;
}

bool Interpreter::control(Frame &frame, OpId op, Values &results) {
  const Operation &o = frame.graph.operation(op);
  if (o.code == OpCode::core_if) {
    bool taken = operandsOf(frame, op)[0].asBool();
    RegionId body = taken ? o.firstRegion : frame.graph.region(o.firstRegion).next;
    return !body || region(frame, body, {}, results);
  }
  if (o.code == OpCode::core_switch)
    return region(frame, caseOf(frame, op), {}, results);
  if (o.code == OpCode::core_fail)
    return fail(frame, op, Diag::Failed);
  if (o.code == OpCode::core_assert)
    return operandsOf(frame, op)[0].asBool() || fail(frame, op, Diag::AssertionFailed);
  if (o.code == OpCode::core_call)
    return call(frame, op, results);
  if (o.code == OpCode::core_try)
    return attempt(frame, op, results);
  if (o.code == OpCode::core_map)
    return map(frame, op, results);
  if (o.code == OpCode::core_race)
    return race(frame, op, results);
  if (o.code == OpCode::core_while)
    return whileLoop(frame, op, results);
  if (o.code == OpCode::core_reduce)
    return reduce(frame, op, results);
  if (o.code == OpCode::core_filter || o.code == OpCode::core_partition || o.code == OpCode::core_sort_by ||
      o.code == OpCode::core_group_by)
    return choose(frame, op, results);
  return loop(frame, op, results); // for, scan
}

/// "The one whose case equals the operand, or the last one if no case does."
RegionId Interpreter::caseOf(Frame &frame, OpId op) {
  const Operation &o = frame.graph.operation(op);
  const Value operand = operandsOf(frame, op)[0];
  RegionId body = o.firstRegion;
  for (AttrId given : view.items(view.find(o.attributes, "cases"))) {
    const AttrKind kind = view.attr(given).kind;
    if (kind == AttrKind::Str    ? view.textAttr(given) == operand.text()
        : kind == AttrKind::Bool ? view.boolAttr(given) == operand.asBool()
                                 : view.intAttr(given) == operand.asI64())
      break;
    body = frame.graph.region(body).next;
  }
  return body;
}

bool Interpreter::attempt(Frame &frame, OpId op, Values &results) {
  if (region(frame, frame.graph.operation(op).firstRegion, {}, results)) {
    results = {Value::ok(results.empty() ? Value::none() : results[0])};
    return true;
  }
  // "With `{refused}` the refusals of the operations that are written in it, not of those that it calls."
  const bool isRefused = view.find(frame.graph.operation(op).attributes, "refused") &&
                         isRefusal(failure->id) && !failure->wasCalled;
  if (gaveUp || (!isCaught(failure->id) && !isRefused))
    return false;
  results = {Value::error(isRefused ? "refused" : rowOf(failure->id).kind, "", failure->op, 1)};
  failure.reset();
  return true;
}

bool Interpreter::firstOf(std::vector<std::optional<Value>> given, std::vector<FailedOp> failures,
                          size_t wanted, Value &out) {
  Values won;
  for (const std::optional<Value> &v : given)
    if (v)
      won.push_back(*v);
  for (const FailedOp &f : failures)
    if (!isCaught(f.id)) {
      gaveUp |= won.size() >= wanted; // who comes first?
      failure = f;
      return false;
    }
  if (won.size() < wanted) {
    failure = failures.front();
    return false;
  }
  // More than are wanted: then time decides which, and only where they are all the same nobody can tell.
  for (size_t i = wanted; i < won.size(); ++i)
    gaveUp |= !equal(won[i], won[0]) || !equal(won[i - 1], won[0]);
  won.resize(wanted);
  out = listOf(won);
  return true;
}

bool Interpreter::map(Frame &frame, OpId op, Values &results) {
  const Operation &o = frame.graph.operation(op);
  Value list = operandsOf(frame, op)[0];
  std::span<const Value> elements = list.items();
  std::optional<int64_t> take = number(op, frame, "take");
  std::vector<std::optional<Value>> given;
  std::vector<FailedOp> failures;
  for (size_t i = 0; i != elements.size(); ++i) {
    Values yielded;
    bool fine = iteration(frame, o.firstRegion, i, {elements[i]}, yielded);
    if (!fine && (!take || gaveUp))
      return false;
    if (!fine)
      failures.push_back(*std::exchange(failure, {}));
    given.push_back(fine ? std::optional(yielded.empty() ? Value::none() : yielded[0]) : std::nullopt);
  }
  if (o.resultCount == 0)
    return true;
  results.resize(1);
  size_t wanted = take ? std::min<size_t>(elements.size(), static_cast<size_t>(*take)) : elements.size();
  return firstOf(given, failures, wanted, results[0]);
}

bool Interpreter::race(Frame &frame, OpId op, Values &results) {
  std::vector<std::optional<Value>> given;
  std::vector<FailedOp> failures;
  for (RegionId body : frame.graph.regionsOf(op)) {
    Values yielded;
    bool fine = iteration(frame, body, given.size(), {}, yielded);
    if (gaveUp)
      return false;
    if (!fine)
      failures.push_back(*std::exchange(failure, {}));
    given.push_back(fine ? std::optional(yielded[0]) : std::nullopt);
  }
  results.resize(1);
  return firstOf(given, failures, static_cast<size_t>(number(op, frame, "take").value_or(1)), results[0]);
}

/// "Keys in the order of their first elements, elements in list order."
static Value grouped(const Value &elements, const std::vector<Value> &keys) {
  std::vector<std::pair<Value, std::vector<Value>>> groups;
  for (size_t i = 0; i != keys.size(); ++i) {
    auto group = std::ranges::find_if(groups, [&](const auto &g) { return equal(g.first, keys[i]); });
    if (group == groups.end())
      group = groups.insert(groups.end(), {keys[i], {}});
    group->second.push_back(elements.items()[i]);
  }
  std::vector<Value> entries;
  for (const auto &[key, items] : groups) {
    entries.push_back(key);
    entries.push_back(listOf(items));
  }
  return Value::dict(entries);
}

/// `filter`, `partition`, `sort_by`, `group_by`.
bool Interpreter::choose(Frame &frame, OpId op, Values &results) {
  const Operation &o = frame.graph.operation(op);
  Value elements = operandsOf(frame, op)[0];
  Values said, kept, others;
  for (const Value &element : elements.items()) {
    Values yielded;
    if (!iteration(frame, o.firstRegion, said.size(), {element}, yielded))
      return false;
    said.push_back(yielded[0]);
  }
  if (o.code == OpCode::core_filter || o.code == OpCode::core_partition) {
    for (size_t i = 0; i != said.size(); ++i)
      (said[i].asBool() ? kept : others).push_back(elements.items()[i]);
  } else if (o.code == OpCode::core_sort_by) {
    for (size_t i : sortedOrder(said, flag(op, frame, "descending")))
      kept.push_back(elements.items()[i]);
  }
  results = {o.code == OpCode::core_group_by ? grouped(elements, said) : listOf(kept)};
  if (o.code == OpCode::core_partition)
    results.push_back(listOf(others));
  return true;
}

/// `for` and `scan`: what a run yields is handed to the next one; `scan` gives all of it, `for` the last.
bool Interpreter::loop(Frame &frame, OpId op, Values &results) {
  const Operation &o = frame.graph.operation(op);
  Values carried = operandsOf(frame, op);
  Value elements = carried[0];
  carried.erase(carried.begin());
  std::vector<Values> all(carried.size());
  for (size_t i = 0; i != elements.size(); ++i) {
    Values arguments{elements.items()[i]};
    arguments.insert(arguments.end(), carried.begin(), carried.end());
    if (!iteration(frame, o.firstRegion, i, arguments, carried))
      return false;
    for (size_t k = 0; k != carried.size(); ++k)
      all[k].push_back(carried[k]);
  }
  for (size_t k = 0; k != carried.size(); ++k)
    results.push_back(o.code == OpCode::core_scan ? listOf(all[k]) : carried[k]);
  return true;
}

bool Interpreter::whileLoop(Frame &frame, OpId op, Values &results) {
  const Operation &o = frame.graph.operation(op);
  results = operandsOf(frame, op);
  AttrId atBound = view.find(o.attributes, "at_bound");
  for (int64_t trip = 0; trip != *number(op, frame, "max_trips"); ++trip) {
    Values handed;
    if (!iteration(frame, o.firstRegion, static_cast<size_t>(trip), results, handed))
      return false;
    results.assign(handed.begin() + 1, handed.end());
    if (!handed[0].asBool())
      return true;
  }
  return (atBound && view.textAttr(atBound) == "yield") || fail(frame, op, Diag::TripBound);
}

bool Interpreter::reduce(Frame &frame, OpId op, Values &results) {
  Value elements = operandsOf(frame, op)[0];
  Values all{operandsOf(frame, op)[1]};
  results = all;
  if (flag(op, frame, "associative")) {
    all.insert(all.end(), elements.items().begin(), elements.items().end());
    size_t pair = 0;
    return tree(frame, op, all, pair, results[0]);
  }
  for (size_t i = 0; i != elements.size(); ++i) {
    Values arguments{results[0], elements.items()[i]};
    if (!iteration(frame, frame.graph.operation(op).firstRegion, i, arguments, results))
      return false;
  }
  return true;
}

/// "Neighbours are paired, then neighbouring pairs, and so on; an odd one out at the end goes up as it is":
/// the left side is always a full tree. Pairs count as one comes to them from left to right.
bool Interpreter::tree(Frame &frame, OpId op, std::span<const Value> values, size_t &pair, Value &out) {
  if (values.size() == 1) {
    out = values[0];
    return true;
  }
  size_t left = std::bit_floor(values.size() - 1);
  Values sides(2), yielded;
  if (!tree(frame, op, values.first(left), pair, sides[0]) ||
      !tree(frame, op, values.subspan(left), pair, sides[1]) ||
      !iteration(frame, frame.graph.operation(op).firstRegion, pair++, sides, yielded))
    return false;
  out = yielded[0];
  return true;
}
