#include "Runtime/Language/ProgramWriter.h"

using namespace xcs;

// Operations with regions, calls, guards.

ProgramWriter::Names ProgramWriter::open(const std::string &head, const Types &results) {
  Names made;
  for (size_t i = 0; i != results.size(); ++i)
    made.push_back(fresh());
  line((made.empty() ? "" : list(made) + " = ") + head + " : " + show(results) + " {");
  return made;
}

void ProgramWriter::close(Scope &scope, const Names &results, const Types &types) {
  line("}");
  for (size_t i = 0; i != results.size(); ++i)
    know(scope, results[i], types[i]);
}

void ProgramWriter::controlOp(Scope &scope, OpCode code) {
  switch (code) {
  case OpCode::core_if:
    branch(scope);
    break;
  case OpCode::core_switch:
    pickCase(scope);
    break;
  case OpCode::core_try:
    attempt(scope);
    break;
  case OpCode::core_map:
    map(scope);
    break;
  case OpCode::core_filter:
  case OpCode::core_partition:
  case OpCode::core_sort_by:
  case OpCode::core_group_by:
    choose(scope, code);
    break;
  case OpCode::core_for:
  case OpCode::core_scan:
    fold(scope, code);
    break;
  case OpCode::core_reduce:
    reduce(scope);
    break;
  case OpCode::core_while:
    whileLoop(scope);
    break;
  case OpCode::core_race:
    race(scope);
    break;
  case OpCode::core_call:
    call(scope);
    break;
  default:
    stop(scope, code);
    return;
  }
  codes.insert(code);
}

void ProgramWriter::branch(Scope &scope) {
  std::string condition = value(scope, scalar(TypeKind::Bool));
  Types results;
  for (size_t i = dice.below(3); i--;)
    results.push_back(type());
  Names made = open("if(" + condition + ")" + afterOf(scope) + attributesOf(OpCode::core_if, ""), results);
  region(scope, {}, results);
  if (!results.empty() || dice.oneIn(2)) {
    line("} {");
    region(scope, {}, results);
  }
  close(scope, made, results);
}

/// `switch`: half the time on a value that is among the cases or next to one.
void ProgramWriter::pickCase(Scope &scope) {
  static const std::pair<TypeKind, Names> kinds[] = {
      {TypeKind::Str, {"\"\"", "\"a\"", "\"a \"", "\"ä\""}},
      {TypeKind::I64, {"0", "1", "-1", "9223372036854775807", "-9223372036854775808"}},
      {TypeKind::Bool, {"true", "false"}}};
  const auto &[kind, literals] = dice.pick(kinds);
  TypeId type = scalar(kind);
  std::string operand = dice.oneIn(2) ? constant(scope, type, dice.pick(literals)) : value(scope, type);
  Names cases;
  for (const std::string &literal : literals)
    if (dice.oneIn(2))
      cases.push_back(literal);
  Types results;
  for (size_t i = dice.below(3); i--;)
    results.push_back(this->type());
  Names made = open("switch(" + operand + ")" + afterOf(scope) +
                        attributesOf(OpCode::core_switch, "cases = [" + list(cases) + "]"),
                    results);
  region(scope, {}, results);
  for (size_t i = 0; i != cases.size(); ++i) {
    line("} {");
    region(scope, {}, results);
  }
  close(scope, made, results);
}

void ProgramWriter::attempt(Scope &scope) {
  TypeId held = type();
  Names made = open("try" + afterOf(scope) + attributesOf(OpCode::core_try, dice.oneIn(3) ? "refused" : ""),
                    {pool.result(held)});
  region(scope, {}, {held}, "yield", true);
  close(scope, made, {pool.result(held)});
  if (dice.oneIn(2)) {
    std::string other = value(scope, held);
    emit(scope, OpCode::result_or, {made[0], other}, held);
  }
}

