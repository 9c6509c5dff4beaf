#include "Model/CompletionReader.h"
#include "Model/ErrorShapes.h"
#include "xcs/Model/Quirks.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <array>

using namespace xcs;

using Kind = RawJson::Kind;

static constexpr size_t mostChoices = 1024; // of one answer: what is sent must not make us allocate memory

bool xcs::failAt(AnswerFault &fault, std::string_view at, std::string_view what) {
  fault = {};
  // The names of members that ride along are those of the answer.
  fault.what = at.empty() ? "it " : "its `" + shown(std::string(at)) + "` ";
  fault.what += what;
  return false;
}

std::string xcs::shown(std::string word) { return shortened(makeReadable(word) ? word : readableText(word)); }

static bool failAs(AnswerFault &fault, std::string_view at, const RawJson &came, std::string_view awaited) {
  return failAt(fault, at, "is " + std::string(came.description()) + ", not " + std::string(awaited));
}

AnswerFault xcs::notJson(RawJson::Fault how, std::string_view text, std::string_view subject) {
  AnswerFault fault;
  fault.what = subject;
  switch (how) {
  case RawJson::Fault::None:
    break;
  case RawJson::Fault::Empty:
    fault.kind = AnswerFault::Kind::Transient;
    fault.what += " is empty";
    break;
  case RawJson::Fault::CutOff:
    fault.kind = AnswerFault::Kind::Transient;
    fault.what += " is JSON that is cut off";
    break;
  case RawJson::Fault::Wrong:
    fault.what += " is not JSON; it begins with `" + readableText(beginningOf(text, 40)) + "`";
    break;
  case RawJson::Fault::Extra:
    fault.what += " is more than one JSON value";
    break;
  }
  return fault;
}

bool xcs::appendText(const RawJson &member, const std::string &at, std::string &out, AnswerFault &fault) {
  switch (member.kind()) {
  case Kind::Absent:
  case Kind::Null:
    return true;
  case Kind::Number:
    out += member.text();
    return true;
  case Kind::String: {
    const size_t before = out.size();
    if (member.appendTo(out))
      return true;
    out.resize(before); // half a text is none
    return failAt(fault, at, "has an escape that is none");
  }
  case Kind::Bool:
  case Kind::Array:
  case Kind::Object:
  case Kind::Odd:
  case Kind::Twice:
    break;
  }
  return failAs(fault, at, member, "text");
}

/// Text that is part of an answer: a string, and not a number, which some model may have meant as one.
bool CompletionReader::appendContent(const RawJson &text, const std::string &at, OpenChoice &to,
                                     AnswerFault &fault) {
  if (text.kind() != Kind::String)
    return failAs(fault, at, text, "text");
  const size_t before = to.said.content.size();
  const bool fine = appendText(text, at, to.said.content, fault);
  to.said.hasContent |= fine;
  if (to.said.content.size() != before)
    to.parts.endRun();
  return fine;
}

/// The text of a part: a string, or `{"value": ..}` around it.
static RawJson textOfPart(const RawObject &part) {
  RawJson text = part.find("text");
  return text.kind() == Kind::Object ? text.at("/value") : text;
}

bool CompletionReader::addPart(const RawJson &item, const std::string &at, OpenChoice &to,
                               AnswerFault &fault) {
  if (item.isAbsent())
    return true;
  if (item.kind() == Kind::String)
    return appendContent(item, at, to, fault);
  RawObject part(item);
  if (item.kind() != Kind::Object || part.isBroken())
    return failAs(fault, at, item, "text");
  std::string type;
  if (!appendText(part.find("type"), at + "/type", type, fault))
    return false;
  RawJson text = textOfPart(part);
  if (type.empty() && text.isAbsent())
    return failAt(fault, at, "is an object that has neither `type` nor `text`");
  std::optional<PartMeaning> meaning = type.empty() ? PartMeaning::Text : partMeaningOf(type);
  if (!meaning && text.kind() == Kind::String)
    meaning = PartMeaning::Text; // of a type that no one knows, and a text all the same
  if (meaning == PartMeaning::Text)
    return appendContent(text, at + "/text", to, fault);
  if (meaning == PartMeaning::Refusal)
    return appendText(part.find("refusal"), at + "/refusal", to.said.refusal, fault);
  if (!meaning || to.said.besides.empty())
    to.said.besides = "a part of the type `" + shown(type) + "`";
  return !keepsExtra || to.parts.add(part, type, meaning == PartMeaning::Thought, at, fault);
}

