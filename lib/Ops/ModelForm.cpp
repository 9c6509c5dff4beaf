#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/OpTable.h"

using namespace xcs;

size_t xcs::fieldIndex(const ConstantView &view, TypeId record, std::string_view name) {
  std::span<const TypeField> fields = view.fields(record);
  for (size_t i = 0; i < fields.size(); ++i)
    if (view.text(fields[i].name) == name)
      return i;
  return SIZE_MAX;
}

TypeId xcs::insideOption(const ConstantView &view, TypeId type) {
  return view.kind(type) == TypeKind::Option ? view.element(type) : type;
}

static bool isListOf(const ConstantView &view, TypeId type, TypeKind element) {
  return view.kind(type) == TypeKind::List && view.kind(view.element(type)) == element;
}

namespace {
struct FieldRule {
  std::string_view name;
  TypeKind kind;
};
} // namespace

/// A record of exactly these fields, in this order.
static bool isRecordOf(const ConstantView &view, TypeId type, std::initializer_list<FieldRule> rules) {
  if (view.kind(type) != TypeKind::Record || view.fields(type).size() != rules.size())
    return false;
  const TypeField *field = view.fields(type).data();
  for (const FieldRule &rule : rules) {
    if (view.text(field->name) != rule.name || view.kind(field->type) != rule.kind)
      return false;
    ++field;
  }
  return true;
}

static bool isCallList(const ConstantView &view, TypeId type) {
  const FieldRule id{"id", TypeKind::Str}, name{"name", TypeKind::Str},
      arguments{"arguments", TypeKind::Json}, extra{"extra", TypeKind::Json};
  return view.kind(type) == TypeKind::List &&
         (isRecordOf(view, view.element(type), {id, name, arguments}) ||
          isRecordOf(view, view.element(type), {id, name, arguments, extra}));
}

static bool isToolAnswer(const ConstantView &view, TypeId type) {
  const FieldRule content{"content", TypeKind::Option}, calls{"tool_calls", TypeKind::List},
      extra{"extra", TypeKind::Json};
  if (!isRecordOf(view, type, {content, calls}) && !isRecordOf(view, type, {content, calls, extra}))
    return false;
  std::span<const TypeField> fields = view.fields(type);
  return view.kind(view.element(fields[0].type)) == TypeKind::Str && isCallList(view, fields[1].type);
}

static bool isToolList(const ConstantView &view, TypeId type) {
  return view.kind(type) == TypeKind::List &&
         isRecordOf(
             view, view.element(type),
             {{"name", TypeKind::Str}, {"description", TypeKind::Str}, {"parameters", TypeKind::Json}});
}

std::string xcs::insteadOfMember(std::string_view name) {
  for (const ReservedMember &member : reservedMembers)
    if (member.name == name)
      return std::string(member.instead);
  for (const ChatOption &option : chatOptions)
    if (option.name == name)
      return "write the attribute `" + std::string(name) + "` of `model.chat`, or the option of that name";
  return {};
}

bool xcs::isContentPart(const ConstantView &view, TypeId type) {
  if (view.kind(type) != TypeKind::Record)
    return false;
  bool hasContent = false;
  for (const TypeField &field : view.fields(type)) {
    const std::string_view name = view.text(field.name);
    const TypeKind kind = view.kind(insideOption(view, field.type));
    const bool isText = kind == TypeKind::Str;
    if (!((name == "text" || name == "detail") && isText) &&
        !(name == "image" && (isText || kind == TypeKind::Bytes)))
      return false;
    hasContent |= name != "detail";
  }
  return hasContent;
}

static bool isPartList(const ConstantView &view, TypeId type) {
  return view.kind(type) == TypeKind::List && isContentPart(view, view.element(type));
}

