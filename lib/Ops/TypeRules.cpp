#include "Ops/Regex.h"
#include "Ops/TimeText.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/RequestForm.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <array>
#include <optional>

using namespace xcs;

namespace {
/// The inputs of the rules.
struct Types {
  const ConstantView &view;
  std::span<const TypeId> operands, results;
  std::span<const AttrId> attributes;
  PreparedAttrs &prepared;
};
using Rule = std::string_view (*)(const Types &);

/// A field that a rule requires: by kind, or by exact type (kind None, which no rule requires).
struct FieldRule {
  std::string_view name;
  TypeKind kind = TypeKind::None;
  TypeId type;
};
} // namespace

static bool hasFields(const ConstantView &view, TypeId record, std::initializer_list<FieldRule> wanted) {
  if (view.kind(record) != TypeKind::Record || view.fields(record).size() != wanted.size())
    return false;
  const TypeField *field = view.fields(record).data();
  for (const FieldRule &rule : wanted) {
    bool typed = rule.type ? field->type == rule.type : view.kind(field->type) == rule.kind;
    if (!typed || view.text(field->name) != rule.name)
      return false;
    ++field;
  }
  return true;
}

/// The type of the field that attribute `row` names; none if there is no such field.
static TypeId namedField(const Types &types, size_t row) {
  return types.prepared.fieldOf(types.view, types.operands[0], types.view.textAttr(types.attributes[row]));
}

static std::string_view constRule(const Types &types) {
  constexpr size_t value = attrRow<OpCode::core_const>("value");
  AttrKind literal = types.view.attr(types.attributes[value]).kind;
  TypeKind type = types.view.kind(types.results[0]);
  // Common scalars, without making a value of them.
  if ((literal == AttrKind::I64 && (type == TypeKind::I64 || type == TypeKind::F64)) ||
      (literal == AttrKind::F64 && type == TypeKind::F64) ||
      (literal == AttrKind::Str && type == TypeKind::Str) ||
      (literal == AttrKind::Bool && type == TypeKind::Bool))
    return {};
  return valueOfAttr(types.view, types.attributes[value], types.results[0]).empty()
             ? "has a value that does not match its type"
             : std::string_view();
}

static std::string_view makeRule(const Types &types) {
  std::span<const TypeField> fields = types.view.fields(types.results[0]);
  bool right = fields.size() == types.operands.size();
  for (size_t i = 0; right && i < fields.size(); ++i)
    right = fields[i].type == types.operands[i];
  return right ? std::string_view() : "has operands that are not the fields of its record";
}

static std::string_view getRule(const Types &types) {
  TypeId field = namedField(types, attrRow<OpCode::record_get>("field"));
  if (!field)
    return "names a field that its record does not have";
  return field == types.results[0] ? std::string_view() : "has a different type from the field it names";
}

static std::string_view withRule(const Types &types) {
  TypeId field = namedField(types, attrRow<OpCode::record_with>("field"));
  if (!field)
    return "names a field that its record does not have";
  if (types.operands[0] != types.results[0])
    return "has a different type from its record";
  return field == types.operands[1] ? std::string_view()
                                    : "has a value of a different type from the field it names";
}

static std::string_view zipRule(const Types &types) {
  const ConstantView &view = types.view;
  return hasFields(view, view.element(types.results[0]),
                   {{"first", {}, view.element(types.operands[0])},
                    {"second", {}, view.element(types.operands[1])}})
             ? std::string_view()
             : "does not return `list<record<first: T, second: U>>`";
}

static std::string_view enumerateRule(const Types &types) {
  const ConstantView &view = types.view;
  return hasFields(view, view.element(types.results[0]),
                   {{"index", TypeKind::I64, {}}, {"value", {}, view.element(types.operands[0])}})
             ? std::string_view()
             : "does not return `list<record<index: i64, value: T>>`";
}

/// Keys and values of the dictionary in turn.
static std::string_view dictMakeRule(const Types &types) {
  const ConstantView &view = types.view;
  if (types.operands.size() % 2)
    return "has a key without a value";
  for (size_t i = 0; i < types.operands.size(); i += 2)
    if (types.operands[i] != view.keyType(types.results[0]) ||
        types.operands[i + 1] != view.valueType(types.results[0]))
      return "has operands that are not keys and values of its dictionary in turn";
  return {};
}

