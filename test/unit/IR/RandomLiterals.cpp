#include "IR/RandomModule.h"
#include <limits>

using namespace xcs;

TypeId RandomModule::type(unsigned depth) {
  switch (dice.below(depth == 0 ? 8 : 13)) {
  case 8:
    return pool.list(type(depth - 1));
  case 9:
    return pool.option(type(depth - 1));
  case 10:
    return pool.result(type(depth - 1));
  case 12:
    return pool.dictionary(keyType(), type(depth - 1));
  case 11:
    return record({{"x", type(depth - 1)}, {"y", type(depth - 1)}});
  default:
    break;
  }
  static constexpr TypeKind scalars[] = {TypeKind::Bool,  TypeKind::I64,  TypeKind::F64,  TypeKind::Str,
                                         TypeKind::Bytes, TypeKind::Json, TypeKind::None, TypeKind::Duration};
  return pool.scalar(dice.pick(scalars));
}

/// Few names, so that they hide one another; none at all; some that look like the printer's own.
std::string_view RandomModule::name() {
  static constexpr std::string_view names[] = {"a", "b", "a_1", "0", "3", "b.c", "x$"};
  return dice.oneIn(2) ? std::string_view() : dice.pick(names);
}

/// Text with all that a printer must mind.
std::string RandomModule::text() {
  static constexpr std::string_view pieces[] = {
      "word", "\"",   "\\",       "\n",     "\t", "{0}", "%x",
      "//",   "\x01", "\xc3\xa9", "\"\"\"", "$1", "\r",  "\xf0\x9f\x98\x80",
      "\x7f"};
  std::string made;
  for (size_t i = dice.below(5); i--;)
    made += dice.pick(pieces);
  return made;
}

std::string RandomModule::templateText(size_t operands) {
  std::string made = "{{";
  for (size_t i = dice.below(4); i-- && operands;)
    made += "{" + std::to_string(dice.below(operands)) + "} ";
  return made + "}}\n";
}

AttrId RandomModule::scalarLiteral(TypeKind kind) {
  constexpr double infinity = std::numeric_limits<double>::infinity(),
                   nan = std::numeric_limits<double>::quiet_NaN();
  static constexpr double floats[] = {0.0, -0.0, 0.1, 1e300, 5e-324, -infinity, infinity, nan, 12345678.9};
  static constexpr int64_t whole[] = {0, 1, -1, 42, INT64_MAX, INT64_MIN, 60'000'000'000, 1'500'000'000};
  switch (kind) {
  case TypeKind::Bool:
    return pool.boolAttr(dice.oneIn(2));
  case TypeKind::I64:
    return pool.intAttr(dice.pick(whole));
  case TypeKind::F64:
    return dice.oneIn(4) ? pool.intAttr(dice.pick(whole)) : pool.floatAttr(dice.pick(floats));
  case TypeKind::Duration:
    return pool.durationAttr(dice.pick(whole));
  case TypeKind::Str:
    return pool.textAttr(text());
  case TypeKind::Json: {
    AttrId items[] = {pool.intAttr(1), pool.textAttr(text())};
    DictEntry entry{pool.intern("key"), pool.listAttr(items)};
    return dice.oneIn(2) ? pool.listAttr(items) : pool.dictAttr(pool.dict({&entry, 1}));
  }
  case TypeKind::None:
  case TypeKind::Bytes:
  case TypeKind::Secret:
  case TypeKind::List:
  case TypeKind::Option:
  case TypeKind::Result:
  case TypeKind::Record:
  case TypeKind::Dict:
    break;
  }
  return pool.unitAttr();
}

