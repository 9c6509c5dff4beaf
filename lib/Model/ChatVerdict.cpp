#include "xcs/Model/ChatVerdict.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

static ChatVerdict failed(Diag id, std::string first = {}, std::string second = {}) {
  ChatVerdict verdict;
  verdict.kind = ChatVerdict::Kind::Failed;
  verdict.id = id;
  verdict.first = std::move(first);
  verdict.second = std::move(second);
  return verdict;
}

static ChatVerdict good(Value value) {
  ChatVerdict verdict;
  verdict.value = std::move(value);
  return verdict;
}

/// An answer that was cut off or withheld is not used, whatever it says. Good if it ended normally.
static ChatVerdict judgeEnd(const ChatChoice &choice) {
  if (choice.finish == "length")
    return failed(Diag::ModelLength);
  if (choice.finish == "content_filter")
    return failed(Diag::ModelFiltered);
  if (!choice.refusal.empty())
    return failed(Diag::ModelRefused, shortened(choice.refusal));
  if (choice.finish.empty())
    return failed(Diag::ModelFinish, "without a `finish_reason`");
  if (choice.finish != "stop" && choice.finish != "tool_calls" && choice.finish != "function_call")
    return failed(Diag::ModelFinish, "for the unknown reason `" + shortened(choice.finish) + "`");
  return {};
}

/// Removes the code fence that models often put around JSON.
static std::string_view unfenced(std::string_view text) {
  auto trim = [&] {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ')
      text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
      text.remove_suffix(1);
  };
  trim();
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6)
    return text;
  text.remove_suffix(3);
  size_t line = text.find('\n');
  text.remove_prefix(line == std::string_view::npos ? 3 : line + 1);
  trim();
  return text;
}

/// The member `value` if the schema put an object around the answer.
static Value unwrapped(const ChatCall &call, Value root) {
  if (call.constants.kind(call.form.type) == TypeKind::Record)
    return root;
  const Value *inner =
      root.kind() == ValueKind::Object && root.size() == 2 ? member(&root, "value") : nullptr;
  return inner ? *inner : root;
}

static ChatVerdict judgeTyped(const ChatCall &call, const ChatChoice &choice) {
  Value root, value;
  OpError error;
  if (parseJson(unfenced(choice.content), call.limits, root, error) &&
      valueFromJson(unwrapped(call, std::move(root)), call.constants, call.form.type, call.limits, value,
                    error))
    return good(std::move(value));
  ChatVerdict verdict = failed(Diag::ModelMismatch, printType(call.constants, call.form.type), error.message);
  verdict.kind = ChatVerdict::Kind::AskAgain;
  verdict.more = {{"assistant", choice.content},
                  {"user", "This does not match the schema: " + error.message +
                               ". Answer again, with JSON that matches it and nothing else."}};
  return verdict;
}

static ChatVerdict wrongCall(const ToolCallText &call, const std::string &what) {
  ChatVerdict verdict = failed(Diag::ModelToolCall, shortened(call.name), what);
  verdict.kind = ChatVerdict::Kind::AskAgain;
  verdict.more = {
      {"user", "Your call of the tool `" + shortened(call.name) + "` cannot be executed: " + what +
                   ". Answer again; call only tools that you were given, with arguments that are JSON."}};
  return verdict;
}

static ChatVerdict judgeTools(const ChatCall &call, const ChatChoice &choice) {
  if (choice.calls.empty() && !choice.hasContent)
    return failed(Diag::ModelAnswer, "its message has neither text nor tool calls");
  std::vector<Value> calls;
  for (const ToolCallText &made : choice.calls) {
    if (!call.hasTool(made.name))
      return wrongCall(made, "there is no such tool");
    Value arguments = Value::object({});
    OpError error;
    if (!made.arguments.empty() && !parseJson(made.arguments, call.limits, arguments, error))
      return wrongCall(made, "its arguments are not JSON: " + error.message);
    Value fields[] = {Value::str(made.id), Value::str(made.name), std::move(arguments)};
    calls.push_back(Value::record(fields));
  }
  bool hasText = choice.hasContent && !(choice.content.empty() && !calls.empty());
  Value fields[] = {hasText ? Value::some(Value::str(choice.content)) : Value::optionNone(),
                    Value::list(calls)};
  return good(Value::record(fields));
}

ChatVerdict xcs::judgeAnswer(const ChatCall &call, const ChatChoice &choice) {
  ChatVerdict end = judgeEnd(choice);
  if (end.kind != ChatVerdict::Kind::Good)
    return end;
  if (call.form.answer == ChatForm::Answer::Tools)
    return judgeTools(call, choice);
  if (!choice.hasContent)
    return failed(Diag::ModelAnswer, "its message has no text");
  return call.form.answer == ChatForm::Answer::Typed ? judgeTyped(call, choice)
                                                     : good(Value::str(choice.content));
}