static bool isItemOf(const ConstantView &view, TypeId item, TypeId dict) {
  return hasFields(view, item, {{"key", {}, view.keyType(dict)}, {"value", {}, view.valueType(dict)}});
}

static std::string_view itemsRule(const Types &types) {
  return isItemOf(types.view, types.view.element(types.results[0]), types.operands[0])
             ? std::string_view()
             : "does not return `list<record<key: K, value: V>>`";
}

static std::string_view fromItemsRule(const Types &types) {
  return isItemOf(types.view, types.view.element(types.operands[0]), types.results[0])
             ? std::string_view()
             : "does not take `list<record<key: K, value: V>>` of its result, `dict<K, V>`";
}

static std::string_view pluckRule(const Types &types) {
  const ConstantView &view = types.view;
  const TypeId field =
      types.prepared.fieldOf(view, view.element(types.operands[0]),
                             view.textAttr(types.attributes[attrRow<OpCode::list_pluck>("field")]));
  if (!field)
    return "names a field that its records do not have";
  return field == view.element(types.results[0]) ? std::string_view()
                                                 : "does not return a list of the type of the field it names";
}

static std::string_view flatRule(const Types &types) {
  const ConstantView &view = types.view;
  const TypeId element = view.element(types.results[0]);
  for (TypeId type : types.operands) {
    const bool holds = view.kind(type) == TypeKind::List || view.kind(type) == TypeKind::Option;
    if (type != element && !(holds && view.element(type) == element))
      return "has an operand that is neither an element of its result nor a list or option of them";
  }
  return {};
}

/// What is a text known at compile time in most programs is an attribute; one known at run time is an
/// operand.
template <OpCode code, bool needed = true> static std::string_view textRule(const Types &types) {
  const size_t most = countOf(rowOf(code).signature.operands()).most;
  const bool isOperand = types.operands.size() == most, isAttribute = types.attributes[0].valid();
  if (isOperand && isAttribute)
    return "has its text both as an attribute and as an operand";
  if (!needed || isOperand || isAttribute)
    return {};
  return code == OpCode::str_split ? "needs a separator, as the attribute `separator` or as an operand"
                                   : "needs a pointer, as the attribute `pointer` or as an operand";
}

static std::string_view fillRule(const Types &types) {
  const ConstantView &view = types.view;
  const TypeKind kind = view.kind(types.operands[1]);
  const bool hasNames =
      kind == TypeKind::Record ||
      (kind == TypeKind::Dict && view.kind(view.keyType(types.operands[1])) == TypeKind::Str);
  return hasNames ? std::string_view() : "takes its values from a record or a `dict<str, V>`";
}

static std::string_view keyRule(const Types &types) {
  const TypeKind key = types.view.kind(types.operands[1]);
  return key == TypeKind::Str || key == TypeKind::I64 ? std::string_view()
                                                      : "has a key that is neither `str` nor `i64`";
}

static bool isErrorRecord(const ConstantView &view, TypeId type) {
  return hasFields(view, type,
                   {{"kind", TypeKind::Str, {}},
                    {"message", TypeKind::Str, {}},
                    {"op", TypeKind::Str, {}},
                    {"attempt", TypeKind::I64, {}}});
}

static std::string_view errorRule(const Types &types) {
  return isErrorRecord(types.view, types.results[0])
             ? std::string_view()
             : "does not return `record<kind: str, message: str, op: str, attempt: i64>`";
}

static std::string_view errorsRule(const Types &types) {
  return isErrorRecord(types.view, types.view.element(types.results[0]))
             ? std::string_view()
             : "does not return `list<record<kind: str, message: str, op: str, attempt: i64>>`";
}

static std::string_view firstValidRule(const Types &types) {
  TypeId element = types.view.element(types.operands[0]);
  TypeKind kind = types.view.kind(element);
  if (kind != TypeKind::Option && kind != TypeKind::Result)
    return "needs a list of options or results";
  return types.view.element(element) == types.results[0] ? std::string_view()
                                                         : "must return what its options or results contain";
}

/// What is wrong with where an operation has its pattern, or with the pattern. `regex` is the one of the
/// attribute; null without it.
template <OpCode code> static std::string_view wrongPattern(const Types &types, const Regex *&regex) {
  static_assert(attrRow<code>("pattern") == 0);
  const bool isOperand = types.operands.size() == countOf(rowOf(code).signature.operands()).most;
  regex = nullptr;
  if (isOperand && types.attributes[0])
    return "has its pattern both as an attribute and as an operand";
  if (isOperand)
    return {};
  if (!types.attributes[0])
    return "needs a pattern, as the attribute `pattern` or as the last operand";
  types.prepared.add(types.view, code, types.attributes);
  regex = types.prepared.regex(types.attributes[0]);
  return regex ? std::string_view() : "has an invalid regular expression as its `pattern`";
}

