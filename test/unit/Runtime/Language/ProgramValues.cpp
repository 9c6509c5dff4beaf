#include "Runtime/Language/ProgramWriter.h"

using namespace xcs;

// Types, literals and values of any type.

TypeId ProgramWriter::record(std::initializer_list<std::pair<std::string_view, TypeId>> fields) {
  std::vector<TypeField> made;
  for (auto [name, type] : fields)
    made.push_back({pool.intern(name), type});
  return pool.record(made);
}

TypeId ProgramWriter::type(unsigned depth) {
  static constexpr TypeKind scalars[] = {TypeKind::I64,  TypeKind::I64,     TypeKind::Str,  TypeKind::Str,
                                         TypeKind::Bool, TypeKind::F64,     TypeKind::Json, TypeKind::Bytes,
                                         TypeKind::None, TypeKind::Duration};
  if (depth == 0 || dice.oneIn(2))
    return scalar(dice.pick(scalars));
  switch (dice.below(6)) {
  case 5:
    return pool.dictionary(keyType(), type(depth - 1));
  case 0:
  case 1:
    return pool.list(type(depth - 1));
  case 2:
    return pool.option(type(depth - 1));
  case 3:
    return pool.result(type(depth - 1));
  default:
    return dice.oneIn(3) ? record({{"x", type(depth - 1)}})
                         : record({{"a", type(depth - 1)}, {"b", type(depth - 1)}, {"func", type(0)}});
  }
}

TypeId ProgramWriter::keyType() {
  static constexpr TypeKind keys[] = {TypeKind::Str, TypeKind::Str, TypeKind::I64, TypeKind::Bool,
                                      TypeKind::Duration};
  return scalar(dice.pick(keys));
}

bool ProgramWriter::holds(TypeId type, TypeKind kind) const {
  ConstantView view = pool.view();
  if (view.kind(type) == kind)
    return true;
  for (const TypeField &field : view.fields(type))
    if (holds(field.type, kind))
      return true;
  return false;
}

std::string ProgramWriter::scalarLiteral(TypeKind kind) {
  static constexpr const char *ints[] = {"0", "1", "1", "2", "3", "-1", "7", "-42", "9223372036854775807"};
  static constexpr const char *floats[] = {"0.0", "1.0", "-2.5", "0.5", "3.25", "1e3", "nan", "inf", "-0.0"};
  static constexpr const char *texts[] = {
      R"("")",     R"("a")",       R"("ab,c")",  R"("Zoë €")",     R"("{0} {x}")", R"("1\n2\r\n")",
      R"(" 12 ")", R"("\"q\\\"")", R"("aXbXc")", R"("日本. So!")", R"("true")",    R"("""raw "x" \d""")"};
  static constexpr const char *times[] = {"0ns", "1us", "250ms", "-3us", "2h", "1500ms"};
  static constexpr const char *jsons[] = {"{a = 1, b = [1, 2.5, \"x\"], c = {d = true}}",
                                          "[1, 2, 3]",
                                          "\"text\"",
                                          "7",
                                          "2.5",
                                          "true",
                                          "{}",
                                          "[]",
                                          "{a = {}, b = [{}]}"};
  switch (kind) {
  case TypeKind::Bool:
    return dice.oneIn(2) ? "true" : "false";
  case TypeKind::I64:
    return dice.pick(ints);
  case TypeKind::F64:
    return dice.pick(floats);
  case TypeKind::Str:
    return dice.pick(texts);
  case TypeKind::Duration:
    return dice.pick(times);
  default:
    return dice.pick(jsons);
  }
}

/// Keys are the texts of their values.
std::string ProgramWriter::dictLiteral(TypeId type) {
  static constexpr const char *texts[] = {"a", "\"\"", "\"b c\"", "\"1\""},
                              *numbers[] = {"\"0\"", "\"-7\"", "\"12\"", "\"3\""},
                              *times[] = {"\"1s\"", "\"0s\"", "\"-250ms\"", "\"2h\""};
  const TypeKind kind = pool.kind(pool.view().keyType(type));
  const size_t most = kind == TypeKind::Bool ? 2 : 4;
  std::string out;
  for (size_t i = 0; i < most; ++i) {
    if (dice.oneIn(2))
      continue;
    const std::string content = literal(pool.view().valueType(type));
    const std::string key = kind == TypeKind::Str    ? texts[i]
                            : kind == TypeKind::I64  ? numbers[i]
                            : kind == TypeKind::Bool ? (i ? "true" : "false")
                                                     : times[i];
    out += (out.empty() ? "" : ", ") + key + (content.empty() ? "" : " = " + content);
  }
  return "{" + out + "}";
}

