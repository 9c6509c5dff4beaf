#include "Runtime/Language/ProgramWriter.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;

// Operations as their rows describe them.

/// `own` and attributes that change no meaning.
std::string ProgramWriter::attributesOf(OpCode code, std::string own) {
  static constexpr const char *anywhere[] = {"keep",
                                             "hint.latency = 2ms",
                                             "hint.cost = 0.5",
                                             "hint.tokens = 7",
                                             "hint.size = 100",
                                             "pattern.note = \"n\""};
  static constexpr const char *ofTheWorld[] = {"timeout = 10m", "limit = @slots", "limit = {@slots = 2}",
                                               "limit = {@places = 3, @slots = 1}", "cache = \"auto\""};
  auto add = [&](std::string_view text) {
    std::string_view key = text.substr(0, text.find(' '));
    if (own.find(key) == own.npos)
      own += (own.empty() ? "" : ", ") + std::string(text);
  };
  if (dice.oneIn(16))
    add(dice.pick(anywhere));
  if (rowOf(code).form == OpForm::World && code != OpCode::log_print && !bare && dice.oneIn(4))
    add(dice.pick(ofTheWorld));
  return own.empty() ? "" : " {" + own + "}";
}

/// Order-only operands: any values at all.
std::string ProgramWriter::afterOf(const Scope &scope) {
  if (scope.values.empty() || !dice.oneIn(20))
    return "";
  return " after(" + dice.pick(scope.values).name +
         (dice.oneIn(2) ? "" : ", " + dice.pick(scope.values).name) + ")";
}

std::string ProgramWriter::emit(Scope &scope, Op op) {
  codes.insert(op.code);
  std::string text(rowOf(op.code).name), after = afterOf(scope), name = fresh();
  if (!op.operands.empty() || (op.code == OpCode::list_pack && dice.oneIn(2)))
    text += "(" + list(op.operands) + ")";
  text += after + attributesOf(op.code, op.attributes) + " : " + show(op.result);
  // What may fail stands in a `try` of its own, more often than not.
  bool mayFail = rowOf(op.code).totality == Totality::Fallible && op.code != OpCode::time_sleep && !bare;
  bool isWrite =
      rowOf(op.code).effect == Effect::WriteNever || rowOf(op.code).effect == Effect::WriteIdempotent;
  if (mayFail && !isWrite && op.code != OpCode::exec_run && !dice.oneIn(3)) {
    std::string held = fresh(), inner = "%t" + std::to_string(names++), other = value(scope, op.result);
    codes.insert({OpCode::core_try, OpCode::result_or});
    line(held + " = try : result<" + show(op.result) + "> {");
    line("  " + inner + " = " + text);
    line("  yield(" + inner + ")");
    line("}");
    know(scope, held, pool.result(op.result));
    name = fresh();
    text = "result.or(" + held + ", " + other + ") : " + show(op.result);
  }
  line(name + " = " + text);
  know(scope, name, op.result);
  if (rowOf(op.code).effect == Effect::Pure && dice.oneIn(10)) { // equal ones may be merged
    std::string twin = fresh();
    line(twin + " = " + text);
    know(scope, twin, op.result);
  }
  return name;
}