/// One message: `role: str` and `content`, which is text, a list of parts, or JSON that the endpoint knows;
/// the `name` of who speaks; what calls of tools need; and `extra`, further members as JSON.
static bool isMessage(const ConstantView &view, TypeId type) {
  if (view.kind(type) != TypeKind::Record)
    return false;
  bool role = false, content = false;
  for (const TypeField &field : view.fields(type)) {
    std::string_view name = view.text(field.name);
    TypeId inside = insideOption(view, field.type);
    bool isText = view.kind(inside) == TypeKind::Str;
    if (name == "role" && view.kind(field.type) == TypeKind::Str)
      role = true;
    else if (name == "content" && (isText || view.kind(inside) == TypeKind::Json || isPartList(view, inside)))
      content = true;
    else if (!((name == "tool_call_id" || name == "name") && isText) &&
             !(name == "tool_calls" && isCallList(view, inside)) &&
             !(name == extraOption && view.kind(inside) == TypeKind::Json))
      return false;
  }
  return role && content;
}

/// The field of an options record that is not an option, or has the wrong type; none if all are right.
static StringId wrongOption(const ConstantView &view, TypeId record, bool &known) {
  for (const TypeField &field : view.fields(record)) {
    TypeId type = insideOption(view, field.type);
    known = view.text(field.name) == extraOption;
    if (known && view.kind(type) != TypeKind::Json)
      return field.name;
    for (const ChatOption &option : chatOptions)
      if (option.name == view.text(field.name)) {
        known = true;
        if (option.kind == TypeKind::List ? !isListOf(view, type, TypeKind::Str)
                                          : view.kind(type) != option.kind)
          return field.name;
      }
    if (!known)
      return field.name;
  }
  return {};
}

/// Which of system, options and tools an operand after the first is, by its type.
static std::string_view place(const ConstantView &view, std::span<const TypeId> operands, uint32_t i,
                              ChatForm &form) {
  auto take = [&](uint32_t &role) {
    bool isFirst = role == ChatForm::none;
    role = i;
    return isFirst ? std::string_view()
                   : "has two operands for the same purpose; give each of system, options and tools once";
  };
  if (view.kind(operands[i]) == TypeKind::Str)
    return take(form.system);
  if (isToolList(view, operands[i]))
    return take(form.tools);
  if (view.kind(operands[i]) != TypeKind::Record)
    return "takes after the prompt a system message (`str`), an options record and tools "
           "(`list<record<name: str, description: str, parameters: json>>`)";
  bool known = true;
  if (StringId wrong = wrongOption(view, operands[i], known)) {
    if (known)
      return "has an option of the wrong type";
    form.unknownOption = wrong;
    return "has an option that does not exist";
  }
  return take(form.options);
}

ChatAsks xcs::chatAsksOf(const ConstantView &view, std::span<const AttrId> attributes) {
  auto isSet = [&](size_t row) {
    const AttrId given = attributes[row];
    return given && (view.attr(given).kind == AttrKind::Unit || view.boolAttr(given));
  };
  ChatAsks asks;
  asks.hasCount = attributes[attrRow<OpCode::model_chat>("n")].valid();
  asks.usage = isSet(attrRow<OpCode::model_chat>("usage"));
  asks.alternatives = attributes[attrRow<OpCode::model_chat>("top_logprobs")].valid();
  asks.logprobs = asks.alternatives || isSet(attrRow<OpCode::model_chat>("logprobs"));
  return asks;
}

static bool isOptionOf(const ConstantView &view, TypeId type, TypeKind content) {
  return view.kind(type) == TypeKind::Option && view.kind(view.element(type)) == content;
}

/// What the tokens and their price are in: all options, for what a server does not say is none.
static bool isUsage(const ConstantView &view, TypeId type) {
  constexpr TypeKind option = TypeKind::Option;
  if (!isRecordOf(view, type,
                  {{"prompt", option},
                   {"completion", option},
                   {"cached", option},
                   {"reasoning", option},
                   {"usd", option}}))
    return false;
  for (const TypeField &field : view.fields(type))
    if (!isOptionOf(view, field.type, view.text(field.name) == "usd" ? TypeKind::F64 : TypeKind::I64))
      return false;
  return true;
}

/// The tokens of one answer with their logarithms, or none if the endpoint gives none.
static bool isLogprobs(const ConstantView &view, TypeId type, bool hasAlternatives) {
  const FieldRule token{"token", TypeKind::Str}, logprob{"logprob", TypeKind::F64},
      top{"top", TypeKind::List};
  if (!isOptionOf(view, type, TypeKind::List))
    return false;
  const TypeId each = view.element(view.element(type));
  if (!hasAlternatives)
    return isRecordOf(view, each, {token, logprob});
  return isRecordOf(view, each, {token, logprob, top}) &&
         isRecordOf(view, view.element(view.fields(each)[2].type), {token, logprob});
}