void ProgramWriter::map(Scope &scope) {
  if (mayWrite(scope) && dice.oneIn(5))
    return writingMap(scope);
  TypeId element = type(1), yielded = type(1);
  std::string elements = value(scope, pool.list(element));
  if (dice.oneIn(6)) { // any of them will do
    std::string same = value(scope, yielded);
    Names made = open("map(" + elements + ") {take = " + std::to_string(1 + dice.below(2)) + "}",
                      {pool.list(yielded)});
    line("^(%any: " + show(element) + ")");
    line("  yield(" + same + ")");
    return close(scope, made, {pool.list(yielded)});
  }
  const bool takes = dice.oneIn(6);
  std::string own = takes           ? "take = 100"
                    : dice.oneIn(3) ? "window = " + std::to_string(1 + dice.below(3))
                                    : "";
  ++quiet;
  choosing += takes;
  Types results = takes || !dice.oneIn(6) ? Types{pool.list(yielded)} : Types();
  Names made = open("map(" + elements + ")" + afterOf(scope) + attributesOf(OpCode::core_map, own), results);
  region(scope, {element}, results.empty() ? Types() : Types{yielded});
  close(scope, made, results);
  choosing -= takes;
  --quiet;
}

/// Each iteration writes a file of its own.
void ProgramWriter::writingMap(Scope &scope) {
  TypeId i64 = scalar(TypeKind::I64), str = scalar(TypeKind::Str);
  std::string id = std::to_string(names++), first = constant(scope, i64, "0");
  std::string end = constant(scope, i64, std::to_string(dice.below(4))), content = value(scope, str);
  std::string indices = emit(scope, OpCode::list_range, {first, end}, pool.list(i64));
  current.writes = true;
  codes.insert({OpCode::str_format, OpCode::file_write});
  Names made = open("map(" + indices + ") {unordered}", {pool.list(i64)});
  line("^(%i: i64)");
  line("  %path = str.format(%i) {template = \"m" + id + "_{0}\"} : str");
  line("  %w = file." + std::string(dice.oneIn(2) ? "write" : "append") + "(%path, " + content + ") : none");
  line("  %again = file.exists(%path) : bool");
  line("  %twice = i64.add(%i, %i) after(%w) : i64");
  line("  yield(%twice)");
  close(scope, made, {pool.list(i64)});
}

/// `filter`, `partition`, `sort_by`, `group_by`.
void ProgramWriter::choose(Scope &scope, OpCode code) {
  TypeId element = type(1);
  static constexpr TypeKind keys[] = {TypeKind::I64, TypeKind::F64, TypeKind::Str, TypeKind::Bool,
                                      TypeKind::Duration};
  const bool decides = code == OpCode::core_filter || code == OpCode::core_partition;
  TypeId said = decides                         ? scalar(TypeKind::Bool)
                : code == OpCode::core_group_by ? keyType()
                                                : scalar(dice.pick(keys));
  Types given(code == OpCode::core_partition ? 2 : 1, pool.list(element));
  if (code == OpCode::core_group_by)
    given[0] = pool.dictionary(said, given[0]);
  std::string elements =
      dice.oneIn(3) ? value(scope, pool.list(element)) : notEmpty(scope, pool.list(element));
  std::string own = code == OpCode::core_sort_by && dice.oneIn(2) ? "descending" : "";
  if (code == OpCode::core_sort_by && dice.oneIn(3)) { // what is at hand is its own key
    TypeId f64 = scalar(TypeKind::F64);
    std::string floats = constant(scope, pool.list(f64), "[2.0, nan, -0.0, 0.0, nan, inf, -1.0]");
    Names sorted = open("sort_by(" + floats + ")" + (own.empty() ? "" : " {descending}"), {pool.list(f64)});
    line("^(%key: f64)");
    line("  yield(%key)");
    return close(scope, sorted, {pool.list(f64)});
  }
  ++quiet;
  Names made = open(std::string(rowOf(code).name) + "(" + elements + ")" + attributesOf(code, own), given);
  region(scope, {element}, {said});
  close(scope, made, given);
  --quiet;
}

/// `for`, `scan`.
void ProgramWriter::fold(Scope &scope, OpCode code) {
  TypeId element = type(1);
  Names operands{value(scope, pool.list(element))};
  Types carried, results, arguments{element};
  for (size_t i = dice.below(3) + (code == OpCode::core_scan); i--;) {
    carried.push_back(type(1));
    arguments.push_back(carried.back());
    results.push_back(code == OpCode::core_scan ? pool.list(carried.back()) : carried.back());
    operands.push_back(value(scope, carried.back()));
  }
  Names made = open(std::string(rowOf(code).name) + "(" + list(operands) + ")" + afterOf(scope) +
                        attributesOf(code, ""),
                    results);
  region(scope, arguments, carried);
  close(scope, made, results);
}

