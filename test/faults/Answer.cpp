#include "Answer.h"
#include "Content.h"
#include "Template.h"
#include <algorithm>
#include <cstdio>
#include <http_parser.h>

namespace xcs::faults {

namespace {

/// Puts the parts of one answer together: head, then body pieces, each with the wait before it.
class AnswerBuilder {
public:
  AnswerBuilder(const Arrival &theArrival, const Reply &theReply, int status)
      : arrival(theArrival), reply(theReply) {
    answer.status = status;
  }

  void head(const Content &content, const std::vector<Header> &scripted);
  void body(const std::vector<StreamPiece> &pieces);
  Answer finish(std::uint64_t latencyNs);

private:
  void line(std::string_view name, std::string_view value);
  bool bodyAllowed() const;
  void append(const StreamPiece &piece);
  void drip(std::string_view text);
  void cut();

  const Arrival &arrival;
  const Reply &reply;
  Answer answer;
  bool chunked = false;
  std::size_t headSize = 0;
};

const Header *find(const std::vector<Header> &headers, std::string_view name) {
  const auto it = std::find_if(headers.begin(), headers.end(),
                               [&](const Header &header) { return sameIgnoringCase(header.name, name); });
  return it == headers.end() ? nullptr : &*it;
}

void AnswerBuilder::line(std::string_view name, std::string_view value) {
  answer.bytes.append(name).append(": ").append(value).append("\r\n");
}

// RFC 9110: no content after HEAD, with 204 and with 304.
bool AnswerBuilder::bodyAllowed() const {
  return arrival.request.method != "HEAD" && answer.status != 204 && answer.status != 304;
}

/// The reason phrase. 511 is the last status that the parser has a name for, and that fits its type.
static const char *reasonOf(int status) {
  return status > HTTP_STATUS_NETWORK_AUTHENTICATION_REQUIRED
             ? "Unknown"
             : http_status_str(static_cast<http_status>(status));
}

void AnswerBuilder::head(const Content &content, const std::vector<Header> &scripted) {
  answer.bytes = "HTTP/1.1 " + std::to_string(answer.status) + " " + reasonOf(answer.status) + "\r\n";
  chunked = content.stream || reply.chunked;
  if (!find(scripted, "Content-Type"))
    line("Content-Type", content.type);
  if (reply.gzip)
    line("Content-Encoding", "gzip");
  // Known beforehand even where HEAD keeps the body back.
  std::size_t length = 0;
  for (const StreamPiece &piece : content.pieces)
    length += piece.text.size();
  // A script may lie about the length; then nothing else is said about it.
  if (chunked)
    line("Transfer-Encoding", "chunked");
  else if (!find(scripted, "Content-Length") && answer.status != 204)
    line("Content-Length", std::to_string(length));
  line("X-Request-Id", "faults-" + std::to_string(arrival.ordinal));
  for (const Header &header : scripted)
    line(header.name, header.value);
  // An answer that says it is the last one is; a client of HTTP/1.0 expects no other.
  const Header *connection = find(scripted, "Connection");
  const bool close = connection ? sameIgnoringCase(connection->value, "close") : !arrival.request.keepAlive;
  if (close && !connection)
    line("Connection", "close");
  if (close && answer.ending == Ending::Keep)
    answer.ending = Ending::Close;
  answer.bytes += "\r\n";
  headSize = answer.bytes.size();
  answer.steps.push_back({0, headSize});
}

/// A piece without a wait joins the step before it: one write.
void AnswerBuilder::append(const StreamPiece &piece) {
  if (chunked) {
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.text.size());
    answer.bytes.append(size).append(piece.text).append("\r\n");
  } else {
    answer.bytes += piece.text;
  }
  if (piece.delayNs == 0 && !answer.steps.empty())
    answer.steps.back().end = answer.bytes.size();
  else
    answer.steps.push_back({piece.delayNs, answer.bytes.size()});
}

/// One byte a step below one byte a millisecond, one step a millisecond above it.
void AnswerBuilder::drip(std::string_view text) {
  const auto size = static_cast<std::size_t>(std::max(1.0, reply.drip));
  const auto delayNs = static_cast<std::uint64_t>(1e6 * static_cast<double>(size) / reply.drip);
  for (std::size_t done = 0; done < text.size(); done += size)
    append({delayNs, std::string(text.substr(done, size))});
}

void AnswerBuilder::body(const std::vector<StreamPiece> &pieces) {
  if (!bodyAllowed())
    return;
  for (const StreamPiece &piece : pieces) {
    // An empty chunk would end the message: an empty piece is only its wait.
    if (piece.text.empty())
      answer.steps.push_back({piece.delayNs, answer.bytes.size()});
    else if (reply.drip > 0)
      drip(piece.text);
    else
      append(piece);
  }
  if (chunked) {
    answer.bytes += "0\r\n\r\n";
    answer.steps.back().end = answer.bytes.size();
  }
}

/// Drops what comes after the cut, and the steps that would have sent it.
void AnswerBuilder::cut() {
  const std::size_t keep = std::min(answer.bytes.size(), headSize + *reply.cutAfter);
  answer.bytes.resize(keep);
  std::size_t steps = 0;
  while (steps < answer.steps.size() && answer.steps[steps].end < keep)
    ++steps;
  answer.steps.resize(std::min(steps + 1, answer.steps.size()));
  answer.steps.back().end = keep;
}

Answer AnswerBuilder::finish(std::uint64_t latencyNs) {
  if (reply.ending != Ending::Keep)
    answer.ending = reply.ending;
  if (answer.steps.empty())
    answer.steps.push_back({0, 0});
  if (reply.cutAfter)
    cut();
  answer.steps.front().delayNs += latencyNs;
  return std::move(answer);
}

/// The rule decides before the request, the request before the command line.
std::uint64_t latencyOf(const Arrival &arrival, const Reply &reply, const AnswerDefaults &defaults) {
  if (reply.latencyNs)
    return *reply.latencyNs;
  const std::string_view asked = arrival.request.query("latency_ms");
  return asked.empty() ? defaults.latencyNs : parseDurationNs(asked).value_or(defaults.latencyNs);
}

/// The body the reply asks for, its templates filled in. Only texts that stand in JSON are escaped.
Content contentOf(const Arrival &arrival, const Reply &reply, const AnswerDefaults &defaults,
                  const TemplateContext &context) {
  Content content;
  switch (reply.source) {
  case Reply::Source::Usual:
    return usualContent(arrival, reply, defaults);
  case Reply::Source::Chat:
    return chatContent(arrival, reply,
                       std::vector(arrival.facts.choices, expandTemplate(reply.text, context, false)));
  case Reply::Source::Message:
    return chatContent(arrival, reply, {expandTemplate(reply.text, context, true)});
  case Reply::Source::Stream:
    content.type = "text/event-stream";
    content.stream = true;
    for (const StreamPiece &piece : reply.pieces)
      content.pieces.push_back({piece.delayNs, expandTemplate(piece.text, context, false)});
    return content;
  case Reply::Source::Json:
    content.type = "application/json";
    content.pieces.push_back({0, reply.before + expandTemplate(reply.text, context, true)});
    return content;
  case Reply::Source::Body:
  case Reply::Source::Raw:
    content.pieces.push_back({0, expandTemplate(reply.text, context, false)});
    return content;
  case Reply::Source::File:
    content.type = "application/octet-stream";
    content.pieces.push_back({0, reply.text});
    return content;
  }
  return content;
}

/// Repeats and packs a body that is not a stream.
void wrap(Content &content, const Reply &reply) {
  if (content.stream || content.pieces.empty())
    return;
  std::string &text = content.pieces.front().text;
  if (reply.repeat != 1) {
    std::string all;
    all.reserve(text.size() * reply.repeat);
    for (std::size_t i = 0; i < reply.repeat; ++i)
      all += text;
    text = std::move(all);
  }
  if (reply.gzip)
    text = gzip(text);
}

} // namespace

