#include "xcs/Model/ChatCall.h"
#include "Model/ChatWriter.h"
#include "Model/GivenParts.h"
#include "xcs/Model/ErrorReport.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/RowAttrs.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

static constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};

static bool flagGiven(const ConstantView &view, AttrId attr) {
  return attr && (view.attr(attr).kind == AttrKind::Unit || view.boolAttr(attr));
}

ChatCall::ChatCall(ChatOperation operation, const Limits &limits, const std::vector<Value> &operands)
    : constants(operation.constants), attributes(operation.attributes), own(operation.own),
      resource(operation.resource), resultType(operation.resultType), limits(limits), operands(operands),
      operandTypes(std::move(operation.operandTypes)), schemas(operation.schemas) {
  form = chatFormOf(constants, operandTypes, operation.resultType, chatAsksOf(constants, attributes));
  if (AttrId given = attr(attrIndex(rowattrs::model_chat, "n")))
    count = constants.intAttr(given);
  isStreamed = flagGiven(constants, attr(attrIndex(rowattrs::model_chat, "stream")));
}

const Value *xcs::memberOf(const Value &object, std::string_view key) {
  for (size_t i = 0; i + 1 < object.size(); i += 2)
    if (object.items()[i].text() == key)
      return &object.items()[i + 1];
  return nullptr;
}

SchemaOfAttr *ChatCall::ownSchema() const {
  AttrId schema = attr(attrIndex(rowattrs::model_chat, "schema"));
  return schema ? &schemas.of(constants, schema, limits) : nullptr;
}

bool ChatCall::optionsAreFinite(OpError &error) const {
  if (form.options == ChatForm::none)
    return true;
  std::span<const TypeField> fields = constants.fields(operandTypes[form.options]);
  for (size_t i = 0; i < fields.size(); ++i) {
    const Value *value = presentField(operands[form.options], i);
    if (!value || value->kind() != ValueKind::F64 || std::isfinite(value->asF64()))
      continue;
    std::string name = "the option `" + std::string(constants.text(fields[i].name)) + "`",
                found = printFloat(value->asF64());
    std::string_view arguments[] = {name, "model.chat", "be a finite number", found};
    error = {Diag::BadArgument, formatMessage(rowOf(Diag::BadArgument).text, arguments)};
    return false;
  }
  return true;
}

/// What is wrong with further members, which must be a JSON object without `reserved` ones; empty if nothing
/// is. `whose`: "message 0 has an `extra`".
static std::string wrongExtra(const Value *extra, std::span<const std::string_view> reserved,
                              const std::string &whose) {
  if (!extra || extra->kind() == ValueKind::None)
    return {};
  if (extra->kind() != ValueKind::Object)
    return whose + " that is no JSON object; put its members into one";
  for (size_t i = 0; i < extra->size(); i += 2)
    if (std::string_view key = extra->items()[i].text();
        std::find(reserved.begin(), reserved.end(), key) != reserved.end())
      return whose + " with the member `" + shortened(key) + "`, which a field of its own says; leave it out";
  return {};
}

/// The same for the parts of a content that are not text, which come beside a content that is text.
static std::string wrongParts(const Value *extra, bool isText, bool areParts, const std::string &whose) {
  const Value *parts = extra && extra->kind() == ValueKind::Object ? memberOf(*extra, "content") : nullptr;
  if (!parts)
    return {};
  if (!isText)
    return whose + " with a `content` beside a `content` that is " + (areParts ? "parts" : "JSON") +
           "; put its parts into that";
  const bool isList = parts->kind() == ValueKind::List &&
                      std::all_of(parts->items().begin(), parts->items().end(),
                                  [](const Value &part) { return part.kind() == ValueKind::Object; });
  return isList ? std::string() : whose + " with a `content` that is no list of parts; each is a JSON object";
}

/// The same for the calls of a message.
static std::string wrongExtraOfCalls(const Value &calls, const std::string &whose) {
  for (size_t i = 0; i < calls.size(); ++i) {
    const Value &call = calls.items()[i];
    if (call.size() < 4)
      return {};
    const Value &extra = call.items()[3];
    const std::string place = "call " + std::to_string(i) + " of " + whose + " has an `extra`";
    std::string wrong = wrongExtra(&extra, callMembers, place);
    if (wrong.empty() && extra.kind() == ValueKind::Object)
      wrong = wrongExtra(memberOf(extra, "function"), functionMembers, place + " with a `function`");
    if (!wrong.empty())
      return wrong;
  }
  return {};
}

std::string ChatCall::wrongOperand() const {
  if (!form.isMessages)
    return {};
  const ConstantView &c = constants;
  TypeId message = c.element(operandTypes[0]);
  const size_t said = fieldIndex(c, message, "content");
  const TypeId content = c.fields(message)[said].type;
  const bool isText = c.kind(insideOption(c, content)) == TypeKind::Str;
  size_t role = fieldIndex(c, message, "role"), call = fieldIndex(c, message, "tool_call_id"),
         extra = fieldIndex(c, message, extraOption), made = fieldIndex(c, message, "tool_calls");
  for (size_t i = 0; i < operands[0].size(); ++i) {
    const Value &record = operands[0].items()[i];
    std::string_view name = record.items()[role].text();
    if (std::find(std::begin(roles), std::end(roles), name) == std::end(roles))
      return "message " + std::to_string(i) + " has the role `" + std::string(name) +
             "`; use `system`, `developer`, `user`, `assistant` or `tool`";
    if (name == "tool" && !presentField(record, call))
      return "message " + std::to_string(i) +
             " has the role `tool` and no `tool_call_id`; say which call it answers";
    const std::string whose = "message " + std::to_string(i);
    std::string wrong = wrongExtra(presentField(record, extra), messageMembers, whose + " has an `extra`");
    if (wrong.empty())
      wrong = wrongParts(presentField(record, extra), isText, form.part.valid(), whose + " has an `extra`");
    if (const Value *parts = presentField(record, said); wrong.empty() && parts && form.part)
      wrong = GivenParts(c, form.part).wrong(*parts, whose);
    if (const Value *calls = presentField(record, made); wrong.empty() && calls)
      wrong = wrongExtraOfCalls(*calls, whose);
    if (!wrong.empty())
      return wrong;
  }
  return {};
}

