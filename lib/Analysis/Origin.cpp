#include "xcs/Analysis/Effects.h"

using namespace xcs;

static std::string lower(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

static bool allDigits(std::string_view text) {
  for (char c : text)
    if (c < '0' || c > '9')
      return false;
  return !text.empty();
}

std::string xcs::originOf(std::string_view url) {
  size_t colon = url.find("://");
  if (colon == std::string_view::npos)
    return {};
  std::string scheme = lower(url.substr(0, colon));
  if (scheme != "http" && scheme != "https")
    return {};
  std::string_view authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (size_t at = authority.rfind('@'); at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  // The colons of an IPv6 address stand in brackets: the port's comes after them.
  size_t bracket = authority.rfind(']');
  size_t portColon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, portColon);
  std::string_view port =
      portColon == std::string_view::npos ? std::string_view() : authority.substr(portColon + 1);
  if (host.empty() || (!port.empty() && !allDigits(port)))
    return {};
  while (port.size() > 1 && port.front() == '0')
    port.remove_prefix(1);
  std::string_view known = !port.empty() ? port : scheme == "http" ? "80" : "443";
  return scheme + "://" + lower(host) + ":" + std::string(known);
}
