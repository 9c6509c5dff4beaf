#include "xcs/Analysis/Effects.h"

using namespace xcs;

static std::string lower(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

static bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool consistsOf(std::string_view text, std::string_view others) {
  for (char c : text)
    if (!isLetterOrDigit(c) && others.find(c) == std::string_view::npos)
      return false;
  return !text.empty();
}

/// A name or an address that every URL parser reads the same way: plain ASCII, an IPv6 address in brackets.
static bool isPlainHost(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return consistsOf(host.substr(1, host.size() - 2), ":.");
  return consistsOf(host, ".-_");
}

static bool isPort(std::string_view port) {
  return port.size() <= 8 && port.find_first_not_of("0123456789") == std::string_view::npos;
}

// Anything else has no origin: an unknown target is ordered with every other, a wrong one would be with none.
std::string xcs::originOf(std::string_view url) {
  size_t colon = url.find("://");
  if (colon == std::string_view::npos)
    return {};
  std::string scheme = lower(url.substr(0, colon));
  if (scheme != "http" && scheme != "https")
    return {};
  std::string_view authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (size_t at = authority.find('@'); at != std::string_view::npos) {
    if (authority.substr(0, at).find('\\') != std::string_view::npos)
      return {};
    authority.remove_prefix(at + 1);
  }
  // The colons of an IPv6 address are in brackets; that of the port comes after them.
  size_t bracket = authority.rfind(']');
  size_t portColon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, portColon);
  std::string_view port =
      portColon == std::string_view::npos ? std::string_view() : authority.substr(portColon + 1);
  if (!isPlainHost(host) || !isPort(port))
    return {};
  if (host.back() == '.') // the DNS root, which any name may end with
    host.remove_suffix(1);
  while (port.size() > 1 && port.front() == '0')
    port.remove_prefix(1);
  std::string_view known = !port.empty() ? port : scheme == "http" ? "80" : "443";
  return scheme + "://" + lower(host) + ":" + std::string(known);
}