Logprobs ChatCall::logprobs() const {
  if (!form.asks.logprobs)
    return Logprobs::None;
  return form.asks.alternatives ? Logprobs::Alternatives : Logprobs::Tokens;
}

bool ChatCall::hasTool(std::string_view name) const {
  if (form.tools == ChatForm::none)
    return false;
  for (const Value &tool : operands[form.tools].items())
    if (tool.items()[0].text() == name)
      return true;
  return false;
}

/// Images take tokens by their size in pixels, most of them up to about a thousand.
static constexpr double tokensOfImage = 1000;

/// A token is about four bytes of English (OpenAI's own rule of thumb).
double ChatCall::promptTokens() const {
  double bytes = 0;
  for (const Value &operand : operands)
    bytes += static_cast<double>(operand.byteSize());
  if (form.part) {
    uint64_t images = 0, ofImages = 0;
    const size_t said = fieldIndex(constants, constants.element(operandTypes[0]), "content");
    for (const Value &message : operands[0].items())
      if (const Value *parts = presentField(message, said))
        ofImages += GivenParts(constants, form.part).imageBytes(*parts, images);
    bytes += 4 * tokensOfImage * static_cast<double>(images) - static_cast<double>(ofImages);
  }
  if (AttrId system = attr(attrIndex(rowattrs::model_chat, "system")))
    bytes += static_cast<double>(constants.textAttr(system).size());
  return bytes / 4;
}

std::optional<uint64_t> ChatCall::mostOfAnswer() const {
  static constexpr std::string_view name = "max_tokens";
  int64_t most = 0;
  if (AttrId given = attr(attrIndex(rowattrs::model_chat, name)))
    most = constants.intAttr(given);
  if (form.options != ChatForm::none)
    if (const size_t field = fieldIndex(constants, operandTypes[form.options], name); field != SIZE_MAX)
      if (const Value *value = presentField(operands[form.options], field))
        most = value->asI64();
  return most > 0 ? std::optional(static_cast<uint64_t>(most)) : std::nullopt;
}

/// Whether a type contains `json` or a dictionary, so that a schema of it cannot be strict: strict objects
/// have exactly the members that their schema names.
static bool hasOpenPart(const ConstantView &view, TypeId whole) {
  std::vector<TypeId> open{whole};
  std::vector<bool> seen(view.types.size());
  while (!open.empty()) {
    TypeId type = open.back();
    open.pop_back();
    if (view.kind(type) == TypeKind::Json || view.kind(type) == TypeKind::Dict)
      return true;
    for (const TypeField &field : view.fields(type))
      if (!seen[field.type.index]) {
        seen[field.type.index] = true;
        open.push_back(field.type);
      }
  }
  return false;
}

/// The schema that the answer must fit: the operation's own, or that of the type. Endpoints require an object
/// at the top, so anything but a record is put into one, under `value`.
static bool answerSchema(const ChatCall &call, std::string &out, bool &isStrict, OpError &error) {
  if (SchemaOfAttr *own = call.ownSchema()) {
    isStrict = own->isStrict();
    return own->print(out, error);
  }
  isStrict = !hasOpenPart(call.constants, call.form.type);
  std::string inner;
  if (!jsonSchemaOf(call.constants, call.form.type, call.limits, inner, error))
    return false;
  if (call.constants.kind(call.form.type) == TypeKind::Record)
    out = std::move(inner);
  else
    out = R"({"type":"object","properties":{"value":)" + inner +
          R"(},"required":["value"],"additionalProperties":false})";
  return true;
}

bool ChatCall::body(const Capabilities &can, int64_t answers, std::span<const ChatTurn> more,
                    std::string &out, OpError &error) const {
  if (!optionsAreFinite(error))
    return false;
  std::string schema;
  bool isTyped = form.answer == ChatForm::Answer::Typed, isStrict = false;
  if (isTyped && !answerSchema(*this, schema, isStrict, error))
    return false;
  std::string_view told = isTyped && !can.jsonSchema ? schema : std::string_view();
  // Its object is closed whatever happens: LLVM's writer insists on that.
  ChatWriter writer(*this, can, out);
  writer.begin();
  bool isWhole = writer.readExtra(error) && writer.messages(told, more, error);
  writer.options();
  if (answers > 1)
    writer.number("n", answers);
  if (isTyped && can.jsonSchema)
    writer.schema(schema, isStrict);
  if (isWhole && form.tools != ChatForm::none)
    isWhole = writer.tools(error);
  if (form.asks.logprobs)
    writer.logprobs();
  if (isStreamed)
    writer.stream();
  writer.extra();
  writer.end();
  return isWhole;
}
