/// What a run makes of the bytes that a server answers, without a socket: the head (waits, rate headers,
/// redirects) and the body, read as everything it may be: a chat completion, a stream of its events cut at
/// any place, repeated and in another order, an error, vectors, and a part of a good answer that nobody
/// reads. Whatever comes is an answer that fits what was asked for, or a reason, and never an empty one.
///
/// An input is an answer as it is sent: a status line, headers, an empty line, the body. Without an empty
/// line all of it is the body.

#include "Io/Unpacker.h"
#include "Model/RawJson.h"
#include "World/HeaderTime.h"
#include "World/RateHeaders.h"
#include "World/Retry.h"
#include "support/Fuzz.h"
#include "xcs/Io/Url.h"
#include "xcs/Model/AnswerReader.h"
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/ChatVerdict.h"
#include "xcs/Model/EmbedBatches.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include <charconv>
#include <deque>

using namespace xcs;
using fuzz::require;

namespace {

/// One call for each kind of answer: a text, a typed one, one that the schema wraps, one with tools.
constexpr const char *program = R"(
model @m {url = "http://127.0.0.1:1/v1", model = "small"}
func @main(%q: str, %tools: list<record<name: str, description: str, parameters: json>>) -> str, record<grade: i64, notes: list<str>, sure: option<bool>>, list<f64>, json, record<content: option<str>, tool_calls: list<record<id: str, name: str, arguments: json, extra: json>>, extra: json> {
  %text = model.chat @m(%q) : str
  %typed = model.chat @m(%q) : record<grade: i64, notes: list<str>, sure: option<bool>>
  %list = model.chat @m(%q) : list<f64>
  %any = model.chat @m(%q) : json
  %called = model.chat @m(%q, %tools) : record<content: option<str>, tool_calls: list<record<id: str, name: str, arguments: json, extra: json>>, extra: json>
  return(%text, %typed, %list, %any, %called)
})";

Limits smallLimits() {
  Limits limits;
  limits.set(Limit::ValueBytes, 1 << 20);
  limits.set(Limit::JsonDepth, 64);
  return limits;
}
const Limits limits = smallLimits();

/// The calls of the program above, ready to judge answers.
class Calls {
public:
  Calls() {
    DiagnosticEngine diagnostics;
    plan = std::move(*PlanFile::fromBytes(fuzz::compilePlan(program, 0), "sample", diagnostics, {}));
    const PlanView &view = plan->view();
    const PlanSlot *slots = &view.slots[view.regions[view.functions[0].region].firstSlot];
    for (const PlanOp &op : view.ops) {
      if (op.code != OpCode::model_chat)
        continue;
      operands.push_back({Value::str("why?")});
      if (op.operandCount == 2)
        operands.back().push_back(tools());
      ChatOperation operation{
          view.constants, view.attrsOf(op), op.dict, view.resources[op.target].dict, {}, {}, schemas};
      for (uint32_t slot : view.operandsOf(op))
        operation.operandTypes.push_back(slots[slot].type);
      operation.resultType = slots[op.resultSlot].type;
      calls.emplace_back(std::move(operation), limits, operands.back());
    }
  }

  const std::deque<ChatCall> &all() const { return calls; }
  Capabilities capabilities() const {
    return capabilitiesOf(plan->view().constants, plan->view().resources[0].dict, {});
  }

private:
  static Value tools() {
    Value fields[] = {Value::str("add"), Value::str("adds"), Value::object({})};
    Value tool[] = {Value::record(fields)};
    return Value::list(tool);
  }

  std::unique_ptr<PlanFile> plan;
  AttrSchemas schemas;
  std::deque<std::vector<Value>> operands;
  std::deque<ChatCall> calls;
};

const Calls &calls() {
  static const Calls made;
  return made;
}

