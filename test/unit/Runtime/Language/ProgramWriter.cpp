#include "Runtime/Language/ProgramWriter.h"

using namespace xcs;

std::string ProgramWriter::argument(const Scope &inner) {
  if (const Known *outer = hidden(inner))
    return outer->name;
  return fresh();
}

/// Now and then a value of an outer region whose name an inner one may use anew.
const ProgramWriter::Known *ProgramWriter::hidden(const Scope &inner) {
  if (inner.values.empty() || !dice.oneIn(6))
    return nullptr;
  const Known &outer = dice.pick(inner.values);
  return outer.depth < inner.depth ? &outer : nullptr;
}

void ProgramWriter::know(Scope &scope, const std::string &name, TypeId type) {
  std::erase_if(scope.values, [&](const Known &known) { return known.name == name; });
  scope.values.push_back({name, type, scope.depth});
}

std::string ProgramWriter::list(const Names &names) {
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string ProgramWriter::show(const Types &types) {
  Names shown;
  for (TypeId type : types)
    shown.push_back(show(type));
  return shown.empty() ? "()" : list(shown);
}

void ProgramWriter::operation(Scope &scope) {
  --left;
  static constexpr OpCode regions[] = {OpCode::core_if,     OpCode::core_try,      OpCode::core_map,
                                       OpCode::core_filter, OpCode::core_for,      OpCode::core_scan,
                                       OpCode::core_reduce, OpCode::core_while,    OpCode::core_sort_by,
                                       OpCode::core_race,   OpCode::core_call,     OpCode::core_call,
                                       OpCode::core_switch, OpCode::core_group_by, OpCode::core_partition};
  static constexpr OpCode world[] = {OpCode::file_write, OpCode::file_append, OpCode::file_read_text,
                                     OpCode::random_int, OpCode::log_print,   OpCode::log_print};
  if (scope.depth < 4 && dice.oneIn(5))
    return controlOp(scope, dice.pick(regions));
  if (dice.oneIn(8))
    return tableOp(scope, dice.pick(world));
  if (dice.oneIn(12))
    return edgeOp(scope);
  if (dice.oneIn(12))
    return roundTrip(scope);
  if (mayWrite(scope) && dice.oneIn(20))
    return fileStory(scope);
  OpCode code = static_cast<OpCode>(dice.below(opCodeCount));
  if (rowOf(code).form == OpForm::Control && (isTerminator(code) || scope.depth >= 4))
    return tableOp(scope, OpCode::i64_add);
  if (rowOf(code).form == OpForm::Control)
    return controlOp(scope, code);
  tableOp(scope, code);
}

/// Has values printed, in every other program: what nobody looks at shows nothing, and what somebody looks at
/// is not dropped.
void ProgramWriter::look(Scope &scope, size_t most) {
  if (!looks || choosing)
    return;
  for (size_t i = scope.values.size(); i-- && most;) {
    Known known = scope.values[i];
    if (known.depth != scope.depth || holds(known.type, TypeKind::Result))
      continue;
    --most;
    current.logs = true;
    std::string shown = "%s" + std::to_string(names++);
    line(shown + " = str.from(" + known.name + ") : str");
    line(shown + "_ = log.print(" + shown + ") : none");
  }
}

/// A region's operations and its end.
void ProgramWriter::body(Scope scope, const Types &results, std::string_view end) {
  ++indent;
  if (const Known *outer = hidden(scope)) {
    std::string name = outer->name;
    line(name + " = const {value = " + std::to_string(dice.below(9)) + "} : i64");
    know(scope, name, scalar(TypeKind::I64));
  }
  for (size_t count = dice.below(6); count-- && left;)
    operation(scope);
  look(scope, 3);
  Names values;
  for (TypeId wanted : results)
    values.push_back(value(scope, wanted));
  if (!values.empty() || dice.oneIn(2))
    line(std::string(end) + "(" + list(values) + ")");
  --indent;
}

/// A region within the current one: arguments of these types, operations and an end, without its braces. The
/// body of a `try` says so.
void ProgramWriter::region(const Scope &scope, const Types &arguments, const Types &results,
                           std::string_view end, bool attempted) {
  Scope inner = scope;
  ++inner.depth;
  inner.attempted |= attempted;
  Names shown;
  for (TypeId type : arguments) {
    std::string name = argument(inner);
    know(inner, name, type);
    shown.push_back(name + ": " + show(type));
  }
  if (!shown.empty())
    line("^(" + list(shown) + ")");
  body(std::move(inner), results, end);
}

void ProgramWriter::function(size_t index, bool isMain) {
  current = {isMain ? "main" : "f" + std::to_string(index), {}, {}, false, false, false};
  if (isMain)
    current.parameters = {scalar(TypeKind::I64), scalar(TypeKind::Str), pool.list(scalar(TypeKind::I64))};
  for (size_t i = dice.below(4); i--;)
    current.parameters.push_back(type());
  for (size_t i = 1 + dice.below(3); i--;)
    current.results.push_back(type());
  Scope scope;
  Names head;
  for (TypeId parameter : current.parameters) {
    std::string name = "%p" + std::to_string(head.size());
    know(scope, name, parameter);
    head.push_back(name + ": " + show(parameter));
  }
  line(std::string(isMain || imported || dice.oneIn(2) ? "func @" : "func private @") + current.name + "(" +
       list(head) + ") -> " + show(current.results) + " {");
  ++indent;
  for (size_t share = isMain ? left : 1 + left / 3; share-- && left;)
    operation(scope);
  look(scope, 100);
  Names values;
  for (TypeId wanted : current.results)
    values.push_back(value(scope, wanted));
  line("return(" + list(values) + ")");
  --indent;
  line("}");
  callees.push_back(current);
}

/// One that calls itself as often as its first operand says.
void ProgramWriter::recursiveFunction(size_t index) {
  TypeId i64 = scalar(TypeKind::I64), held = type();
  current = {"r" + std::to_string(index), {i64, held}, {held}, false, false, true};
  std::string t = show(held);
  ++quiet;
  line(std::string(imported ? "func @" : "func private @") + current.name + "(%n: i64, %x: " + t + ") -> " +
       t + " attributes {recursive} {");
  ++indent;
  Scope scope;
  know(scope, "%x", held);
  line("%one = const {value = 1} : i64");
  line("%more = i64.ge(%n, %one) : bool");
  line("%out = if(%more) : " + t + " {");
  ++indent, ++scope.depth;
  for (size_t count = dice.below(4); count-- && left;)
    operation(scope);
  std::string next = value(scope, held);
  line("%rest = i64.sub(%n, %one) : i64");
  line("%deeper = call @" + current.name + "(%rest, " + next + ") : " + t);
  know(scope, "%deeper", held);
  --indent;
  body(scope, {held});
  line("} {");
  line("  yield(%x)");
  line("}");
  line("return(%out)");
  --indent;
  line("}");
  --quiet;
  callees.push_back(current);
}

std::string ProgramWriter::text() {
  looks = dice.oneIn(2);
  size_t count = dice.below(4), elsewhere = dice.oneIn(4) ? dice.below(count + 1) : 0;
  std::string other;
  for (size_t index = 0; index != count && left; ++index) {
    imported = index < elsewhere;
    if (dice.oneIn(4))
      recursiveFunction(index);
    else
      function(index, false);
    if (imported)
      other += std::exchange(out, "");
  }
  imported = false;
  function(callees.size(), true);
  std::string head = "limit @slots {max_in_flight = 2}\nlimit @places {max_in_flight = 4}\n";
  if (other.empty())
    return head + out;
  return "import \"more.xir\"\n" + head + out + "//--- more.xir\n" + other;
}
