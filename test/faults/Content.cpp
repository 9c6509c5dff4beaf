#include "Content.h"
#include "ChatAnswer.h"
#include <zlib.h>

namespace xcs::faults {

static ChatStyle styleOf(const Reply &reply) { return {reply.finishReason, reply.usage, reply.model}; }

/// A body known as a whole.
static Content single(std::string type, std::string body) {
  Content content;
  content.type = std::move(type);
  content.pieces.push_back({0, std::move(body)});
  return content;
}

Content chatContent(const Arrival &arrival, const Reply &reply, const std::vector<std::string> &texts) {
  const bool messages = reply.source == Reply::Source::Message;
  if (!arrival.facts.stream || messages)
    return single("application/json", chatCompletion(arrival, texts, messages, styleOf(reply)));
  Content content;
  content.type = "text/event-stream";
  content.pieces = chatStream(arrival, texts, styleOf(reply), reply.wordDelayNs);
  content.stream = true;
  return content;
}

/// The first `limit` bytes, less the ones of a character that would be cut.
static std::string_view head(std::string_view text, std::size_t limit) {
  if (text.size() <= limit)
    return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80)
    --limit;
  return text.substr(0, limit);
}

static std::vector<std::string> usualTexts(const Arrival &arrival, const AnswerDefaults &defaults) {
  const BodyFacts &facts = arrival.facts;
  if (defaults.echo)
    return std::vector<std::string>(facts.choices, facts.lastUser);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < facts.choices; ++i) {
    // The choices of one request are draws of their own.
    const std::uint64_t draw = (arrival.draw - 1) * facts.choices + i + 1;
    texts.push_back("answer " + std::to_string(draw) + " to: " + std::string(head(facts.lastUser, 60)));
  }
  return texts;
}

/// As OpenAI writes errors; the type tells a client that looks only there what kind it is.
static std::string errorBody(int status) {
  const std::string number = std::to_string(status);
  const char *type = status == 429   ? "rate_limit_error"
                     : status >= 500 ? "server_error"
                                     : "invalid_request_error";
  return R"({"error":{"message":"scripted status )" + number + R"(","type":")" + type +
         R"(","param":null,"code":null}})";
}

Content usualContent(const Arrival &arrival, const Reply &reply, const AnswerDefaults &defaults) {
  const HttpRequest &request = arrival.request;
  const std::string path(request.path());
  if (reply.status.value_or(200) >= 400)
    return single("application/json", errorBody(*reply.status));
  if (request.method == "POST" && path.ends_with("/chat/completions"))
    return chatContent(arrival, reply, usualTexts(arrival, defaults));
  if (request.method == "POST" && path.ends_with("/embeddings"))
    return single("application/json", embeddings(arrival, styleOf(reply)));
  if (request.method == "GET" || request.method == "HEAD")
    return single("text/plain; charset=utf-8", "this is " + path + "\n");
  const std::string *type = request.header("Content-Type");
  return single(type ? *type : "application/octet-stream", request.body);
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  // 15 bits of window; 16 more ask zlib for gzip's header and trailer.
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

} // namespace xcs::faults
