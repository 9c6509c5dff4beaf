#include "xcs/Model/ChatStream.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

static constexpr int64_t mostParts =
    1024; // choices, calls of one answer: a huge index must not allocate memory

ChatStream::ChatStream(const Limits &limits)
    : limits(limits), parser([this](std::string_view type, std::string_view data) { event(type, data); }) {}

void ChatStream::event(std::string_view type, std::string_view data) {
  anyEvents = true;
  if (done || wrong)
    return;
  if (data == "[DONE]") {
    done = true;
    return;
  }
  Value root;
  OpError error;
  if (!parseJson(data, limits, root, error)) {
    wrong = ErrorReport{"an event is not JSON: " + error.message, false};
    return;
  }
  if (const Value *reported = member(&root, "error");
      type == "error" || (reported && reported->kind() != ValueKind::None)) {
    wrong = errorReportOf(root);
    return;
  }
  if (const Value *usage = member(&root, "usage"); usage && usage->kind() == ValueKind::Object)
    whole.usage = reportedUsage(root);
  const Value *choices = member(&root, "choices");
  if (choices && choices->kind() == ValueKind::List)
    for (const Value &choice : choices->items())
      addChoice(choice);
}

template <class T> T *ChatStream::at(std::vector<T> &list, const Value *index) {
  int64_t place = index && index->kind() == ValueKind::I64 ? index->asI64() : 0;
  if (place < 0 || place >= mostParts) {
    wrong = ErrorReport{"an event has the index " + std::to_string(place), false};
    return nullptr;
  }
  if (list.size() <= static_cast<size_t>(place))
    list.resize(static_cast<size_t>(place) + 1);
  return &list[static_cast<size_t>(place)];
}

void ChatStream::addChoice(const Value &delta) {
  ChatChoice *choice = at(whole.choices, member(&delta, "index"));
  if (!choice)
    return;
  if (std::string_view finish = textOf(member(&delta, "finish_reason")); !finish.empty())
    choice->finish = finish;
  const Value *said = member(&delta, "delta");
  if (const Value *content = member(said, "content"); content && content->kind() == ValueKind::Str) {
    choice->hasContent = true;
    choice->content += content->text();
  }
  choice->refusal += textOf(member(said, "refusal"));
  addCalls(member(said, "tool_calls"), *choice);
}

/// The first delta of a call has its id and name; later ones have pieces of its arguments.
void ChatStream::addCalls(const Value *calls, ChatChoice &choice) {
  if (!calls || calls->kind() != ValueKind::List)
    return;
  for (const Value &delta : calls->items()) {
    ToolCallText *call = at(choice.calls, member(&delta, "index"));
    if (!call)
      return;
    const Value *function = member(&delta, "function");
    if (std::string_view id = textOf(member(&delta, "id")); !id.empty())
      call->id = id;
    if (std::string_view name = textOf(member(function, "name")); !name.empty())
      call->name = name;
    call->arguments += textOf(member(function, "arguments"));
  }
}
