#include "xcs/Io/RequestHeaders.h"
#include <algorithm>
#include <strings.h>

using namespace xcs;

static bool isTokenCharacter(char c) {
  const bool isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return isAlphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

static bool sameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

static bool isReserved(std::string_view name) {
  static constexpr std::string_view own[] = {"Host",    "Content-Length",   "Transfer-Encoding", "Connection",
                                             "Expect",  "Proxy-Connection", "Upgrade",           "TE",
                                             "Trailer", "Keep-Alive"};
  return std::any_of(std::begin(own), std::end(own),
                     [&](std::string_view one) { return sameName(one, name); });
}

/// RFC 9110, 5.5; bytes beyond ASCII are sent as they are.
static bool isFieldCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

HeaderFault RequestHeaders::add(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenCharacter))
    return HeaderFault::Name;
  if (isReserved(name))
    return HeaderFault::Reserved;
  if (!std::all_of(value.begin(), value.end(), isFieldCharacter))
    return HeaderFault::Value;
  // libcurl omits `Name:` and treats a blank value as none.
  const bool isBlank = value.find_first_not_of(" \t") == value.npos;
  all.push_back(std::string(name) + (isBlank ? ";" : ": " + std::string(value)));
  return HeaderFault::None;
}

void RequestHeaders::append(const RequestHeaders &other) {
  all.insert(all.end(), other.all.begin(), other.all.end());
}

bool RequestHeaders::has(std::string_view name) const {
  return std::any_of(all.begin(), all.end(), [&](const std::string &line) {
    return sameName(std::string_view(line).substr(0, line.find_first_of(":;")), name);
  });
}