/// Types that values of T may have for an operation: an order or an equality is not said of all.
static bool needsOrder(OpCode code) { return code == OpCode::list_sort || code == OpCode::list_top_k; }
static bool needsEquality(OpCode code) {
  constexpr OpCode codes[] = {OpCode::list_union,    OpCode::list_difference, OpCode::list_intersection,
                              OpCode::list_unique,   OpCode::list_contains,   OpCode::list_index_of,
                              OpCode::vote_majority, OpCode::vote_weighted,   OpCode::str_from,
                              OpCode::str_format,    OpCode::json_from};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

/// A type for one parameter of a row; type variables get a type at their first use.
TypeId ProgramWriter::bind(std::span<const SignatureNode> nodes, TypeId (&bound)[2], OpCode code) {
  auto suits = [&](TypeId type) {
    bool isCompound = holds(type, TypeKind::Result) || holds(type, TypeKind::Option) ||
                      holds(type, TypeKind::Json) || holds(type, TypeKind::None) ||
                      holds(type, TypeKind::Dict);
    return needsOrder(code) ? !isCompound : !needsEquality(code) || !holds(type, TypeKind::Result);
  };
  auto any = [&] {
    TypeId made = type();
    while (!suits(made))
      made = type();
    return made;
  };
  return typeOfNodes(pool, nodes, [&](const SignatureNode &node, bool) {
    if (node.form == SignatureNode::Form::Exact)
      return scalar(node.kind);
    if (node.form != SignatureNode::Form::Variable)
      return any();
    if (!bound[node.variable])
      bound[node.variable] = any();
    return bound[node.variable];
  });
}

static constexpr const char *patterns[] = {"\"X\"", "\"[a-z]+\"",   "\"(\\\\w)(b)?\"",
                                           "\"^\"", "\"(?i)z(o)\"", "\"x*\""};

ProgramWriter::Names ProgramWriter::operandsFor(Scope &scope, OpCode code, TypeId (&bound)[2]) {
  const SignatureText &signature = rowOf(code).signature;
  Names operands;
  for (const SignatureParam &param : signature.operands()) {
    size_t count = param.count == SignatureParam::Count::One        ? 1
                   : param.count == SignatureParam::Count::Optional ? dice.below(2)
                                                                    : 1 + dice.below(3);
    while (count--) {
      if (param.count == SignatureParam::Count::Optional &&
          textPlaceOf(code, SIZE_MAX) == TextPlace::Attribute &&
          code != OpCode::str_split) { // few texts are pointers or patterns
        const bool isPattern = rowOf(code).name.starts_with("str.regex_");
        const char *text = isPattern ? dice.pick(patterns) : dice.oneIn(2) ? "\"/a\"" : "\"/b/1\"";
        operands.push_back(isPattern && dice.oneIn(8) ? value(scope, scalar(TypeKind::Str))
                                                      : constant(scope, scalar(TypeKind::Str), text));
        continue;
      }
      TypeId wanted = bind(nodesOf(signature, param), bound, code);
      operands.push_back(value(scope, wanted));
    }
  }
  return operands;
}

void ProgramWriter::tableOp(Scope &scope, OpCode code) {
  if (rowOf(code).form == OpForm::Control || symbolUse(code) != SymbolUse::None)
    return;
  if (rowOf(code).form == OpForm::World || code == OpCode::core_const)
    return (void)(worldOp(scope, code) || make(scope, type()).empty());
  if (openOp(scope, code))
    return;
  const SignatureText &signature = rowOf(code).signature;
  TypeId bound[2];
  for (uint8_t v = 0; v < 2; ++v)
    if (signature.isKey(v))
      bound[v] = keyType();
  Names operands;
  if (!fitting(scope, code, bound, operands))
    operands = operandsFor(scope, code, bound);
  TypeId result = bind(nodesOf(signature, signature.results()[0]), bound, code);
  emit(scope, code, operands, result, attributesFor(code, operands.size()));
}

/// Whether an attribute of an operation is to be written.
bool ProgramWriter::isGiven(OpCode code, const AttrRow &row, size_t operands) {
  const TextPlace place = isPlacedText(row.name) ? textPlaceOf(code, operands) : TextPlace::Elsewhere;
  if (place != TextPlace::Elsewhere)
    return place == TextPlace::Attribute;
  return row.required || !dice.oneIn(2);
}

/// What an operation's row must have or may have of its own.
std::string ProgramWriter::attributesFor(OpCode code, size_t operands) {
  static constexpr const char *pointers[] = {"\"\"",     "\"/a\"", "\"/b/1\"", "\"/c/d\"",
                                             "\"/b/-\"", "\"/0\"", "\"/new\""};
  static constexpr const char *schemas[] = {"{type = \"object\"}", "{type = [\"array\", \"string\"]}",
                                            "{properties = {a = {minimum = 2}}}",
                                            "\"{\\\"maxItems\\\": 2}\""};
  static constexpr const char *units[] = {"\"year\"", "\"month\"", "\"week\"",
                                          "\"day\"",  "\"hour\"",  "\"minute\""};
  std::string own;
  for (const AttrRow &row : rowOf(code).attributes.all()) {
    std::string text(row.name);
    if (!isGiven(code, row, operands))
      continue;
    if (row.name == "separator")
      text += dice.oneIn(8) ? " = \"\"" : dice.oneIn(2) ? " = \",\"" : " = \"Xb\"";
    else if (row.name == "template" && code == OpCode::str_regex_rewrite)
      text += " = \"<{0}>\"";
    else if (row.name == "template")
      text += operands == 0 ? " = \"{{}}\"" : " = \"a{0}{{b}}{" + std::to_string(operands - 1) + "}\"";
    else if (row.name == "pointer")
      text += " = " + std::string(dice.pick(pointers));
    else if (row.name == "pattern")
      text += " = " + std::string(dice.pick(patterns));
    else if (row.name == "schema")
      text += " = " + std::string(dice.pick(schemas));
    else if (row.name == "type")
      text += " = " + show(type());
    else if (row.name == "digits")
      text += " = " + std::to_string(dice.below(4));
    else if (row.name == "unit")
      text += " = " + std::string(dice.pick(units));
    else if (row.name == "group")
      text += " = 0";
    else if (row.type != AttrType::Flag)
      continue;
    own += (own.empty() ? "" : ", ") + text;
  }
  return own;
}

/// Operations whose rows leave the result, or what it has to do with the operands, open.
bool ProgramWriter::openOp(Scope &scope, OpCode code) {
  TypeId a = type(1), b = type(1), pair = record({{"a", a}, {"b", b}}), i64 = scalar(TypeKind::I64);
  if (code == OpCode::record_make) {
    make(scope, pair);
  } else if (code == OpCode::record_get) {
    emit(scope, code, {value(scope, pair)}, b, "field = \"b\"");
  } else if (code == OpCode::record_with) {
    std::string whole = value(scope, pair), part = value(scope, a);
    emit(scope, code, {whole, part}, pair, "field = \"a\"");
  } else if (code == OpCode::list_enumerate) {
    emit(scope, code, {value(scope, pool.list(a))}, pool.list(record({{"index", i64}, {"value", a}})));
  } else if (code == OpCode::list_zip) {
    std::string xs = value(scope, pool.list(a)), ys = value(scope, pool.list(b));
    if (dice.oneIn(2))
      ys = xs, b = a;
    emit(scope, code, {xs, ys}, pool.list(record({{"first", a}, {"second", b}})));
  } else if (code == OpCode::vote_first_valid) {
    TypeId held = dice.oneIn(2) ? pool.result(a) : pool.option(a);
    emit(scope, code, {notEmpty(scope, pool.list(held))}, a);
  } else if (code == OpCode::json_cast) {
    while (holds(a, TypeKind::Result))
      a = type(1);
    std::string json = dice.oneIn(3)
                           ? value(scope, scalar(TypeKind::Json))
                           : emit(scope, OpCode::json_from, {value(scope, a)}, scalar(TypeKind::Json));
    emit(scope, code, {json}, a);
  } else {
    return keyedOp(scope, code) || tableTextOp(scope, code) || errorOp(scope, code);
  }
  return true;
}

/// Operations of dictionaries, of keys and of indices.
bool ProgramWriter::keyedOp(Scope &scope, OpCode code) {
  TypeId a = type(1), key = keyType(), dict = pool.dictionary(key, a), str = scalar(TypeKind::Str);
  TypeId json = scalar(TypeKind::Json), item = record({{"key", key}, {"value", a}}), list = pool.list(a);
  if (code == OpCode::dict_make) {
    make(scope, dict);
  } else if (code == OpCode::dict_items) {
    emit(scope, code, {value(scope, dict)}, pool.list(item));
  } else if (code == OpCode::dict_from_items) {
    emit(scope, code, {value(scope, pool.list(item))}, dict);
  } else if (code == OpCode::list_pluck) {
    emit(scope, code, {value(scope, pool.list(item))}, list, "field = \"value\"");
  } else if (code == OpCode::list_flat) {
    std::string one = value(scope, a), more = value(scope, list), perhaps = value(scope, pool.option(a));
    emit(scope, code, {one, more, perhaps}, list);
  } else if (code == OpCode::list_gather) {
    std::string elements = notEmpty(scope, list);
    emit(scope, code, {elements, constant(scope, pool.list(scalar(TypeKind::I64)), "[1, 0, 1]")}, list);
  } else if (code == OpCode::list_take || code == OpCode::list_drop) {
    std::string elements = value(scope, list);
    emit(scope, code, {elements, small(scope)}, list);
  } else if (code == OpCode::str_fill) {
    while (holds(a, TypeKind::Result))
      a = type(1);
    TypeId values = record({{"a", a}, {"b", str}});
    std::string filled = constant(scope, str, "\"<{a}>{{b}} {b}\"");
    emit(scope, code, {filled, value(scope, values)}, str);
  } else if (code == OpCode::json_at || code == OpCode::json_set) {
    const bool isIndex = dice.oneIn(2);
    Names operands{constant(scope, json, isIndex ? "[1, [2], {}]" : "{a = 1, b = [2]}")};
    operands.push_back(isIndex ? small(scope) : constant(scope, str, dice.oneIn(3) ? "\"c\"" : "\"b\""));
    if (code == OpCode::json_set)
      operands.push_back(value(scope, json));
    emit(scope, code, operands, json);
  } else {
    return false;
  }
  return true;
}

/// Operations of tables and of points in time, as texts.
bool ProgramWriter::tableTextOp(Scope &scope, OpCode code) {
  const TypeId str = scalar(TypeKind::Str), i64 = scalar(TypeKind::I64), time = scalar(TypeKind::Duration);
  static constexpr const char *separators[] = {"", "", "separator = \";\"", "separator = \"\\t\""};
  static constexpr const char *formats[] = {"", "format = \"%F %T.%N\"", "format = \"%a %d %b %Y\"",
                                            "format = \"%Y at %I:%M %p\"", "format = \"%s\""};
  if (code == OpCode::csv_parse || code == OpCode::csv_print) {
    const TypeId named = record({{"a", str},
                                 {"b", pool.option(dice.oneIn(2) ? str : i64)},
                                 {"c", scalar(TypeKind::Bool)},
                                 {"d", dice.oneIn(2) ? time : scalar(TypeKind::F64)}});
    const TypeId rows = pool.list(dice.oneIn(3) ? pool.list(str) : named);
    const std::string separator = dice.pick(separators);
    std::string text = emit(scope, OpCode::csv_print, {value(scope, rows)}, str, separator);
    if (code == OpCode::csv_parse)
      emit(scope, code, {dice.oneIn(8) ? value(scope, str) : text}, rows, separator);
  } else if (code == OpCode::json_lines || code == OpCode::json_print_lines) {
    TypeId element = dice.oneIn(2) ? scalar(TypeKind::Json) : type(1);
    while (holds(element, TypeKind::Result))
      element = type(1);
    std::string text = emit(scope, OpCode::json_print_lines, {value(scope, pool.list(element))}, str);
    if (code == OpCode::json_lines)
      emit(scope, code, {dice.oneIn(8) ? value(scope, str) : text}, pool.list(element));
  } else if (code == OpCode::time_parse || code == OpCode::time_format) {
    const std::string format = dice.pick(formats);
    std::string text = emit(scope, OpCode::time_format, {value(scope, time)}, str, format);
    if (code == OpCode::time_parse)
      emit(scope, code, {dice.oneIn(8) ? value(scope, str) : text}, time, format);
  } else if (code == OpCode::time_add_months) {
    emit(scope, code, {value(scope, time), small(scope)}, time);
  } else if (code == OpCode::time_parts) {
    emit(scope, code, {value(scope, time)},
         record({{"year", i64},
                 {"month", i64},
                 {"day", i64},
                 {"hour", i64},
                 {"minute", i64},
                 {"second", i64},
                 {"ns", i64},
                 {"weekday", i64}}));
  } else {
    return false;
  }
  return true;
}

/// `result.error` and `result.errors`, of which all but the wording of the message is the language's.
bool ProgramWriter::errorOp(Scope &scope, OpCode code) {
  if (code != OpCode::result_error && code != OpCode::result_errors)
    return false;
  codes.insert(code);
  TypeId i64 = scalar(TypeKind::I64), str = scalar(TypeKind::Str), held = type(1);
  std::string shown = "record<kind: str, message: str, op: str, attempt: i64>";
  std::string id = std::to_string(names++), field = dice.oneIn(3) ? "attempt" : dice.oneIn(2) ? "op" : "kind";
  TypeId wanted = field == "attempt" ? i64 : str;
  std::string get = "{field = \"" + field + "\"} : " + show(wanted);
  if (code == OpCode::result_errors) {
    std::string list = notEmpty(scope, pool.list(pool.result(held)));
    line("%e" + id + " = result.errors(" + list + ") : list<" + shown + ">");
    line("%v" + id + " = map(%e" + id + ") : list<" + show(wanted) + "> {");
    line("^(%e: " + shown + ")");
    line("  %f = record.get(%e) " + get);
    line("  yield(%f)");
    line("}");
    know(scope, "%v" + id, pool.list(wanted));
    return true;
  }
  std::string failed = "%x" + id;
  const bool mustFail = dice.oneIn(2); // what is random fails rarely
  if (mustFail)
    held = i64;
  line(failed + " = try : result<" + show(held) + "> {");
  if (mustFail) {
    line("  %t" + id + " = const {value = \"no number\"} : str");
    line("  %n" + id + " = str.to_i64(%t" + id + ") : i64");
    line("  yield(%n" + id + ")");
  } else {
    region(scope, {}, {held}, "yield", true);
  }
  line("}");
  know(scope, failed, pool.result(held));
  line("%r" + id + " = try : result<" + show(wanted) + "> {");
  line("  %e" + id + " = result.error(" + failed + ") : " + shown);
  line("  %f" + id + " = record.get(%e" + id + ") " + get);
  line("  yield(%f" + id + ")");
  line("}");
  know(scope, "%r" + id, pool.result(wanted));
  return true;
}
