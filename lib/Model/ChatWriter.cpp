#include "Model/ChatWriter.h"
#include "Model/GivenParts.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/RowAttrs.h"
#include <charconv>

using namespace xcs;

static llvm::StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

void ChatWriter::number(std::string_view key, int64_t value) { json.attribute(ref(key), value); }

/// In the shortest form that reads back to the same number: 0.7, where the library would write 17 digits.
void ChatWriter::floating(std::string_view key, double value) {
  char digits[32];
  auto end = std::to_chars(digits, std::end(digits), value);
  json.attributeBegin(ref(key));
  json.rawValue(llvm::StringRef(digits, static_cast<size_t>(end.ptr - digits)));
  json.attributeEnd();
}

bool ChatWriter::readExtra(OpError &error) {
  const Value *option = optionValue(extraOption);
  return extras.addAttribute(call.resource, error) && extras.addAttribute(call.own, error) &&
         (!option || option->kind() == ValueKind::None || extras.addOption(*option, error));
}

void ChatWriter::extra() { extras.write(json); }

void ChatWriter::turn(std::string_view role, std::string_view content) {
  json.object([&] {
    json.attribute("role", ref(role));
    json.attribute("content", ref(content));
  });
}

/// A JSON operand, to be put into the request or, as text, into a string of it.
bool ChatWriter::embedded(const Value &value, TypeId type, std::string &out, OpError &error) {
  llvm::raw_string_ostream to(out);
  return printJson(value, c, type, to, error, JsonLayout::Line, call.limits);
}

/// The content of an option, or the value itself; null for none.
static const Value *present(const Value &value) {
  if (value.kind() == ValueKind::OptionNone)
    return nullptr;
  return value.kind() == ValueKind::OptionSome ? &value.items()[0] : &value;
}

/// Further members of the object that is open, but for one.
bool ChatWriter::members(const Value *object, std::string_view but, OpError &error) {
  if (!object || object->kind() != ValueKind::Object)
    return true;
  for (size_t i = 0; i + 1 < object->size(); i += 2) {
    std::string_view key = object->items()[i].text();
    std::string value;
    if (key == but)
      continue;
    if (!appendJson(value, object->items()[i + 1], JsonLayout::Line, call.limits, error))
      return false;
    json.attributeBegin(ref(key));
    json.rawValue(value);
    json.attributeEnd();
  }
  return true;
}

/// Calls that the model made earlier: their arguments are text that contains JSON.
bool ChatWriter::toolCalls(const Value &calls, TypeId type, OpError &error) {
  TypeId jsonType = c.fields(c.element(type))[2].type;
  bool fine = true;
  json.attributeArray("tool_calls", [&] {
    for (const Value &one : calls.items()) {
      std::string arguments;
      const Value *extra =
          one.size() > 3 && one.items()[3].kind() == ValueKind::Object ? &one.items()[3] : nullptr;
      fine = fine && embedded(one.items()[2], jsonType, arguments, error);
      json.object([&] {
        json.attribute("id", ref(one.items()[0].text()));
        json.attribute("type", "function");
        json.attributeObject("function", [&] {
          json.attribute("name", ref(one.items()[1].text()));
          json.attribute("arguments", arguments);
          fine = fine && members(extra ? memberOf(*extra, "function") : nullptr, {}, error);
        });
        fine = fine && members(extra, "function", error);
      });
    }
  });
  return fine;
}

/// A content whose parts that are not text ride along: those, and after them the text. The type of a text
/// part is OpenAI's.
bool ChatWriter::contentInParts(const Value &parts, const Value *said, OpError &error) {
  bool fine = true;
  json.attributeArray("content", [&] {
    for (const Value &part : parts.items()) {
      std::string written;
      fine = fine && appendJson(written, part, JsonLayout::Line, call.limits, error);
      json.rawValue(written);
    }
    if (said && said->size() != 0)
      json.object([&] {
        json.attribute("type", "text");
        json.attribute("text", ref(said->text()));
      });
  });
  return fine;
}

/// The parts of a message's content in its `extra`; null if there are none.
const Value *ChatWriter::partsBeside(const Value &record, TypeId type) const {
  const size_t field = fieldIndex(c, type, extraOption);
  const Value *extra = field == SIZE_MAX ? nullptr : present(record.items()[field]);
  const Value *parts = extra && extra->kind() == ValueKind::Object ? memberOf(*extra, "content") : nullptr;
  return parts && parts->size() != 0 ? parts : nullptr;
}

bool ChatWriter::message(const Value &record, TypeId type, OpError &error) {
  std::span<const TypeField> fields = c.fields(type);
  const Value *parts = partsBeside(record, type);
  bool fine = true;
  json.object([&] {
    for (size_t i = 0; i < fields.size(); ++i) {
      std::string_view name = c.text(fields[i].name);
      const Value *value = present(record.items()[i]);
      if (name == extraOption)
        fine = fine && members(value, "content", error);
      else if (name == "content" && parts)
        fine = fine && contentInParts(*parts, value, error);
      else if (name == "content" && value && call.form.part) {
        json.attributeBegin("content");
        GivenParts(c, call.form.part).write(*value, json);
        json.attributeEnd();
      } else if (value && c.kind(insideOption(c, fields[i].type)) == TypeKind::Json) {
        std::string content;
        fine = fine && embedded(*value, insideOption(c, fields[i].type), content, error);
        json.attributeBegin(ref(name));
        json.rawValue(content);
        json.attributeEnd();
      } else if (value && value->kind() == ValueKind::Str)
        json.attribute(ref(name), ref(value->text()));
      else if (name == "content")
        json.attribute("content", nullptr);
      else if (value && value->kind() == ValueKind::List && value->size())
        fine = fine && toolCalls(*value, insideOption(c, fields[i].type), error);
    }
  });
  return fine;
}