/// A text, a part, or a list of texts and parts.
bool CompletionReader::addContent(const RawJson &content, const std::string &at, OpenChoice &to,
                                  AnswerFault &fault) {
  to.parts.beginPiece();
  if (content.kind() != Kind::Array)
    return addPart(content, at, to, fault);
  std::vector<RawJson> parts;
  if (!content.items(parts))
    return failAt(fault, at, "is a list that is no JSON");
  for (size_t i = 0; i < parts.size(); ++i)
    if (!addPart(parts[i], at + '/' + std::to_string(i), to, fault))
      return false;
  return true;
}

bool CompletionReader::addMessage(const RawJson &message, const std::string &at, Form form, OpenChoice &to,
                                  AnswerFault &fault) {
  if (message.isAbsent())
    return true;
  RawObject members(message);
  if (message.kind() != Kind::Object || members.isBroken())
    return failAs(fault, at, message, "a message that can be read");
  ChatChoice &said = to.said;
  if (!addContent(members.find("content"), at + "/content", to, fault) ||
      !appendText(members.find("refusal"), at + "/refusal", said.refusal, fault) ||
      !to.calls.add(members.find("tool_calls"), at + "/tool_calls", form == Form::Piece, keepsExtra, fault) ||
      !to.calls.addLegacy(members.find("function_call"), at + "/function_call", keepsExtra, fault))
    return false;
  // Those of `messageMembers` (ModelForm.h) would be refused on their way back.
  if (keepsExtra &&
      !to.rest.add(members,
                   {"role", "content", "refusal", "tool_calls", "function_call", "name", "tool_call_id"},
                   form == Form::Piece, at, fault))
    return false;
  for (std::string_view thought : thoughtMembers)
    if (RawJson text = members.find(thought);
        said.besides.empty() && text.kind() == Kind::String && text.text() != "\"\"")
      said.besides = "`" + std::string(thought) + "`";
  return true;
}

/// The message of a choice in a stream is the whole of it, after pieces of the same.
void CompletionReader::replaceBy(OpenChoice &to, OpenChoice whole) {
  ChatChoice &before = to.said, &now = whole.said;
  if (!now.content.empty() || !before.hasContent) {
    before.content = std::move(now.content);
    before.hasContent |= now.hasContent;
  }
  if (!now.refusal.empty())
    before.refusal = std::move(now.refusal);
  if (!whole.calls.empty())
    to.calls = std::move(whole.calls);
  if (before.besides.empty())
    before.besides = std::move(now.besides);
  to.rest.replaceBy(std::move(whole.rest));
  to.parts.replaceBy(std::move(whole.parts));
}

/// Whether a reason would make an answer that has ended one that has not.
static bool takesBack(std::string_view before, std::string_view reason) {
  std::optional<Finish> now = finishOf(reason);
  return !before.empty() && finishOf(before) == Finish::End &&
         (now == Finish::Broken || now == Finish::Failed);
}

/// The answer that a piece continues; null when it begins one.
CompletionReader::OpenChoice *CompletionReader::choiceOf(std::optional<int64_t> index, size_t place) {
  if (!index)
    return place < open.size() ? &open[place] : nullptr;
  for (size_t i = open.size(); i > 0; --i)
    if (open[i - 1].index == index)
      return &open[i - 1];
  return nullptr;
}