template <OpCode code> static std::string_view patternRule(const Types &types) {
  const Regex *regex;
  return wrongPattern<code>(types, regex);
}

template <OpCode code> static std::string_view groupRule(const Types &types) {
  const Regex *regex;
  if (std::string_view wrong = wrongPattern<code>(types, regex); !wrong.empty())
    return wrong;
  const AttrId group = types.attributes[attrRow<code>("group")];
  const int64_t number = group ? types.view.intAttr(group) : 0;
  const bool exists = number >= 0 && (!regex || static_cast<uint64_t>(number) <= regex->groupCount());
  return exists ? std::string_view() : "names a `group` that its pattern does not have";
}

static std::string_view rewriteRule(const Types &types) {
  const Regex *regex;
  if (std::string_view wrong = wrongPattern<OpCode::str_regex_rewrite>(types, regex); !wrong.empty())
    return wrong;
  std::optional<size_t> placeholders = types.prepared.placeholderCount(
      types.view, types.attributes[attrRow<OpCode::str_regex_rewrite>("template")]);
  return placeholders && (!regex || *placeholders <= regex->groupCount() + 1)
             ? std::string_view()
             : "has a brace in its `template` that is not a placeholder, or a placeholder for a group that "
               "its pattern does "
               "not "
               "have";
}

template <OpCode code> static std::string_view schemaRule(const Types &types) {
  types.prepared.add(types.view, code, types.attributes);
  return types.prepared.schema(types.attributes[attrRow<code>("schema")])
             ? std::string_view()
             : "has an invalid JSON Schema as its `schema`";
}

/// A plan may name types that contain secrets, which have no JSON form. Each type is visited once.
static std::string_view schemaOfTypeRule(const Types &types) {
  std::vector<bool> seen(types.view.types.size());
  AttrId named = types.attributes[attrRow<OpCode::json_schema>("type")];
  std::vector<TypeId> open{TypeId(static_cast<uint32_t>(types.view.attr(named).payload))};
  while (!open.empty()) {
    TypeId type = open.back();
    open.pop_back();
    if (types.view.kind(type) == TypeKind::Secret)
      return "names a type with a secret in it, which has no JSON form";
    for (const TypeField &field : types.view.fields(type))
      if (!seen[field.type.index]) {
        seen[field.type.index] = true;
        open.push_back(field.type);
      }
  }
  return {};
}

static bool isContent(TypeKind kind) { return kind == TypeKind::Str || kind == TypeKind::Bytes; }

static std::string_view responseRule(const Types &types) {
  const ConstantView &view = types.view;
  if (const RequestForm form = requestFormOf(view, OpCode::http_request, types.operands);
      !form.broken.empty())
    return form.broken;
  auto gives = [&](TypeKind body) {
    return hasFields(view, types.results[0],
                     {{"status", TypeKind::I64, {}}, {"headers", TypeKind::List, {}}, {"body", body, {}}});
  };
  bool right = gives(TypeKind::Str) || gives(TypeKind::Bytes);
  if (right)
    right = hasFields(view, view.element(view.fields(types.results[0])[1].type),
                      {{"name", TypeKind::Str, {}}, {"value", TypeKind::Str, {}}});
  return right ? std::string_view()
               : "does not return `record<status: i64, headers: list<record<name: str, value: str>>, body: "
                 "str>`, or `bytes` as the `body`";
}

static std::string_view chatRule(const Types &types) {
  constexpr size_t schema = attrRow<OpCode::model_chat>("schema");
  const ChatForm form =
      chatFormOf(types.view, types.operands, types.results[0], chatAsksOf(types.view, types.attributes));
  if (!form.broken.empty() || !types.attributes[schema])
    return form.broken;
  if (form.answer != ChatForm::Answer::Typed)
    return "with a `schema` must return `json`, or a type that the answer is cast to, and takes no tools";
  return schemaRule<OpCode::model_chat>(types);
}

static std::string_view contentRule(const Types &types) {
  return isContent(types.view.kind(types.operands[1])) ? std::string_view()
                                                       : "has a content that is neither `str` nor `bytes`";
}