void checkVerdict(const ChatCall &call, const ChatVerdict &verdict) {
  fuzz::requireText(verdict.first, "a message that is no UTF-8");
  fuzz::requireText(verdict.second, "a message that is no UTF-8");
  OpError error;
  switch (verdict.kind) {
  case ChatVerdict::Kind::Good: {
    require(!verdict.value.empty(), "a good answer without a value");
    fuzz::requireTexts(verdict.value);
    Value json;
    require(jsonFromValue(verdict.value, call.constants, call.resultType, {}, json, error),
            "a good answer that does not fit its type", error.message);
    return;
  }
  case ChatVerdict::Kind::AskAgain: {
    require(!verdict.more.empty(), "asked again without a word");
    std::string body;
    Value json;
    require(call.body(calls().capabilities(), 1, verdict.more, body, error) &&
                parseJson(body, {}, json, error),
            "what is asked again is no JSON", error.message);
    return;
  }
  case ChatVerdict::Kind::TryAgain:
  case ChatVerdict::Kind::Failed:
    return;
  }
}

void judge(const Completion &completion, std::string_view body) {
  for (const ChatChoice &choice : completion.choices)
    for (const ChatCall &call : calls().all()) {
      ChatVerdict verdict = judgeAnswer(call, choice);
      checkVerdict(call, verdict);
      bool isEmpty = verdict.kind == ChatVerdict::Kind::Good && verdict.value.kind() == ValueKind::Str &&
                     verdict.value.text().empty();
      require(!isEmpty || (choice.hasContent && body.find("\"\"") != body.npos),
              "an empty answer that nobody gave", body);
    }
}

void appendTo(std::string &out, const std::optional<uint64_t> &count) {
  out += count ? std::to_string(*count) + ' ' : "? ";
}

/// Members that ride along: an object, that is read again as it is written.
void appendExtra(std::string &out, const Value &extra) {
  fuzz::requireTexts(extra);
  require(extra.kind() == ValueKind::Object, "members that are no object");
  std::string text;
  Value again;
  OpError error;
  require(appendJson(text, extra, JsonLayout::Line, {}, error) && parseJson(text, {}, again, error) &&
              equalValues(extra, again),
          "members that are something else when they are read again", text);
  out += text + ' ';
}

std::string showFault(const AnswerFault &fault) {
  switch (fault.kind) {
  case AnswerFault::Kind::Wrong:
  case AnswerFault::Kind::Transient:
    require(!fault.what.empty(), "an answer is refused without a reason");
    fuzz::requireText(fault.what, "a message that is no UTF-8");
    return fault.what;
  case AnswerFault::Kind::Reported:
    require(!fault.report.message.empty(), "an error without a message");
    fuzz::requireText(fault.report.message, "a message that is no UTF-8");
    return fault.report.message + std::to_string(fault.report.status);
  case AnswerFault::Kind::Limit:
    require(!fault.limit.message.empty(), "a limit without a message");
    return fault.limit.message;
  }
  return {};
}

/// All that an answer says, to be compared; `fine` is whether it is one.
std::string show(AnswerReader &reader, Completion &whole, bool &fine) {
  AnswerFault fault;
  std::string out = reader.isWhole() ? "whole " : "cut ";
  out += reader.isStream() ? "stream " : "body ";
  fine = reader.finish(whole, fault);
  out += reader.wasAnswered() ? "answered " : "silent ";
  if (!fine)
    return out + showFault(fault);
  require(!whole.choices.empty(), "an answer without choices");
  for (const auto &count :
       {whole.usage.prompt, whole.usage.completion, whole.usage.cached, whole.usage.reasoning})
    appendTo(out, count);
  for (const ChatChoice &choice : whole.choices) {
    out += choice.hasContent ? "text " : "no text ";
    for (const std::string &text : {choice.content, choice.refusal, choice.finish, choice.besides}) {
      fuzz::requireText(text, "a text that is no UTF-8");
      out += quoteString(text) + ' ';
    }
    appendExtra(out, choice.extra);
    for (const ToolCallText &call : choice.calls) {
      out += quoteString(call.id) + quoteString(call.name) + quoteString(call.arguments);
      appendExtra(out, call.extra);
    }
  }
  return out;
}

std::string read(std::string_view body, bool *isFine = nullptr) {
  AnswerReader reader(limits, 1, true);
  Completion whole;
  bool fine;
  reader.feed(body);
  std::string said = show(reader, whole, fine);
  if (fine)
    judge(whole, body);
  if (isFine)
    *isFine = fine;
  return said;
}

