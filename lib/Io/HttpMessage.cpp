#include "xcs/Io/HttpMessage.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <curl/curl.h>
#include <strings.h>

using namespace xcs;

static bool isName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto &[key, value] : headers)
    if (isName(key, name))
      return value;
  return {};
}

/// Without optional white space around it (RFC 9110, 5.6.3) and the line end.
static std::string_view trimmed(std::string_view text) {
  static constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

static bool isFraming(std::string_view name) {
  return isName(name, "content-length") || isName(name, "transfer-encoding");
}

void HttpResponse::addHeadLine(std::string_view line) {
  if (isOver)
    return;
  if (line.starts_with("HTTP/")) { // whatever its reason phrase says: a colon in it makes no header
    headers.clear();
    const size_t space = line.find(' ');
    isInterim = space != line.npos && line.substr(space + 1).starts_with('1');
    foldsFraming = false;
    return;
  }
  const std::string_view content = trimmed(line);
  if (line == "\r\n" || line == "\n" || line.empty()) {
    isOver = !isInterim;
    return;
  }
  if (line.front() == ' ' || line.front() == '\t') { // continues the line before (RFC 9112, 5.2)
    if (headers.empty() || content.empty())
      return;
    auto &[name, value] = headers.back();
    value += (value.empty() ? "" : " ") + std::string(content);
    foldsFraming |= isFraming(name); // libcurl reads only its first line
    return;
  }
  size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    return;
  const std::string_view name = trimmed(line.substr(0, colon));
  foldsFraming |= name.size() != colon && isFraming(name); // nor does it know a name with a blank after it
  headers.emplace_back(name, trimmed(line.substr(colon + 1)));
}

std::string HttpResponse::lengthError() const {
  if (foldsFraming)
    return "the header that says how long its body is is malformed";
  std::optional<std::string_view> first;
  for (const auto &[name, value] : headers) {
    if (!isName(name, "content-length"))
      continue;
    // A list of equal numbers comes from several lines that somebody has joined.
    for (std::string_view rest = value;;) {
      const size_t comma = rest.find(',');
      const std::string_view number = trimmed(rest.substr(0, comma));
      const bool isNumber =
          !number.empty() && number.find_first_not_of("0123456789") == number.npos && number.size() <= 18;
      if (!isNumber)
        return "its `Content-Length` is `" + readableText(beginningOf(value, 100)) + "`, which is no length";
      if (first.value_or(number) != number)
        return "it has a `Content-Length` of " + std::string(*first) + " and one of " + std::string(number);
      first = number;
      if (comma == rest.npos)
        break;
      rest.remove_prefix(comma + 1);
    }
  }
  return {};
}

std::optional<int64_t> xcs::parseHttpDate(std::string_view text) {
  time_t date = curl_getdate(std::string(text).c_str(), nullptr);
  return date < 0 ? std::nullopt : std::optional<int64_t>(date);
}