/// Whether all paths of `reads` or `writes` are absolute.
static bool isAbsolute(const ConstantView &view, AttrId paths) {
  const bool isList = paths && view.attr(paths).kind == AttrKind::List;
  const std::span<const AttrId> all = isList ? view.items(paths) : std::span<const AttrId>();
  return std::all_of(all.begin(), all.end(), [&](AttrId path) {
    return view.attr(path).kind == AttrKind::Str && view.textAttr(path).starts_with('/');
  });
}

static std::string_view execRule(const Types &types) {
  const RequestForm form = requestFormOf(types.view, OpCode::exec_run, types.operands);
  if (!form.broken.empty())
    return form.broken;
  for (size_t row : {attrRow<OpCode::exec_run>("reads"), attrRow<OpCode::exec_run>("writes")})
    if (form.hasDirectory && !isAbsolute(types.view, types.attributes[row]))
      return "has the option `cwd`, so that relative paths in `reads` and `writes` are not known; write "
             "absolute "
             "ones, or the attribute `cwd`";
  for (TypeKind out : {TypeKind::Str, TypeKind::Bytes})
    for (TypeKind error : {TypeKind::Str, TypeKind::Bytes})
      if (hasFields(types.view, types.results[0],
                    {{"exit", TypeKind::I64, {}}, {"stdout", out, {}}, {"stderr", error, {}}}))
        return {};
  return "does not return `record<exit: i64, stdout: str, stderr: str>`, or `bytes` as an output";
}

/// Rows of a table: records of single values, or lists of texts.
static std::string_view tableRule(const Types &types, TypeId list) {
  const ConstantView &view = types.view;
  const AttrId separator = types.attributes[0];
  static_assert(attrRow<OpCode::csv_parse>("separator") == 0 && attrRow<OpCode::csv_print>("separator") == 0);
  if (separator) {
    const std::string_view text = view.textAttr(separator);
    if (text.size() != 1 || !isAscii(text) || std::string_view("\"\r\n").find(text) != text.npos)
      return "has a `separator` that is not one character of ASCII, or is a quote or a line end";
  }
  const TypeId row = view.element(list);
  if (view.kind(row) == TypeKind::List && view.kind(view.element(row)) == TypeKind::Str)
    return {};
  bool isTable = view.kind(row) == TypeKind::Record && !view.fields(row).empty();
  for (const TypeField &field : isTable ? view.fields(row) : std::span<const TypeField>()) {
    const bool isOption = view.kind(field.type) == TypeKind::Option;
    const TypeKind content = view.kind(isOption ? view.element(field.type) : field.type);
    isTable = isTable && (content == TypeKind::F64 || isDictKey(content));
  }
  return isTable
             ? std::string_view()
             : "takes rows that are `list<str>`, or a record whose fields are `str`, `i64`, `f64`, `bool`, "
               "`duration` or options of them";
}

static std::string_view csvParseRule(const Types &types) { return tableRule(types, types.results[0]); }
static std::string_view csvPrintRule(const Types &types) { return tableRule(types, types.operands[0]); }

/// The format of `time.parse` or `time.format`.
template <OpCode code> static std::string_view formatRule(const Types &types) {
  const AttrId format = types.attributes[attrRow<code>("format")];
  if (!format)
    return {};
  constexpr FormatUse use = code == OpCode::time_parse ? FormatUse::Parse : FormatUse::Print;
  return wrongTimeFormat(types.view.textAttr(format), use);
}

static std::string_view partsRule(const Types &types) {
  constexpr std::string_view names[] = {"year", "month", "day", "hour", "minute", "second", "ns", "weekday"};
  const ConstantView &view = types.view;
  const std::span<const TypeField> fields = view.fields(types.results[0]);
  bool right = fields.size() == std::size(names);
  for (size_t i = 0; right && i < fields.size(); ++i)
    right = view.text(fields[i].name) == names[i] && view.kind(fields[i].type) == TypeKind::I64;
  return right ? std::string_view()
               : "does not return `record<year: i64, month: i64, day: i64, hour: i64, minute: i64, second: "
                 "i64, "
                 "ns: i64, weekday: i64>`";
}

static std::string_view statRule(const Types &types) {
  const ConstantView &view = types.view;
  return hasFields(
             view, view.element(types.results[0]),
             {{"size", TypeKind::I64, {}}, {"modified", TypeKind::Duration, {}}, {"kind", TypeKind::Str, {}}})
             ? std::string_view()
             : "does not return `option<record<size: i64, modified: duration, kind: str>>`";
}