void ProgramWriter::reduce(Scope &scope) {
  TypeId element = type(1);
  std::string elements =
      dice.oneIn(3) ? value(scope, pool.list(element)) : notEmpty(scope, pool.list(element));
  std::string first = value(scope, element);
  const bool associative = dice.oneIn(2);
  if (dice.oneIn(3)) { // the shape of the tree shows
    TypeId str = scalar(TypeKind::Str);
    std::string texts = constant(scope, pool.list(str), "[\"a\", \"b\", \"c\", \"d\", \"e\"]");
    texts = emit(scope, OpCode::list_slice, {texts, small(scope)}, pool.list(str));
    Names shown = open("reduce(" + texts + ", " + value(scope, str) + ") {" +
                           (associative ? "associative" : "keep") + "}",
                       {str});
    line("^(%left: str, %right: str)");
    line("  %both = str.format(%left, %right) {template = \"({0} {1})\"} : str");
    line("  yield(%both)");
    return close(scope, shown, {str});
  }
  quiet += associative;
  Names made = open("reduce(" + elements + ", " + first + ")" +
                        attributesOf(OpCode::core_reduce, associative ? "associative" : ""),
                    {element});
  region(scope, {element, element}, {element});
  close(scope, made, {element});
  quiet -= associative;
}

void ProgramWriter::whileLoop(Scope &scope) {
  Types state, handed{scalar(TypeKind::Bool)};
  Names operands;
  for (size_t i = 1 + dice.below(2); i--;) {
    state.push_back(type(1));
    handed.push_back(state.back());
    operands.push_back(value(scope, state.back()));
  }
  std::string own =
      "max_trips = " + std::to_string(1 + dice.below(3)) + (dice.oneIn(4) ? "" : ", at_bound = \"yield\"");
  Names made =
      open("while(" + list(operands) + ")" + afterOf(scope) + attributesOf(OpCode::core_while, own), state);
  codes.insert(OpCode::core_continue);
  region(scope, state, handed, "continue");
  close(scope, made, state);
}

/// As many regions as are taken do not fail for certain.
void ProgramWriter::race(Scope &scope) {
  TypeId held = type(1);
  size_t take = 1 + dice.below(2), regions = take + dice.below(3), losers = regions - take;
  Names made =
      open("race" + attributesOf(OpCode::core_race, "take = " + std::to_string(take)), {pool.list(held)});
  ++quiet, ++choosing;
  for (size_t i = 0; i != regions; ++i) {
    if (i)
      line("} {");
    bool loses = losers && dice.below(regions - i) < losers;
    losers -= loses;
    if (loses) {
      line("  %why = const {value = \"lost\"} : str");
      line("  fail(%why)");
      codes.insert(OpCode::core_fail);
    }
    region(scope, {}, {held});
  }
  --quiet, --choosing;
  close(scope, made, {pool.list(held)});
}

void ProgramWriter::call(Scope &scope) {
  if (callees.empty())
    return;
  const Callee callee = dice.pick(callees);
  if ((callee.writes && !mayWrite(scope)) || (choosing && callee.logs))
    return;
  current.writes |= callee.writes;
  current.logs |= callee.logs;
  Names operands;
  for (TypeId parameter : callee.parameters)
    operands.push_back(operands.empty() && callee.isBounded
                           ? constant(scope, scalar(TypeKind::I64), std::to_string(dice.below(4)))
                           : value(scope, parameter));
  Names made;
  for (size_t i = 0; i != callee.results.size(); ++i)
    made.push_back(fresh());
  line(list(made) + " = call @" + callee.name + "(" + list(operands) + ")" + afterOf(scope) +
       attributesOf(OpCode::core_call, "") + " : " + show(callee.results));
  for (size_t i = 0; i != made.size(); ++i)
    know(scope, made[i], callee.results[i]);
}

/// `assert`, which mostly holds, and `fail`, where something can do without what it stops.
void ProgramWriter::stop(Scope &scope, OpCode code) {
  if (code == OpCode::core_fail && !scope.attempted && !choosing && !dice.oneIn(8))
    return;
  codes.insert(code);
  if (code == OpCode::core_fail)
    return line("fail(" + value(scope, scalar(TypeKind::Str)) + ")" + afterOf(scope));
  std::string number = value(scope, scalar(TypeKind::I64));
  std::string holds = dice.oneIn(8) ? value(scope, scalar(TypeKind::Bool))
                                    : emit(scope, OpCode::i64_le, {number, number}, scalar(TypeKind::Bool));
  line("assert(" + holds + ")" + afterOf(scope) + (dice.oneIn(2) ? " {message = \"not so\"}" : ""));
}