bool CompletionReader::addChoice(const RawJson &item, size_t place, Form form, AnswerFault &fault) {
  const std::string at = "/choices/" + std::to_string(place);
  RawObject members(item);
  if (item.kind() != Kind::Object || members.isBroken())
    return failAs(fault, at, item, "a choice that can be read");
  std::optional<int64_t> index = members.find("index").integer();
  OpenChoice *choice = form == Form::Piece ? choiceOf(index, place) : nullptr;
  if (!choice) {
    if (open.size() >= mostChoices)
      return failAt(fault, "/choices", "has more than " + std::to_string(mostChoices) + " answers");
    choice = &open.emplace_back();
    choice->index = index;
  }
  const bool hadEnded = form == Form::Piece && !choice->said.finish.empty();
  auto said = [&] {
    return choice->said.content.size() + choice->said.refusal.size() + choice->calls.byteSize();
  };
  const size_t before = hadEnded ? said() : 0;
  RawJson finish = members.find("finish_reason");
  std::string reason;
  if (!appendText(finish, at + "/finish_reason", reason, fault))
    return false;
  choice->said.hasFinish |= !finish.isAbsent();
  if (!reason.empty() && !takesBack(choice->said.finish, reason))
    choice->said.finish = reason;
  if (!members.find("error").isAbsent())
    choice->said.error = findError(item);
  if (logprobs != Logprobs::None &&
      !choice->logprobs.add(members.find("logprobs"), at + "/logprobs", logprobs, fault))
    return false;

  RawJson delta = members.find("delta"), message = members.find("message");
  if (delta.isAbsent() && message.isAbsent()) // an answer to no chat: the text itself
    return addContent(members.find("text"), at + "/text", *choice, fault);
  if (!addMessage(delta, at + "/delta", form, *choice, fault))
    return false;
  choice->wentOn |= hadEnded && said() != before;
  OpenChoice whole;
  if (!addMessage(message, at + "/message", Form::Whole, whole, fault))
    return false;
  replaceBy(*choice, std::move(whole));
  return true;
}

bool CompletionReader::add(const RawJson &root, Form form, AnswerFault &fault) {
  auto reported = [&](std::optional<ErrorReport> error) {
    fault.kind = AnswerFault::Kind::Reported;
    fault.report = std::move(*error);
    return false;
  };
  RawObject members(root);
  if (root.kind() == Kind::Array)
    if (std::optional<ErrorReport> error = findError(root))
      return reported(std::move(error));
  if (root.kind() != Kind::Object || members.isBroken())
    return failAs(fault, "", root, "an object that can be read");
  addUsage(root, tokens);
  RawJson choices = members.find("choices");
  std::vector<RawJson> items;
  if (!choices.isAbsent() && (choices.kind() != Kind::Array || !choices.items(items)))
    return failAs(fault, "/choices", choices, "a list of answers");
  if (items.empty()) {
    if (std::optional<ErrorReport> error = findError(root))
      return reported(std::move(error));
    if (form == Form::Piece)
      return true;
    fault.kind = AnswerFault::Kind::Transient;
    fault.what = "it has no choices";
    return false;
  }
  for (size_t i = 0; i < items.size(); ++i)
    if (!addChoice(items[i], i, form, fault))
      return false;
  // An error beside answers that have ended takes nothing back from them.
  if (!members.find("error").isAbsent())
    if (std::optional<ErrorReport> error = findError(root))
      for (const OpenChoice &choice : open)
        if (!choice.said.hasFinish || finishOf(choice.said.finish) == Finish::Failed)
          return reported(std::move(error));
  return true;
}

bool CompletionReader::addWhole(const RawJson &root, AnswerFault &fault) {
  return add(root, Form::Whole, fault);
}
bool CompletionReader::addEvent(const RawJson &root, AnswerFault &fault) {
  return add(root, Form::Piece, fault);
}

bool CompletionReader::hasGoneOn() const {
  return std::any_of(open.begin(), open.end(), [](const OpenChoice &choice) { return choice.wentOn; });
}

bool CompletionReader::isWhole(int64_t asked, bool isDone) const {
  if (hasGoneOn() && !isDone)
    return false;
  for (const OpenChoice &choice : open)
    if (choice.said.finish.empty() && !(isDone && choice.said.hasFinish))
      return false;
  return !open.empty() && (isDone || open.size() >= static_cast<size_t>(std::max<int64_t>(asked, 1)));
}

/// In the order of their indices; unchanged where these are missing or the same.
void CompletionReader::sortByIndex() {
  auto less = [](const OpenChoice &a, const OpenChoice &b) { return a.index < b.index; };
  std::vector<int64_t> indices;
  for (const OpenChoice &choice : open)
    if (choice.index)
      indices.push_back(*choice.index);
  std::sort(indices.begin(), indices.end());
  if (indices.size() == open.size() && std::adjacent_find(indices.begin(), indices.end()) == indices.end())
    std::stable_sort(open.begin(), open.end(), less);
}

