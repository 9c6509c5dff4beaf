#include "xcs/Model/Sse.h"
#include "xcs/Support/Utf8.h"
#include <utility>

using namespace xcs;

void SseParser::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (std::exchange(afterReturn, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    size_t end = piece.find_first_of("\r\n");
    line += piece.substr(0, end);
    if (end == std::string_view::npos)
      return;
    afterReturn = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    endLine();
  }
}

void SseParser::endLine() {
  std::string ended = std::exchange(line, {});
  std::string_view text = ended;
  if (std::exchange(firstLine, false) && text.starts_with(byteOrderMark))
    text.remove_prefix(byteOrderMark.size());
  if (!text.empty()) {
    size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      field(text, {});
      return;
    }
    std::string_view value = text.substr(colon + 1);
    field(text.substr(0, colon), value.substr(value.starts_with(' ')));
    return;
  }
  // An empty line ends the event.
  std::string kind = std::exchange(type, {}), content = std::exchange(data, {});
  if (std::exchange(hasData, false))
    sink(kind, content);
}

bool SseParser::isWithinEvent(std::string &out) const {
  SseParser copy([](std::string_view, std::string_view) {});
  copy.line = line;
  copy.data = data;
  copy.hasData = hasData;
  copy.firstLine = firstLine;
  if (!copy.line.empty())
    copy.endLine();
  out = copy.data;
  return copy.hasData;
}

void SseParser::field(std::string_view name, std::string_view value) {
  if (name == "event") {
    type = value;
  } else if (name == "data") {
    if (std::exchange(hasData, true))
      data += '\n';
    data += value;
  }
}
