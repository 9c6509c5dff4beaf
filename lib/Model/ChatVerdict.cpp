#include "xcs/Model/ChatVerdict.h"
#include "Model/TypedAnswer.h"
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

static ChatVerdict exceeds(OpError limit) {
  ChatVerdict verdict = failed(limit.id);
  verdict.limit = std::move(limit);
  return verdict;
}

/// The server gave up while it answered; what it says of that is shown.
static ChatVerdict brokenOff(const ChatChoice &choice, bool isTransient) {
  std::string what = "for the reason `" + shortened(choice.finish) + "`";
  if (choice.error) {
    what += " (" + choice.error->message + ")";
    isTransient = !choice.error->isQuota && (isTransient || isTransientStatus(choice.error->status));
  }
  ChatVerdict verdict = failed(Diag::ModelFinish, what);
  if (isTransient)
    verdict.kind = ChatVerdict::Kind::TryAgain;
  return verdict;
}

/// An answer that was cut off or withheld is not an answer, whatever it says; Good when it ended by itself.
static ChatVerdict judgeEnd(const ChatCall &call, const ChatChoice &choice) {
  if (!choice.hasFinish)
    return choice.refusal.empty() ? failed(Diag::ModelFinish, "without a `finish_reason`")
                                  : failed(Diag::ModelRefused, shortened(choice.refusal));
  std::optional<Finish> finish = finishOf(call.constants, call.resource, choice.finish);
  if (finish == Finish::Length)
    return failed(Diag::ModelLength);
  if (finish == Finish::Filtered)
    return failed(Diag::ModelFiltered);
  if (!choice.refusal.empty())
    return failed(Diag::ModelRefused, shortened(choice.refusal));
  if (finish == Finish::Broken || finish == Finish::Failed)
    return brokenOff(choice, finish == Finish::Broken);
  if (!finish)
    return failed(Diag::ModelFinish, "for the unknown reason `" + shortened(choice.finish) + "`");
  return {};
}

static ChatVerdict judgeTyped(const ChatCall &call, const ChatChoice &choice) {
  Value value;
  OpError error;
  if (typedValueIn(call, choice.content, value, error))
    return good(std::move(value));
  if (error.id == Diag::LimitExceeded)
    return exceeds(std::move(error));
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

static bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

static std::string withBesides(const ChatChoice &choice, std::string what) {
  return choice.besides.empty() ? what : what + ", only " + choice.besides;
}

static Value extraOf(const Value &kept) { return kept.empty() ? Value::object({}) : kept; }

static ChatVerdict judgeTools(const ChatCall &call, const ChatChoice &choice) {
  if (choice.calls.empty() && !choice.hasContent)
    return failed(Diag::ModelAnswer, withBesides(choice, "its message has neither text nor tool calls"));
  std::vector<Value> calls;
  for (const ToolCallText &made : choice.calls) {
    if (made.name.empty())
      return failed(Diag::ModelAnswer, "its tool call " + std::to_string(calls.size()) + " has no name");
    if (!call.hasTool(made.name))
      return wrongCall(made, "there is no such tool");
    Value arguments = Value::object({});
    OpError error;
    bool fine = isBlank(made.arguments) || parseJson(made.arguments, call.limits, arguments, error);
    if (!fine && error.id == Diag::LimitExceeded)
      return exceeds(std::move(error));
    if (!fine)
      return wrongCall(made, "its arguments are not JSON: " + error.message);
    if (arguments.kind() == ValueKind::None) // of a call without any
      arguments = Value::object({});
    std::vector<Value> fields{Value::str(made.id), Value::str(made.name), std::move(arguments)};
    if (call.form.callsHaveExtra)
      fields.push_back(extraOf(made.extra));
    calls.push_back(Value::record(fields));
  }
  bool hasText = choice.hasContent && !(choice.content.empty() && !calls.empty());
  std::vector<Value> fields{hasText ? Value::some(Value::str(choice.content)) : Value::optionNone(),
                            Value::list(calls)};
  if (call.form.hasExtra)
    fields.push_back(extraOf(choice.extra));
  return good(Value::record(fields));
}

ChatVerdict xcs::judgeAnswer(const ChatCall &call, const ChatChoice &choice) {
  ChatVerdict end = judgeEnd(call, choice);
  if (end.kind != ChatVerdict::Kind::Good)
    return end;
  if (call.form.answer == ChatForm::Answer::Tools)
    return judgeTools(call, choice);
  if (!choice.hasContent)
    return failed(Diag::ModelAnswer,
                  withBesides(choice, choice.calls.empty() ? "its message has no text"
                                                           : "its message has calls of tools and no text"));
  return call.form.answer == ChatForm::Answer::Typed ? judgeTyped(call, choice)
                                                     : good(Value::str(choice.content));
}
