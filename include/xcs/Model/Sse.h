#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace xcs {

/// Splits a stream of server-sent events (WHATWG HTML, 9.2.6) into events, wherever the network split it.
/// Lines may end in LF, CR or CRLF. Comments, ids and reconnection times are skipped. An event cut off by the
/// end of the stream is never delivered. Thread safety: one thread.
class SseParser {
public:
  /// Called once per event with its type (empty if none was given) and its data, lines joined by LF.
  using Sink = std::function<void(std::string_view type, std::string_view data)>;
  explicit SseParser(Sink sink) : sink(std::move(sink)) {}

  void feed(std::string_view piece);

private:
  void endLine();
  void field(std::string_view name, std::string_view value);

  Sink sink;
  std::string line, type, data;
  bool hasData = false;
  bool afterReturn = false; // the last byte was CR: a following LF belongs to the same line end
  bool firstLine = true;
};

} // namespace xcs