bool ChatWriter::messages(std::string_view schema, std::span<const ChatTurn> more, OpError &error) {
  const Value *model = optionValue("model");
  json.attribute("model", ref(model ? model->text() : c.textAttr(c.find(call.resource, Attribute::model))));
  std::string system;
  if (call.form.system != ChatForm::none)
    system = call.operands[call.form.system].text();
  else if (AttrId given = call.attr(attrIndex(rowattrs::model_chat, "system")))
    system = c.textAttr(given);
  if (!schema.empty()) {
    system += system.empty() ? "" : "\n\n";
    system += "Answer with one JSON value that matches this JSON schema, and with nothing else:\n";
    system += schema;
  }
  bool fine = true;
  json.attributeArray("messages", [&] {
    if (!system.empty())
      turn("system", system);
    const Value &first = call.operands[0];
    if (!call.form.isMessages)
      turn("user", first.text());
    else
      for (const Value &record : first.items())
        fine = fine && message(record, c.element(call.operandTypes[0]), error);
    for (const ChatTurn &said : more)
      turn(said.role, said.content);
  });
  return fine;
}

/// The field of the options record, if it exists and has a value.
const Value *ChatWriter::optionValue(std::string_view name) const {
  if (call.form.options == ChatForm::none)
    return nullptr;
  size_t field = fieldIndex(c, call.operandTypes[call.form.options], name);
  return field == SIZE_MAX ? nullptr : present(call.operands[call.form.options].items()[field]);
}

void ChatWriter::optionOperand(std::string_view key, const Value &value) {
  switch (value.kind()) {
  case ValueKind::F64:
    return floating(key, value.asF64());
  case ValueKind::I64:
    return number(key, value.asI64());
  case ValueKind::Str:
    return json.attribute(ref(key), ref(value.text()));
  case ValueKind::List:
    json.attributeArray(ref(key), [&] {
      for (const Value &item : value.items())
        json.value(ref(item.text()));
    });
    return;
  case ValueKind::Empty:
  case ValueKind::Whole:
  case ValueKind::None:
  case ValueKind::Bool:
  case ValueKind::Duration:
  case ValueKind::OptionNone:
  case ValueKind::Bytes:
  case ValueKind::Record:
  case ValueKind::Object:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Dict:
  case ValueKind::Secret:
    return; // no option has such a type
  }
}

void ChatWriter::optionAttr(std::string_view key, AttrId attr) {
  if (c.attr(attr).kind == AttrKind::F64)
    floating(key, c.floatAttr(attr));
  else if (c.attr(attr).kind == AttrKind::I64)
    number(key, c.intAttr(attr));
  else if (c.attr(attr).kind == AttrKind::Str)
    json.attribute(ref(key), ref(c.textAttr(attr)));
  else if (c.attr(attr).kind == AttrKind::List)
    json.attributeArray(ref(key), [&] {
      for (AttrId item : c.items(attr))
        json.value(ref(c.textAttr(item)));
    });
}

void ChatWriter::options() {
  for (const ChatOption &option : chatOptions) {
    if (option.name == "model" || (option.name == "seed" && !can.seed))
      continue;
    std::string_view key =
        option.name == "max_tokens" && can.maxCompletionTokens ? "max_completion_tokens" : option.name;
    if (const Value *value = optionValue(option.name))
      optionOperand(key, *value);
    else if (AttrId attr = c.find(call.own, option.name))
      optionAttr(key, attr);
  }
}

void ChatWriter::schema(std::string_view schema, bool isStrict) {
  if (extras.has("response_format"))
    return;
  json.attributeObject("response_format", [&] {
    json.attribute("type", "json_schema");
    json.attributeObject("json_schema", [&] {
      json.attribute("name", "answer");
      json.attribute("strict", isStrict);
      json.attributeBegin("schema");
      json.rawValue(ref(schema));
      json.attributeEnd();
    });
  });
}

void ChatWriter::toolChoice(std::string_view choice) {
  if (choice == "auto" || choice == "none" || choice == "required")
    return json.attribute("tool_choice", ref(choice));
  json.attributeObject("tool_choice", [&] {
    json.attribute("type", "function");
    json.attributeObject("function", [&] { json.attribute("name", ref(choice)); });
  });
}

bool ChatWriter::tools(OpError &error) {
  TypeId jsonType = c.fields(c.element(call.operandTypes[call.form.tools]))[2].type;
  bool fine = true;
  json.attributeArray("tools", [&] {
    for (const Value &tool : call.operands[call.form.tools].items()) {
      std::string parameters;
      fine = fine && embedded(tool.items()[2], jsonType, parameters, error);
      if (!fine)
        return;
      json.object([&] {
        json.attribute("type", "function");
        json.attributeObject("function", [&] {
          json.attribute("name", ref(tool.items()[0].text()));
          json.attribute("description", ref(tool.items()[1].text()));
          json.attributeBegin("parameters");
          json.rawValue(parameters);
          json.attributeEnd();
        });
      });
    }
  });
  if (AttrId choice = call.attr(attrIndex(rowattrs::model_chat, "tool_choice")))
    toolChoice(c.textAttr(choice));
  return fine;
}

void ChatWriter::logprobs() {
  if (!extras.has("logprobs"))
    json.attribute("logprobs", true);
  const AttrId most = call.attr(attrIndex(rowattrs::model_chat, "top_logprobs"));
  if (most && !extras.has("top_logprobs"))
    number("top_logprobs", c.intAttr(most));
}

void ChatWriter::stream() {
  json.attribute("stream", true);
  if (can.streamUsage && !extras.has("stream_options"))
    json.attributeObject("stream_options", [&] { json.attribute("include_usage", true); });
}
