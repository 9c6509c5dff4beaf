#include "HttpReader.h"
#include "Text.h"
#include <http_parser.h>

namespace xcs::faults {

/// No test sends more; it keeps a client that never ends its body from filling the memory.
static constexpr std::size_t bodyLimit = std::size_t(256) << 20;

struct HttpReader::State {
  explicit State(Events theEvents) : events(std::move(theEvents)) {
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = this;
  }

  http_parser parser{};
  Events events;
  HttpRequest request;
  bool valueBegun = false;
  bool tooLarge = false;
  bool stopped = false;
};

namespace {

using State = HttpReader::State;

State &stateOf(http_parser *parser) { return *static_cast<State *>(parser->data); }

// The first header's name must open a header too.
int onBegin(http_parser *parser) {
  State &s = stateOf(parser);
  s.request = {};
  s.valueBegun = true;
  return 0;
}

int onTarget(http_parser *parser, const char *at, std::size_t length) {
  stateOf(parser).request.target.append(at, length);
  return 0;
}

// Names and values may come in pieces: a name after a value opens the next header.
int onHeaderName(http_parser *parser, const char *at, std::size_t length) {
  State &s = stateOf(parser);
  if (s.valueBegun)
    s.request.headers.emplace_back();
  s.valueBegun = false;
  s.request.headers.back().name.append(at, length);
  return 0;
}

int onHeaderValue(http_parser *parser, const char *at, std::size_t length) {
  State &s = stateOf(parser);
  s.valueBegun = true;
  s.request.headers.back().value.append(at, length);
  return 0;
}

int onHeadersComplete(http_parser *parser) {
  State &s = stateOf(parser);
  // An offer to upgrade (h2c) is declined by answering it as plain HTTP/1.1.
  parser->upgrade = 0;
  const std::string *expect = s.request.header("Expect");
  if (expect && sameIgnoringCase(*expect, "100-continue"))
    s.events.expectsContinue();
  return 0;
}

int onBody(http_parser *parser, const char *at, std::size_t length) {
  State &s = stateOf(parser);
  s.tooLarge = s.request.body.size() + length > bodyLimit;
  if (s.tooLarge)
    return 1;
  s.request.body.append(at, length);
  return 0;
}

int onComplete(http_parser *parser) {
  State &s = stateOf(parser);
  s.request.method = http_method_str(static_cast<http_method>(parser->method));
  s.request.keepAlive = http_should_keep_alive(parser) != 0;
  s.stopped = !s.events.request(std::move(s.request));
  return s.stopped;
}

http_parser_settings makeSettings() {
  http_parser_settings settings{};
  settings.on_message_begin = onBegin;
  settings.on_url = onTarget;
  settings.on_header_field = onHeaderName;
  settings.on_header_value = onHeaderValue;
  settings.on_headers_complete = onHeadersComplete;
  settings.on_body = onBody;
  settings.on_message_complete = onComplete;
  return settings;
}

} // namespace

HttpReader::HttpReader(Events events) : state(std::make_unique<State>(std::move(events))) {}
HttpReader::~HttpReader() = default;

HttpReader::Outcome HttpReader::feed(std::string_view bytes) {
  static const http_parser_settings settings = makeSettings();
  const std::size_t used = http_parser_execute(&state->parser, &settings, bytes.data(), bytes.size());
  if (state->tooLarge)
    return Outcome::BodyTooLarge;
  if (state->stopped)
    return Outcome::Ok;
  const bool whole = used == bytes.size() && state->parser.http_errno == HPE_OK;
  return whole ? Outcome::Ok : Outcome::Malformed;
}

} // namespace xcs::faults
