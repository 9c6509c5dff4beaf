#include "xcs/Analysis/Effects.h"
#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

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

/// A name or an address that every reader of URLs takes for the same: plain ASCII, an IPv6 address in
/// brackets.
static bool isPlainHost(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return consistsOf(host.substr(1, host.size() - 2), ":.");
  return consistsOf(host, ".-_");
}

/// One spelling for each address, as libcurl and the kernel read them: `0x7f.1` and `[::ffff:127.0.0.1]` are
/// 127.0.0.1, and what is unspecified is this machine. A name stays as it is.
static std::string canonicalHost(std::string_view written) {
  std::string host = lower(written);
  in_addr four{};
  in6_addr six{};
  char text[INET6_ADDRSTRLEN];
  if (host.starts_with('[')) {
    if (inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six) != 1)
      return host;
    if (!IN6_IS_ADDR_V4MAPPED(&six)) {
      const in6_addr &address = IN6_IS_ADDR_UNSPECIFIED(&six) ? in6addr_loopback : six;
      return "[" + std::string(inet_ntop(AF_INET6, &address, text, sizeof text)) + "]";
    }
    std::copy(six.s6_addr + 12, six.s6_addr + 16, reinterpret_cast<unsigned char *>(&four.s_addr));
  } else if (inet_aton(host.c_str(), &four) == 0) {
    return host;
  }
  if (four.s_addr == htonl(INADDR_ANY))
    four.s_addr = htonl(INADDR_LOOPBACK);
  return inet_ntop(AF_INET, &four, text, sizeof text);
}

static bool isPort(std::string_view port) {
  return port.size() <= 8 && port.find_first_not_of("0123456789") == std::string_view::npos;
}

// What is not plain has no origin here: an unknown target is ordered with every other, a wrong one with none.
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
  // The colons of an IPv6 address stand in brackets: the port's comes after them.
  size_t bracket = authority.rfind(']');
  size_t portColon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, portColon);
  std::string_view port =
      portColon == std::string_view::npos ? std::string_view() : authority.substr(portColon + 1);
  if (!isPlainHost(host) || !isPort(port))
    return {};
  if (host.back() == '.') // the root, which every name may end in
    host.remove_suffix(1);
  while (port.size() > 1 && port.front() == '0')
    port.remove_prefix(1);
  std::string_view known = !port.empty() ? port : scheme == "http" ? "80" : "443";
  return scheme + "://" + canonicalHost(host) + ":" + std::string(known);
}