/// A literal of an attribute that takes certain texts or dictionaries alone; none for any other.
AttrId RandomModule::specialLiteral(std::string_view attribute) {
  struct Words {
    std::string_view attribute, one, other;
  };
  static constexpr Words words[] = {
      {"method", "POST", "DELETE"},          {"pointer", "", "/items/0/a~1b~0\n"},
      {"pattern", "(a|\"b\")+", "^(\\d*)$"}, {"cache", "auto", "off"},
      {"at_bound", "fail", "yield"},         {"tool_choice", "required", "auto"},
      {"repeat", "never", "idempotent"},     {"effect", "read(db)", "write(a b)"},
      {"function", "f", "module.name"},      {"unit", "month", "week"},
  };
  for (const Words &row : words)
    if (row.attribute == attribute)
      return pool.textAttr(dice.oneIn(2) ? row.one : row.other);
  if (attribute == "url")
    return dice.oneIn(2) ? pool.envAttr(pool.intern("URL")) : pool.textAttr("https://a.example/" + text());
  if (attribute == "key")
    return pool.secretAttr(pool.intern("KEY"), dice.oneIn(2) ? StringId() : pool.intern("Bearer "));
  if (attribute == "group") // each of those patterns has one
    return pool.intAttr(static_cast<int64_t>(dice.below(2)));
  if (attribute == "schema") {
    DictEntry minimum{pool.intern("minimum"), pool.intAttr(3)};
    return dice.oneIn(2) ? pool.textAttr("{\"items\": true}") : pool.dictAttr(pool.dict({&minimum, 1}));
  }
  if (attribute == "capabilities") {
    DictEntry entries[] = {{pool.intern("n"), pool.textAttr("off")},
                           {pool.intern("seed"), pool.textAttr("auto")}};
    return pool.dictAttr(pool.dict(entries));
  }
  if (attribute == "retry") {
    DictEntry entries[] = {{pool.intern("max"), pool.intAttr(3)},
                           {pool.intern("cap"), pool.durationAttr(1'000'000)}};
    return pool.dictAttr(pool.dict(entries));
  }
  return {};
}

AttrId RandomModule::literal(std::string_view attribute, AttrType type) {
  if (AttrId special = specialLiteral(attribute))
    return special;
  switch (type) {
  case AttrType::Bool:
    return pool.boolAttr(dice.oneIn(2));
  case AttrType::I64:
    return pool.intAttr(static_cast<int64_t>(1 + dice.below(attribute == "top_logprobs" ? 20 : 100)));
  case AttrType::F64:
    return dice.oneIn(2) ? pool.intAttr(1) : pool.floatAttr(0.1 * static_cast<double>(1 + dice.below(10)));
  case AttrType::Str:
    return pool.textAttr(text());
  case AttrType::Duration:
    return pool.durationAttr(static_cast<int64_t>(1 + dice.below(1'000'000'000'000)));
  case AttrType::Symbol:
    return pool.symbolAttr(pool.intern("gpt"));
  case AttrType::Type:
    return pool.typeAttr(this->type());
  case AttrType::List:
  case AttrType::Texts: {
    AttrId items[] = {pool.textAttr(text()), pool.textAttr(text())};
    return pool.listAttr({items, dice.below(3)});
  }
  case AttrType::Dict: {
    DictEntry entry{pool.intern("Content-Type"), pool.textAttr(text())};
    return pool.dictAttr(pool.dict({&entry, dice.below(2)}));
  }
  case AttrType::Flag:
    return dice.oneIn(2) ? pool.unitAttr() : pool.boolAttr(dice.oneIn(2));
  case AttrType::Names:
    return pool.textAttr(text());
  case AttrType::Slots: {
    DictEntry entries[] = {{pool.intern("@places"), pool.intAttr(static_cast<int64_t>(1 + dice.below(3)))},
                           {pool.intern("@slots"), pool.intAttr(1)}};
    return dice.oneIn(2) ? pool.symbolAttr(pool.intern("slots"))
                         : pool.dictAttr(pool.dict({entries, 1 + dice.below(2)}));
  }
  case AttrType::Any:
    break;
  }
  return pool.intAttr(7);
}
