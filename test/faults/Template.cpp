#include "Template.h"
#include "Text.h"
#include <charconv>
#include <ctime>

namespace xcs::faults {

static std::string textOf(const std::string *text) { return text ? *text : std::string(); }

/// The time so many seconds from now, as HTTP writes it (RFC 9110, 5.6.7). Nothing where `seconds` is no
/// number.
static std::optional<std::string> httpDate(std::string_view seconds) {
  int offset = 0;
  const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), offset);
  if (error != std::errc() || end != seconds.data() + seconds.size())
    return std::nullopt;
  const std::time_t time = std::time(nullptr) + offset;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

/// The value of a name; nothing for a name that is none.
static std::optional<std::string> lookUp(std::string_view name, const TemplateContext &context) {
  const Arrival &arrival = context.arrival;
  const HttpRequest &request = arrival.request;
  if (name == "n")
    return std::to_string(arrival.ordinal);
  if (name == "draw")
    return std::to_string(arrival.draw);
  if (name == "match")
    return std::to_string(context.match);
  if (name == "beyond")
    return context.beyond;
  if (name == "method")
    return request.method;
  if (name == "path")
    return std::string(request.path());
  if (name == "last")
    return arrival.facts.lastUser;
  if (name == "model")
    return arrival.facts.model;
  if (name == "url")
    return context.url;
  if (name.starts_with("date+"))
    return httpDate(name.substr(5));
  if (name.starts_with("json:"))
    return context.reader.at(request.body, name.substr(5), BodyReader::Form::Text).value_or("");
  if (name.starts_with("header:"))
    return textOf(request.header(name.substr(7)));
  if (name.starts_with("query:"))
    return std::string(request.query(name.substr(6)));
  return std::nullopt;
}

static void appendValue(std::string &out, const std::string &value, bool insideJson) {
  if (!insideJson) {
    out += value;
    return;
  }
  std::string quoted;
  appendJsonString(quoted, value);
  out.append(quoted, 1, quoted.size() - 2);
}

std::string expandTemplate(std::string_view text, const TemplateContext &context, bool insideJson) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t open; (open = text.find('{', done)) != std::string_view::npos;) {
    out.append(text, done, open - done);
    const std::size_t close = text.find_first_of("{}", open + 1);
    std::optional<std::string> value;
    if (close != std::string_view::npos && text[close] == '}')
      value = lookUp(text.substr(open + 1, close - open - 1), context);
    if (value)
      appendValue(out, *value, insideJson);
    else
      out += '{';
    done = value ? close + 1 : open + 1;
  }
  return out.append(text, done);
}

} // namespace xcs::faults