static std::string_view namesRule(const Types &types) {
  return isContent(types.view.kind(types.view.element(types.results[0])))
             ? std::string_view()
             : "does not return `list<str>` or `list<bytes>`";
}

static std::string_view askRule(const Types &types) {
  const TypeKind kind = types.view.kind(types.results[0]);
  if (kind != TypeKind::Str && kind != TypeKind::Bool && kind != TypeKind::Json)
    return "returns something else than `str`, `bool` or `json`";
  const AttrId byDefault = types.attributes[attrRow<OpCode::ask_human>("default")];
  return byDefault && valueOfAttr(types.view, byDefault, types.results[0]).empty()
             ? "has a `default` that does not match its type"
             : std::string_view();
}

static constexpr std::array<Rule, opCodeCount> makeRules() {
  std::array<Rule, opCodeCount> table{};
  auto set = [&table](OpCode code, Rule rule) { table[static_cast<size_t>(code)] = rule; };
  set(OpCode::ask_human, askRule);
  set(OpCode::core_const, constRule);
  set(OpCode::record_make, makeRule);
  set(OpCode::record_get, getRule);
  set(OpCode::record_with, withRule);
  set(OpCode::list_zip, zipRule);
  set(OpCode::list_enumerate, enumerateRule);
  set(OpCode::list_pluck, pluckRule);
  set(OpCode::list_flat, flatRule);
  set(OpCode::dict_make, dictMakeRule);
  set(OpCode::dict_items, itemsRule);
  set(OpCode::dict_from_items, fromItemsRule);
  set(OpCode::csv_parse, csvParseRule);
  set(OpCode::csv_print, csvPrintRule);
  set(OpCode::time_parse, formatRule<OpCode::time_parse>);
  set(OpCode::time_format, formatRule<OpCode::time_format>);
  set(OpCode::time_parts, partsRule);
  set(OpCode::str_fill, fillRule);
  set(OpCode::str_split, textRule<OpCode::str_split>);
  set(OpCode::str_join, textRule<OpCode::str_join, false>);
  set(OpCode::json_get, textRule<OpCode::json_get>);
  set(OpCode::json_find, textRule<OpCode::json_find>);
  set(OpCode::json_put, textRule<OpCode::json_put>);
  set(OpCode::json_at, keyRule);
  set(OpCode::json_set, keyRule);
  set(OpCode::result_error, errorRule);
  set(OpCode::http_request, responseRule);
  set(OpCode::result_errors, errorsRule);
  set(OpCode::vote_first_valid, firstValidRule);
  set(OpCode::str_regex_match, patternRule<OpCode::str_regex_match>);
  set(OpCode::str_regex_groups, patternRule<OpCode::str_regex_groups>);
  set(OpCode::str_regex_replace, patternRule<OpCode::str_regex_replace>);
  set(OpCode::str_regex_split, patternRule<OpCode::str_regex_split>);
  set(OpCode::str_regex_extract, groupRule<OpCode::str_regex_extract>);
  set(OpCode::str_regex_extract_all, groupRule<OpCode::str_regex_extract_all>);
  set(OpCode::str_regex_rewrite, rewriteRule);
  set(OpCode::json_validate, schemaRule<OpCode::json_validate>);
  set(OpCode::json_violations, schemaRule<OpCode::json_violations>);
  set(OpCode::json_schema, schemaOfTypeRule);
  set(OpCode::model_chat, chatRule);
  set(OpCode::file_write, contentRule);
  set(OpCode::file_append, contentRule);
  set(OpCode::exec_run, execRule);
  set(OpCode::file_list, namesRule);
  set(OpCode::file_glob, namesRule);
  set(OpCode::file_stat, statRule);
  return table;
}
static constexpr std::array<Rule, opCodeCount> rules = makeRules();

bool xcs::hasTypeRule(OpCode code) { return rules[static_cast<size_t>(code)] != nullptr; }

std::string_view xcs::violatedTypeRule(const ConstantView &view, OpCode code,
                                       std::span<const TypeId> operands, std::span<const TypeId> results,
                                       std::span<const AttrId> attributes, PreparedAttrs &prepared) {
  Rule rule = rules[static_cast<size_t>(code)];
  return rule ? rule({view, operands, results, attributes, prepared}) : std::string_view();
}
