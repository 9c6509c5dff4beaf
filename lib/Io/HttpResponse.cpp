#include "Io/Http.h"
#include "xcs/Ops/Utf8.h"
#include <algorithm>
#include <strings.h>

using namespace xcs;

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto &[key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  return {};
}

void HttpResponse::addHeadLine(std::string_view line) {
  if (line.starts_with("HTTP/")) { // whatever its reason phrase says: a colon in it makes no header
    headers.clear();
    return;
  }
  size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    return;
  std::string_view value = line.substr(colon + 1);
  // Optional white space around a value (RFC 9110, 5.6.3) and the line end.
  static constexpr std::string_view blanks = " \t\r\n";
  value.remove_prefix(std::min(value.find_first_not_of(blanks), value.size()));
  value = value.substr(0, value.find_last_not_of(blanks) + 1);
  headers.emplace_back(line.substr(0, colon), value);
}

std::string_view xcs::beginningOf(std::string_view text, size_t most) {
  size_t size = std::min(text.size(), most);
  for (size_t back = 0; back < 3 && size < text.size() && size; ++back, --size)
    if ((static_cast<unsigned char>(text[size]) & 0xC0) != 0x80)
      break;
  return text.substr(0, size);
}

std::string xcs::readableText(std::string_view text) {
  if (invalidUtf8At(text) == std::string_view::npos)
    return std::string(text);
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte >= 0x80)
      out += static_cast<char>(0xC0 | byte >> 6);
    out += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  return out;
}
