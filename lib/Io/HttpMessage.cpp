#include "xcs/Io/HttpMessage.h"
#include <algorithm>
#include <curl/curl.h>
#include <strings.h>

using namespace xcs;

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto &[key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  return {};
}

void HttpResponse::addHeadLine(std::string_view line) {
  if (line.starts_with("HTTP/")) { // even if its reason phrase contains a colon, it is not a header
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

std::optional<int64_t> xcs::parseHttpDate(std::string_view text) {
  time_t date = curl_getdate(std::string(text).c_str(), nullptr);
  return date < 0 ? std::nullopt : std::optional<int64_t>(date);
}
