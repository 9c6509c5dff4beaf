#include "xcs/Model/Completion.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

const Value *xcs::member(const Value *object, std::string_view key) {
  if (!object || object->kind() != ValueKind::Object)
    return nullptr;
  std::span<const Value> items = object->items();
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    if (items[i].text() == key)
      return &items[i + 1];
  return nullptr;
}

std::string_view xcs::textOf(const Value *value) {
  return value && value->kind() == ValueKind::Str ? value->text() : std::string_view();
}

static std::optional<uint64_t> countOf(const Value *value) {
  if (!value || value->kind() != ValueKind::I64 || value->asI64() < 0)
    return std::nullopt;
  return static_cast<uint64_t>(value->asI64());
}

ReportedUsage xcs::reportedUsage(const Value &root) {
  const Value *usage = member(&root, "usage");
  return {countOf(member(usage, "prompt_tokens")), countOf(member(usage, "completion_tokens")),
          countOf(member(member(usage, "prompt_tokens_details"), "cached_tokens")),
          countOf(member(member(usage, "completion_tokens_details"), "reasoning_tokens"))};
}

void xcs::countAnswer(ModelUsage &to, const ReportedUsage &reported) {
  auto count = [](TokenCount &sum, const std::optional<uint64_t> &tokens) {
    if (tokens)
      sum.add(*tokens);
    else
      ++sum.unknown;
  };
  ++to.answers;
  count(to.prompt, reported.prompt);
  count(to.completion, reported.completion);
  count(to.cached, reported.cached);
  count(to.reasoning, reported.reasoning);
}

/// A text, or a list of parts, of which those of type `text` count.
static void readContent(const Value *content, ChatChoice &choice) {
  if (!content)
    return;
  if (content->kind() == ValueKind::Str) {
    choice.hasContent = true;
    choice.content = content->text();
  } else if (content->kind() == ValueKind::List) {
    choice.hasContent = true;
    for (const Value &part : content->items())
      if (textOf(member(&part, "type")) == "text")
        choice.content += textOf(member(&part, "text"));
  }
}

static void readCalls(const Value *calls, ChatChoice &choice) {
  if (!calls || calls->kind() != ValueKind::List)
    return;
  for (const Value &call : calls->items()) {
    const Value *function = member(&call, "function");
    choice.calls.push_back({std::string(textOf(member(&call, "id"))),
                            std::string(textOf(member(function, "name"))),
                            std::string(textOf(member(function, "arguments")))});
  }
}

bool xcs::readCompletion(const Value &root, Completion &out, std::string &why) {
  out.usage = reportedUsage(root);
  const Value *choices = member(&root, "choices");
  if (!choices || choices->kind() != ValueKind::List || choices->size() == 0) {
    why = "it has no choices";
    return false;
  }
  std::span<const Value> items = choices->items();
  out.choices.resize(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    // In the order of their indices; if these are invalid, in the order of the list.
    std::optional<uint64_t> index = countOf(member(&items[i], "index"));
    ChatChoice &choice = out.choices[index && *index < items.size() ? *index : i];
    const Value *message = member(&items[i], "message");
    choice.finish = textOf(member(&items[i], "finish_reason"));
    choice.refusal = textOf(member(message, "refusal"));
    readContent(member(message, "content"), choice);
    readCalls(member(message, "tool_calls"), choice);
  }
  return true;
}

static constexpr size_t mostShown = 300; // bytes of a server's text that a message repeats

std::string xcs::shortened(std::string_view text) { return std::string(beginningOf(text, mostShown)); }

ErrorReport xcs::errorReportOf(const Value &root) {
  const Value *error = member(&root, "error");
  ErrorReport out;
  std::string_view message =
      error && error->kind() == ValueKind::Str ? error->text() : textOf(member(error, "message"));
  out.message = message.empty() ? "no message" : shortened(message);
  for (std::string_view key : {"code", "type"})
    out.isQuota = out.isQuota || textOf(member(error, key)) == "insufficient_quota";
  return out;
}

ErrorReport xcs::errorReportOf(std::string_view body, const Limits &limits) {
  Value root;
  OpError error;
  if (parseJson(body, limits, root, error) && member(&root, "error"))
    return errorReportOf(root);
  return {body.empty() ? "no message" : readableText(shortened(body)), false};
}