/// Takes off the record that `usage` and `logprobs` put around what would be the result without them.
static std::string_view takeAnswer(const ConstantView &view, ChatAsks asks, TypeId &result) {
  const size_t wanted = 1 + size_t(asks.usage) + size_t(asks.logprobs);
  const std::span<const TypeField> fields =
      view.kind(result) == TypeKind::Record ? view.fields(result) : std::span<const TypeField>();
  if (fields.size() != wanted || view.text(fields[0].name) != "answer")
    return asks.usage && asks.logprobs ? "with `usage` and `logprobs` must return a record of three fields: "
                                         "`answer`, `usage`, `logprobs`"
           : asks.usage ? "with `usage` must return a record of two fields: `answer` and `usage`"
                        : "with `logprobs` must return a record of two fields: `answer` and `logprobs`";
  if (asks.usage && (view.text(fields[1].name) != "usage" || !isUsage(view, fields[1].type)))
    return "with `usage` must return as its second field `usage: record<prompt: option<i64>, completion: "
           "option<i64>, cached: option<i64>, reasoning: option<i64>, usd: option<f64>>`";
  if (asks.logprobs) {
    TypeId type = fields.back().type;
    const bool isList = view.kind(type) == TypeKind::List;
    if (asks.hasCount && isList)
      type = view.element(type);
    if (view.text(fields.back().name) != "logprobs" || isList != asks.hasCount ||
        !isLogprobs(view, type, asks.alternatives))
      return asks.alternatives
                 ? "with `top_logprobs` must return as its last field `logprobs: option<list<record<token: "
                   "str, "
                   "logprob: f64, top: list<record<token: str, logprob: f64>>>>>`, or with `n` a list of "
                   "those"
                 : "with `logprobs` must return as its last field `logprobs: option<list<record<token: str, "
                   "logprob: f64>>>`, or with `n` a list of those";
  }
  result = fields[0].type;
  return {};
}

ChatForm xcs::chatFormOf(const ConstantView &view, std::span<const TypeId> operands, TypeId result,
                         ChatAsks asks) {
  ChatForm form;
  form.isMessages = view.kind(operands[0]) == TypeKind::List && isMessage(view, view.element(operands[0]));
  if (form.isMessages) {
    const TypeId message = view.element(operands[0]);
    const TypeId content =
        insideOption(view, view.fields(message)[fieldIndex(view, message, "content")].type);
    form.part = view.kind(content) == TypeKind::List ? view.element(content) : TypeId();
  }
  if (!form.isMessages && view.kind(operands[0]) != TypeKind::Str)
    form.broken = "takes a prompt (`str`) or messages (`list<record<role: str, content: str>>`) first";
  for (uint32_t i = 1; form.broken.empty() && i < operands.size(); ++i)
    form.broken = place(view, operands, i, form);
  form.asks = asks;
  if (form.broken.empty() && form.isReport())
    form.broken = takeAnswer(view, asks, result);
  if (!form.broken.empty())
    return form;
  form.isList = asks.hasCount;
  form.type = result;
  if (form.isList && view.kind(result) != TypeKind::List)
    form.broken = form.isReport() ? "must return a list as its `answer` because it has `n`"
                                  : "must return a list because it has `n`";
  else if (form.isList)
    form.type = view.element(result);
  if (!form.broken.empty())
    return form;
  if (form.tools != ChatForm::none) {
    form.answer = ChatForm::Answer::Tools;
    std::span<const TypeField> fields = view.fields(form.type);
    if (!isToolAnswer(view, form.type))
      form.broken =
          "with tools must return `record<content: option<str>, tool_calls: list<record<id: str, name: str, "
          "arguments: json>>>`; calls and record may end with `extra: json`";
    else
      form.callsHaveExtra = view.fields(view.element(fields[1].type)).size() == 4;
    form.hasExtra = fields.size() == 3;
  } else if (view.kind(form.type) != TypeKind::Str) {
    form.answer = ChatForm::Answer::Typed;
  }
  return form;
}