/// The same numbers for the same input (Numerical Recipes' generator).
class Dice {
public:
  explicit Dice(size_t seed) : state(static_cast<uint32_t>(seed) * 2654435761u) {}
  size_t below(size_t sides) {
    state = state * 1664525u + 1013904223u;
    return sides ? (state >> 8) % sides : 0;
  }

private:
  uint32_t state;
};

/// However the network cuts an answer, it says the same.
void checkCuts(std::string_view body) {
  const std::string said = read(body);
  AnswerReader cut(limits, 1, true);
  Dice dice(body.size());
  for (std::string_view rest = body; !rest.empty();) {
    size_t piece = std::min<size_t>(dice.below(8), rest.size()) + (rest.size() > 4096 ? 64 : 0);
    cut.feed(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
  }
  Completion whole;
  bool fine;
  require(show(cut, whole, fine) == said, "an answer says something else when it is cut", said);
}

/// Events that are lost, come twice or in another order make no empty answer, and cut anywhere none either.
void checkDisorder(std::string_view body) {
  std::vector<std::string_view> events;
  for (std::string_view rest = body; !rest.empty() && events.size() < 64;) {
    size_t end = std::min(rest.find("\n\n"), rest.size());
    events.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  Dice dice(body.size() + 1);
  for (int round = 0; round < 2; ++round) {
    std::string mixed;
    for (size_t i = 0; i < events.size(); ++i) {
      size_t which = dice.below(4) ? i : dice.below(events.size());
      for (size_t times = dice.below(8) ? 1 : dice.below(3); times > 0; --times)
        mixed += std::string(events[which]) + "\n\n";
    }
    read(mixed);
  }
  read(body.substr(0, dice.below(body.size() + 1)));
}

constexpr std::string_view goodChoices =
    R"("choices":[{"index":0,"message":{"content":"good"},"finish_reason":"stop"}])";
constexpr std::string_view goodEvent =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"good\"},\"finish_reason\":\"stop\"}]}\n\n";

/// What nobody reads changes nothing: a member of a good answer, an event that only keeps the connection
/// open. What follows a whole stream takes nothing back from it.
void checkUnread(std::string_view body) {
  static const std::string goodBody = read("{" + std::string(goodChoices) + "}"),
                           goodStream = read(goodEvent);
  bool fine;
  RawJson value;
  if (RawJson::whole(body, value) == RawJson::Fault::None) {
    std::string json(value.text());
    require(read("{\"unread\":" + json + ',' + std::string(goodChoices) + "}") == goodBody,
            "a member that nobody reads changes an answer", json);
    require(read("{" + std::string(goodChoices) + ",\"unread\":[" + json + "]}") == goodBody,
            "a member that nobody reads changes an answer", json);
  }
  std::string line(body.substr(0, body.find_first_of("\r\n")));
  require(read("event: ping\ndata: " + line + "\n\n" + std::string(goodEvent)) == goodStream,
          "a ping changes an answer", line);
  read(std::string(goodEvent) + std::string(body), &fine);
  require(fine || read(std::string(goodEvent) + std::string(body)).find("UTF-8") != std::string::npos ||
              body.find("choices") != body.npos,
          "what follows an answer takes it back", body);
}

void checkVectors(std::string_view body) {
  for (size_t count : {1, 2, 3}) {
    EmbedAnswer answer;
    AnswerFault fault;
    bool fine = readVectors(body, count, limits, answer, fault);
    ModelUsage usage;
    countAnswer(usage, answer.usage);
    if (!fine) {
      showFault(fault);
      continue;
    }
    require(answer.vectors.size() == count, "another number of vectors");
    for (const Value &vector : answer.vectors)
      require(vector.kind() == ValueKind::List && vector.size() > 0, "a vector without numbers");
  }
}

void checkBody(std::string_view body) {
  fuzz::requireText(errorReportOf(body).message, "a message that is no UTF-8");
  require(!errorReportOf(body).message.empty(), "an error without a message");
  checkCuts(body);
  checkDisorder(body);
  checkUnread(body);
  checkVectors(body);
}

void checkRates(const HttpResponse &response) {
  constexpr int64_t now = int64_t(1) << 50;
  RateReport rates = rateReportOf(response, 1'700'000'000'000'000'000);
  for (const RateWindow &window : {rates.requests, rates.tokens}) {
    Pace pace(60, 1);
    pace.updateFromServer(window, 0, now);
    for (double amount : {1.0, 1e6}) {
      if (pace.allows(amount, now))
        continue;
      int64_t ready = pace.readyAt(amount, now);
      require(ready >= now && ready <= now + longestHeaderWait, "a wait beyond what a server may ask for",
              std::to_string(ready - now));
    }
    pace.take(1);
    pace.adjust(-1e9);
  }
}

void checkLocation(std::string_view location) {
  for (std::string_view base :
       {"http://127.0.0.1:8080/a/b?q=1", "https://api.example/v1/x", "http://[::1]/"}) {
    std::string target, reason;
    Url url, again;
    if (!resolveUrl(base, location, target, reason) || !parseUrl(target, url, reason)) {
      require(!reason.empty(), "a redirect is refused without a reason", location);
      continue;
    }
    require(url.scheme == "http" || url.scheme == "https", "a redirect to another scheme", target);
    require(!url.host().empty() && url.host().find_first_of("/@?#\\ \t\r\n") == std::string::npos,
            "a redirect to no host", target);
    require(parseUrl(url.origin() + "/", again, reason) && again.origin() == url.origin(),
            "an origin that is none", url.origin());
    require(target.find_first_of("#\r\n") == std::string::npos, "a redirect with what is not sent", target);
  }
}

constexpr std::string_view large = "large";

/// What comes out of a packed body in pieces of so many bytes, `large` beyond a mebibyte of it.
std::string unpacked(std::string_view codings, std::string_view body, size_t size) {
  std::string out;
  std::unique_ptr<Unpacker> unpacker = Unpacker::of(codings, size_t(1) << 20, [&](std::string_view piece) {
    out += piece.substr(0, (size_t(1) << 20) - out.size());
    return out.size() < size_t(1) << 20;
  });
  if (!unpacker)
    return "of an unknown packing";
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size())))
    if (!unpacker->feed(body.substr(0, size)))
      return out.size() < size_t(1) << 20 ? "broken" : std::string(large);
  return unpacker->isWhole() ? out : out + "cut off";
}