Answer makeAnswer(const Arrival &arrival, const RuleBook::Choice &choice, const AnswerDefaults &defaults,
                  BodyReader &reader) {
  static const Reply none;
  const Reply &reply = choice.reply ? *choice.reply : none;
  const std::uint64_t latencyNs = latencyOf(arrival, reply, defaults);
  if (reply.silent)
    return {0, "", {{latencyNs, 0}}, reply.ending};
  const TemplateContext context{arrival, choice.match, choice.beyond, defaults.url, reader};
  Content content = contentOf(arrival, reply, defaults, context);
  wrap(content, reply);
  const bool raw = reply.source == Reply::Source::Raw;
  AnswerBuilder builder(arrival, reply, reply.status.value_or(raw ? 0 : 200));
  if (!raw) {
    std::vector<Header> headers = reply.headers;
    for (Header &header : headers)
      header.value = expandTemplate(header.value, context, false);
    builder.head(content, headers);
  }
  builder.body(content.pieces);
  return builder.finish(latencyNs);
}

Answer refusal(int status) {
  const std::string line = std::to_string(status) + " " + reasonOf(status);
  Answer answer;
  answer.status = status;
  answer.bytes = "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  answer.steps.push_back({0, answer.bytes.size()});
  answer.ending = Ending::Close;
  return answer;
}

} // namespace xcs::faults
