#include "xcs/Model/AnswerReader.h"
#include "Model/CompletionReader.h"
#include "Model/ErrorShapes.h"
#include "xcs/Model/Quirks.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

using Fault = RawJson::Fault;

AnswerReader::AnswerReader(const Limits &limits, int64_t asked, bool keepsExtra, Logprobs logprobs)
    : limits(limits), asked(asked),
      parser([this](std::string_view type, std::string_view data) { event(type, data); }),
      reader(std::make_unique<CompletionReader>(keepsExtra, logprobs)) {}

AnswerReader::~AnswerReader() = default;

namespace {

/// What the first bytes of an answer say.
enum class Look : uint8_t { TooFew, Json, Events, Other };

/// `blanks`: how much of the text is known to say nothing; grows. Some servers send blanks for as long as
/// they have no answer, and each is looked at once.
Look lookAt(std::string_view text, size_t &blanks) {
  // Lines of a stream (WHATWG HTML, 9.2.5); no JSON begins with a letter but `true`, `false` and `null`.
  constexpr std::string_view fields[] = {"data", "event", "id", "retry"};
  if (text.size() < byteOrderMark.size() && byteOrderMark.starts_with(text))
    return Look::TooFew;
  if (blanks == 0 && text.starts_with(byteOrderMark))
    blanks = byteOrderMark.size();
  blanks = std::min(text.find_first_not_of(" \t\r\n", blanks), text.size());
  text.remove_prefix(blanks);
  if (text.empty())
    return Look::TooFew;
  if (text.front() == '{' || text.front() == '[' || text.front() == '"')
    return Look::Json;
  if (text.front() == ':')
    return Look::Events;
  for (std::string_view field : fields) {
    if (field.starts_with(text))
      return Look::TooFew;
    if (text.starts_with(field) &&
        (text[field.size()] == ':' || text[field.size()] == '\n' || text[field.size()] == '\r'))
      return Look::Events;
  }
  return Look::Other;
}

std::string_view trimmed(std::string_view text) {
  size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

constexpr std::string_view doneWord = "[DONE]";

} // namespace

/// Whether the data of an event that the stream stopped in is all that it can have, or even more.
static bool beginsWhole(std::string_view data) {
  RawJson root;
  Fault how = RawJson::whole(data, root);
  return data == doneWord || how == Fault::None || how == Fault::Extra;
}

void AnswerReader::feed(std::string_view piece, bool isEventStream) {
  if (form == Form::Stream) {
    parser.feed(piece);
    return;
  }
  text += piece;
  if (form == Form::Body)
    return;
  switch (lookAt(text, blanks)) {
  case Look::TooFew:
    return;
  case Look::Json:
    form = Form::Body;
    return;
  case Look::Other:
    form = isEventStream ? Form::Stream : Form::Body;
    break;
  case Look::Events:
    form = Form::Stream;
    break;
  }
  if (form == Form::Stream)
    parser.feed(std::exchange(text, {}));
}

void AnswerReader::event(std::string_view type, std::string_view data) {
  data = trimmed(data);
  if (done || wrong || data.empty() || isIdleEvent(type))
    return;
  if (data == doneWord) {
    done = true;
    return;
  }
  const bool wasWhole = isWhole();
  read(type, data);
  if (wasWhole)
    wrong.reset();
}

/// Reads the JSON of an event; what is wrong with it goes to `wrong`.
void AnswerReader::read(std::string_view type, std::string_view data) {
  const bool isError = type == "error", isNamed = !type.empty() && type != "message" && !isError;
  RawJson root;
  std::string_view rest;
  Fault how = RawJson::whole(data, root, &rest);
  AnswerFault fault;
  if (failsWithJsonBytes(data.size(), limits, fault)) {
    wrong = std::move(fault);
  } else if (how == Fault::Extra && (rest.starts_with('{') || rest.starts_with(doneWord))) {
    fault.what = "there is no blank line between its events";
    wrong = std::move(fault);
  } else if (isError) {
    fault.kind = AnswerFault::Kind::Reported;
    fault.report = errorReportOf(data);
    wrong = std::move(fault);
  } else if (how == Fault::None) {
    bool isOurs = !isNamed || !root.at("/choices").isAbsent() || !root.at("/error").isAbsent();
    if (isOurs && !reader->addEvent(root, fault))
      wrong = std::move(fault);
  } else if (!isNamed) {
    fault = notJson(how, data, "an event");
    fault.kind = AnswerFault::Kind::Transient;
    wrong = std::move(fault);
  }
}

bool AnswerReader::isWhole() const {
  if (form == Form::Stream)
    return reader->isWhole(asked, done);
  RawJson root;
  return RawJson::whole(text, root) == Fault::None;
}

bool AnswerReader::finish(Completion &out, AnswerFault &fault) {
  return form == Form::Stream ? finishStream(out, fault) : finishBody(out, fault);
}

bool AnswerReader::finishBody(Completion &out, AnswerFault &fault) {
  if (failsWithJsonBytes(text.size(), limits, fault))
    return false;
  RawJson root;
  if (Fault how = RawJson::whole(text, root); how != Fault::None) {
    fault = notJson(how, trimmed(text), "it");
    return false;
  }
  answered = true;
  bool fine = reader->addWhole(root, fault);
  out.usage = reader->usage();
  return fine && reader->take(limits, out, fault);
}

bool AnswerReader::finishStream(Completion &out, AnswerFault &fault) {
  // Some end without the empty line after their last event: it counts when it is whole.
  std::string last;
  if (!isWhole() && parser.isWithinEvent(last) && beginsWhole(trimmed(last)))
    parser.feed("\n\n");
  if (wrong) {
    fault = std::move(*wrong);
    return false;
  }
  answered = true;
  out.usage = reader->usage();
  if (reader->isWhole(1, done))
    return reader->take(limits, out, fault);
  fault = {};
  fault.kind = AnswerFault::Kind::Transient;
  if (reader->hasGoneOn())
    fault.what = "it ended without `[DONE]`, and continued after a `finish_reason`";
  else
    fault.what = reader->hasChoices() ? "it ended without a `finish_reason`" : "it has no choices";
  return false;
}