void checkHead(std::string_view head, std::string_view body) {
  HttpResponse response;
  response.body = body.substr(0, 4096);
  for (std::string_view rest = head; !rest.empty();) {
    size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    response.addHeadLine(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  size_t space = std::min(head.find(' '), head.size());
  std::from_chars(head.data() + space + (space < head.size()), head.data() + head.size(), response.status);
  for (const auto &[name, value] : response.headers) {
    fuzz::requireText(readableText(name), "a header that is no UTF-8");
    fuzz::requireText(readableText(value), "a header that is no UTF-8");
    require(value.find('\n') == std::string::npos, "a header with a line end", value);
  }
  int64_t wait = retryAfterOf(response, 1'700'000'000'000'000'000);
  require(wait >= -1 && wait <= 1'000'000'000'000'000'000, "a wait that does not fit", std::to_string(wait));
  retryableStatus(response);
  checkRates(response);
  checkLocation(response.header("location"));
  std::string_view codings = response.header("content-encoding");
  if (codings.empty() || body.empty() || body.size() > 4096)
    return;
  std::string whole = unpacked(codings, body, body.size()), cut = unpacked(codings, body, 3);
  require(whole == cut || whole == large || cut == large, "a packed body is another when it is cut", codings);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view input(reinterpret_cast<const char *>(data), size);
  size_t unix = input.find("\n\n"), dos = input.find("\r\n\r\n");
  std::string_view head, body = input;
  if (size_t end = std::min(unix, dos); end != std::string_view::npos) {
    head = input.substr(0, end);
    body = input.substr(end + (end == dos ? 4 : 2));
    checkHead(head, body);
  }
  checkBody(body);
  return 0;
}
