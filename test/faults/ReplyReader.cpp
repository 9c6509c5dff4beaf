#include "ReplyReader.h"

namespace xcs::faults {

using Value = FieldReader::Value;

/// A text is one event; an object may wait first, and may send bytes that are no event.
static StreamPiece readPiece(FieldReader &in, Value value) {
  StreamPiece piece;
  if (value.is_string()) {
    piece.text = "data: " + in.text("sse", value) + "\n\n";
    return piece;
  }
  for (auto [key, field] : in.fields("sse", value)) {
    if (key == "delay_ms")
      piece.delayNs = in.milliseconds(key, field);
    else if (key == "data")
      piece.text += "data: " + (field.is_string() ? in.text(key, field) : in.compact(field)) + "\n\n";
    else if (key == "tight")
      piece.text += "data:" + in.compact(field) + "\n\n";
    else if (key == "raw")
      piece.text += in.text(key, field);
    else
      in.fail(key, "is not part of a stream's piece");
  }
  return piece;
}

static void readStream(FieldReader &in, Value value, Reply &reply) {
  reply.source = Reply::Source::Stream;
  simdjson::dom::array list;
  if (value.get(list) != simdjson::SUCCESS)
    return in.fail("sse", "must be a list");
  for (Value item : list)
    reply.pieces.push_back(readPiece(in, item));
}

/// Keys that say where the body comes from. False: another kind of key.
static bool readSource(FieldReader &in, std::string_view key, Value value, const std::string &folder,
                       Reply &reply) {
  if (key == "body") {
    reply.source = value.is_string() ? Reply::Source::Body : Reply::Source::Json;
    reply.text = value.is_string() ? in.text(key, value) : in.compact(value);
  } else if (key == "content") {
    reply.source = Reply::Source::Chat;
    reply.text = in.text(key, value);
  } else if (key == "message") {
    reply.source = Reply::Source::Message;
    reply.text = in.compact(value);
  } else if (key == "raw") {
    reply.source = Reply::Source::Raw;
    reply.text = in.text(key, value);
  } else if (key == "body_file") {
    auto file = readFile(folder + "/" + in.text(key, value));
    reply.source = Reply::Source::File;
    if (file)
      reply.text = std::move(*file);
    else
      in.fail(key, file.error().message);
  } else if (key == "sse") {
    readStream(in, value, reply);
  } else {
    return false;
  }
  return true;
}

/// Keys that say what becomes of the connection. False: another kind of key.
static bool readEnding(FieldReader &in, std::string_view key, Value value, Reply &reply) {
  struct Row {
    std::string_view key;
    Ending ending;
    bool silent;
  };
  static constexpr Row rows[] = {
      {"close", Ending::Close, true},
      {"reset", Ending::Reset, true},
      {"stall", Ending::Hang, true},
      {"close_after_bytes", Ending::Close, false},
      {"reset_after_bytes", Ending::Reset, false},
      {"stall_after_bytes", Ending::Hang, false},
  };
  for (const Row &row : rows) {
    if (key != row.key)
      continue;
    if (row.silent)
      reply.silent = in.flag(key, value);
    else
      reply.cutAfter = in.count(key, value);
    if (reply.silent || reply.cutAfter)
      reply.ending = row.ending;
    return true;
  }
  if (key != "then")
    return false;
  const std::string word = in.text(key, value);
  if (word == "close")
    reply.ending = Ending::Close;
  else if (word == "reset")
    reply.ending = Ending::Reset;
  else if (word != "keep")
    in.fail(key, "must be `keep`, `close` or `reset`");
  return true;
}

/// Keys that say when the bytes go out, and in which wrapping. False: another kind of key.
static bool readTransport(FieldReader &in, std::string_view key, Value value, Reply &reply) {
  if (key == "latency_ms")
    reply.latencyNs = in.milliseconds(key, value);
  else if (key == "word_delay_ms")
    reply.wordDelayNs = in.milliseconds(key, value);
  else if (key == "drip")
    reply.drip = in.number(key, value);
  else if (key == "barrier")
    reply.barrier = in.count(key, value);
  else if (key == "repeat")
    reply.repeat = in.count(key, value);
  else if (key == "gzip")
    reply.gzip = in.flag(key, value);
  else if (key == "chunked")
    reply.chunked = in.flag(key, value);
  else
    return false;
  return true;
}

/// The other keys: status line, headers, and what a chat completion says beside its text.
static void readKey(FieldReader &in, std::string_view key, Value value, Reply &reply) {
  if (key == "status") {
    const std::uint64_t status = in.count(key, value);
    if (status < 200 || status > 999)
      in.fail(key, "must be a final status: three digits, 200 or more");
    reply.status = static_cast<int>(status);
  } else if (key == "headers") {
    for (auto [name, header] : in.fields(key, value))
      for (std::string &one : in.texts(name, header))
        reply.headers.push_back({std::string(name), std::move(one)});
  } else if (key == "before") {
    reply.before = in.text(key, value);
  } else if (key == "finish_reason") {
    reply.finishReason = value.is_null() ? "" : in.text(key, value);
  } else if (key == "usage") {
    reply.usage = value.is_null() ? "" : in.compact(value);
  } else if (key == "model") {
    reply.model = in.text(key, value);
  } else {
    in.fail(key, "is not part of a reply");
  }
}

void readReply(FieldReader &in, Value value, const std::string &folder, Reply &reply) {
  for (auto [key, field] : in.fields("reply", value))
    if (!readSource(in, key, field, folder, reply) && !readEnding(in, key, field, reply) &&
        !readTransport(in, key, field, reply))
      readKey(in, key, field, reply);
}

} // namespace xcs::faults