/// What stands behind `value = `; empty: a bare `value`, as `none` and an option without a value have it.
std::string ProgramWriter::literal(TypeId type) {
  ConstantView view = pool.view();
  TypeKind kind = view.kind(type);
  std::string out;
  if (kind == TypeKind::Option)
    return literal(view.element(type));
  if (kind == TypeKind::List) {
    if (holds(type, TypeKind::None) || holds(type, TypeKind::Option))
      return "[]";
    TypeId element = view.element(type);
    for (size_t i = dice.below(4); i--;)
      out += (out.empty() ? "" : ", ") + literal(element);
    return "[" + out + "]";
  }
  if (kind == TypeKind::Dict)
    return dictLiteral(type);
  if (kind != TypeKind::Record)
    return kind == TypeKind::None ? "" : scalarLiteral(kind);
  std::vector<TypeField> fields(view.fields(type).begin(), view.fields(type).end());
  for (const TypeField &field : fields) {
    std::string content = literal(field.type);
    out += (out.empty() ? "" : ", ") + std::string(pool.text(field.name)) +
           (content.empty() ? "" : " = " + content);
  }
  return "{" + out + "}";
}

std::string ProgramWriter::constant(Scope &scope, TypeId type, const std::string &text) {
  return emit(scope, OpCode::core_const, {}, type, text.empty() ? "value" : "value = " + text);
}

/// A number that will do as a size, a count or an index.
std::string ProgramWriter::small(Scope &scope) {
  return dice.oneIn(6) ? value(scope, scalar(TypeKind::I64))
                       : constant(scope, scalar(TypeKind::I64), std::to_string(dice.below(4)));
}

/// Mostly of three elements.
std::string ProgramWriter::vector(Scope &scope) {
  static constexpr const char *vectors[] = {"[1.0, 0.0, 2.0]", "[0.5, -1.0, 3.0]", "[0.0, 0.0, 1e2]"};
  TypeId floats = pool.list(scalar(TypeKind::F64));
  return dice.oneIn(6) ? value(scope, floats) : constant(scope, floats, dice.pick(vectors));
}

std::string ProgramWriter::notEmpty(Scope &scope, TypeId list) {
  TypeId element = pool.view().element(list);
  std::string one = value(scope, element), other = value(scope, element);
  return emit(scope, OpCode::list_pack, {one, other, dice.oneIn(2) ? one : other}, list);
}

/// A value of the type that can be seen, or one that is made.
std::string ProgramWriter::value(Scope &scope, TypeId type) {
  std::vector<const Known *> fitting;
  for (const Known &known : scope.values)
    if (known.type == type)
      fitting.push_back(&known);
  if (fitting.empty() || dice.oneIn(6))
    return make(scope, type);
  size_t recent = std::min<size_t>(3, fitting.size());
  return dice.oneIn(3) ? dice.pick(fitting)->name : fitting[fitting.size() - 1 - dice.below(recent)]->name;
}

std::string ProgramWriter::make(Scope &scope, TypeId type) {
  ConstantView view = pool.view();
  TypeKind kind = view.kind(type);
  if (hasLiteral(type) && (view.fields(type).empty() || dice.oneIn(2)))
    return constant(scope, type, literal(type));
  if (kind == TypeKind::Bytes)
    return emit(scope, OpCode::bytes_from_str, {value(scope, scalar(TypeKind::Str))}, type);
  if (kind == TypeKind::Result)
    return emit(scope, OpCode::result_ok, {value(scope, view.element(type))}, type);
  if (kind == TypeKind::Option)
    return dice.oneIn(3) ? emit(scope, OpCode::option_none, {}, type)
                         : emit(scope, OpCode::option_some, {value(scope, view.element(type))}, type);
  Names parts;
  TypeId element = kind == TypeKind::List ? view.element(type) : TypeId();
  if (kind == TypeKind::List) {
    for (size_t i = dice.below(4); i--;)
      parts.push_back(value(scope, element));
    return emit(scope, OpCode::list_pack, parts, type);
  }
  std::vector<TypeField> fields(view.fields(type).begin(), view.fields(type).end());
  if (kind == TypeKind::Dict) {
    for (size_t i = dice.below(4); i--;)
      for (const TypeField &field : fields)
        parts.push_back(value(scope, field.type));
    return emit(scope, OpCode::dict_make, parts, type);
  }
  for (const TypeField &field : fields)
    parts.push_back(value(scope, field.type));
  return emit(scope, OpCode::record_make, parts, type);
}