bool xcs::failAsNoUtf8(AnswerFault &fault) {
  fault = {};
  fault.what = "its text is not UTF-8";
  return false;
}

bool xcs::exceed(AnswerFault &fault, const Limits &limits, Limit limit, std::string_view what,
                 uint64_t needed) {
  fault.kind = AnswerFault::Kind::Limit;
  fault.limit = {Diag::LimitExceeded, limitError(limit, limits[limit], what, needed).message()};
  return false;
}

bool xcs::failsWithJsonBytes(size_t bytes, const Limits &limits, AnswerFault &fault) {
  if (bytes <= limits[Limit::JsonBytes])
    return false;
  exceed(fault, limits, Limit::JsonBytes, "a JSON text of " + std::to_string(bytes) + " bytes", bytes);
  return true;
}

/// The members of a message that nothing here understands, and the parts of its content that are not text.
bool CompletionReader::takeExtra(OpenChoice &choice, const Limits &limits, Value &out, AnswerFault &fault) {
  if (!choice.rest.take(limits, out, fault))
    return false;
  if (choice.parts.isEmpty())
    return true;
  Value parts;
  if (!choice.parts.take(limits, parts, fault))
    return false;
  std::vector<Value> members(out.items().begin(), out.items().end());
  members.push_back(Value::str("content"));
  members.push_back(std::move(parts));
  out = Value::object(members);
  return true;
}

bool CompletionReader::take(const Limits &limits, Completion &out, AnswerFault &fault) {
  sortByIndex();
  out.usage = tokens;
  out.choices.clear();
  uint64_t bytes = 0;
  for (OpenChoice &choice : open) {
    ChatChoice said = std::move(choice.said);
    if (!choice.calls.take(limits, said.calls, fault) ||
        (keepsExtra && !takeExtra(choice, limits, said.extra, fault)))
      return false;
    said.logprobs = choice.logprobs.take();
    bytes += said.logprobs.empty() ? 0 : said.logprobs.byteSize();
    std::vector<std::string *> texts{&said.content, &said.refusal, &said.finish, &said.besides};
    bytes += said.extra.byteSize();
    for (ToolCallText &call : said.calls) {
      texts.insert(texts.end(), {&call.id, &call.name, &call.arguments});
      bytes += call.extra.byteSize();
    }
    for (std::string *text : texts) {
      bytes += text->size();
      if (!makeReadable(*text))
        return failAsNoUtf8(fault);
    }
    out.choices.push_back(std::move(said));
  }
  if (bytes <= limits[Limit::ValueBytes])
    return true;
  return exceed(fault, limits, Limit::ValueBytes, "the answer of a model", bytes);
}

static void addCount(const RawJson &usage, std::string_view pointer, std::optional<uint64_t> &to) {
  if (std::optional<int64_t> count = usage.at(pointer).integer(); count && *count >= 0)
    to = static_cast<uint64_t>(*count);
}

void xcs::addUsage(const RawJson &root, ReportedUsage &to) {
  RawObject members(root);
  for (std::string_view place : usagePlaces) {
    size_t end = std::min(place.find('/', 1), place.size());
    RawJson usage = members.find(place.substr(1, end - 1)).at(place.substr(end));
    addCount(usage, "/prompt_tokens", to.prompt);
    addCount(usage, "/completion_tokens", to.completion);
    addCount(usage, "/prompt_tokens_details/cached_tokens", to.cached);
    addCount(usage, "/completion_tokens_details/reasoning_tokens", to.reasoning);
  }
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

bool xcs::isWholeJson(std::string_view text) {
  RawJson value;
  return RawJson::whole(text, value) == RawJson::Fault::None;
}

bool xcs::hasItems(std::string_view text, std::string_view pointer) {
  RawJson root;
  std::vector<RawJson> items;
  if (RawJson::whole(text, root) != RawJson::Fault::None)
    return false;
  RawJson list = root.at(pointer);
  return list.kind() == Kind::Array && list.items(items) && !items.empty();
}
