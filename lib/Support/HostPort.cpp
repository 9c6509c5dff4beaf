#include "xcs/Support/HostPort.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <optional>

using namespace xcs;

/// An address as the system writes it (RFC 5952).
static std::string textOf(const in_addr &v4) {
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &v4, text, sizeof text);
}

static std::string textOf(const in6_addr &v6) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &v6, text, sizeof text);
}

/// `127.1`, `0x7f.1` and `2130706433` are addresses too, as resolvers and libcurl read them; `name` is in
/// lower case.
static std::optional<in_addr> readIpv4(const std::string &name) {
  in_addr v4;
  // Other characters after a blank would not disturb inet_aton.
  if (name.find_first_not_of("0123456789abcdefx.") == name.npos && inet_aton(name.c_str(), &v4) == 1)
    return v4;
  return std::nullopt;
}

/// An IPv6 address, with its scope or without.
static std::optional<in6_addr> readIpv6(std::string_view text) {
  in6_addr v6;
  if (inet_pton(AF_INET6, std::string(text.substr(0, text.find('%'))).c_str(), &v6) == 1)
    return v6;
  return std::nullopt;
}

std::string xcs::hostIdentity(std::string_view host) {
  if (host.size() > 1 && host.ends_with('.'))
    host.remove_suffix(1);
  std::string name = llvm::StringRef(host).lower();
  std::optional<in_addr> v4 = readIpv4(name);
  if (std::optional<in6_addr> v6 = readIpv6(name)) {
    if (IN6_IS_ADDR_UNSPECIFIED(&*v6))
      return "::1";
    if (!IN6_IS_ADDR_V4MAPPED(&*v6))
      return textOf(*v6);
    std::memcpy(&v4.emplace(), v6->s6_addr + 12, sizeof(in_addr));
  }
  if (!v4)
    return name;
  return v4->s_addr == htonl(INADDR_ANY) ? "127.0.0.1" : textOf(*v4);
}

bool xcs::isLiteralHost(std::string_view host) {
  const std::string name = llvm::StringRef(host).lower();
  return name == "localhost" || readIpv4(name) || (name.find('%') == name.npos && readIpv6(name));
}

/// The bytes that `%41` means; nothing where a `%` means nothing.
static std::optional<std::string> percentDecoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3 || !llvm::isHexDigit(text[i + 1]) || !llvm::isHexDigit(text[i + 2]))
      return std::nullopt;
    out += static_cast<char>(llvm::hexFromNibbles(text[i + 1], text[i + 2]));
    i += 2;
  }
  return out;
}

static bool isNameCharacter(char c) {
  return llvm::isAlnum(c) || c == '-' || c == '.' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// A name or an IPv4 address.
static Result<std::string, std::string_view> readName(std::string_view text) {
  std::optional<std::string> decoded = percentDecoded(text);
  if (!decoded || invalidUtf8At(*decoded) != std::string_view::npos || hasControlCharacter(*decoded))
    return std::string_view("its host is no text");
  for (char c : *decoded)
    if (!isNameCharacter(c))
      return std::string_view("its host has a character that no name has");
  std::string name = llvm::StringRef(*decoded).lower();
  if (std::optional<in_addr> v4 = readIpv4(name))
    return textOf(*v4);
  return name;
}

/// What is between brackets: an address, and maybe its scope as RFC 6874 (`%25eth0`) or a shell writes it
/// (`%eth0`).
static Result<std::string, std::string_view> readBracketed(std::string_view text) {
  static constexpr size_t longestScope = 15; // the name of an interface
  if (size_t percent = text.find('%'); percent != text.npos) {
    llvm::StringRef scope(text.substr(percent + 1));
    if (scope.size() > 2)
      scope.consume_front("25");
    if (scope.empty() || scope.size() > longestScope ||
        !llvm::all_of(scope, [](char c) { return llvm::isAlnum(c) || c == '-' || c == '.' || c == '_'; }))
      return std::string_view("the scope of its IPv6 address is none");
  }
  if (std::optional<in6_addr> v6 = readIpv6(text))
    return textOf(*v6);
  return std::string_view("what it has in brackets is no IPv6 address");
}

static Result<uint16_t, std::string_view> readPort(std::string_view text) {
  unsigned number = 0;
  for (char c : text) {
    if (!llvm::isDigit(c))
      return std::string_view("its port is no number");
    number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > UINT16_MAX)
      return std::string_view("its port is greater than 65535");
  }
  if (number == 0)
    return std::string_view("port 0 is none");
  return static_cast<uint16_t>(number);
}

/// An authority without credentials. A colon without a port after it is fine in a URL (RFC 3986, 3.2.3).
static Result<HostPort, std::string_view> readAuthority(std::string_view text, bool mayEndInColon) {
  const bool isBracketed = text.starts_with('[');
  size_t end = isBracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == text.npos)
    return std::string_view("the bracket of its IPv6 address is not closed");
  auto host = isBracketed ? readBracketed(text.substr(1, end - 1)) : readName(text.substr(0, end));
  if (!host)
    return host.error();
  if (host->empty())
    return std::string_view("it names no host");
  HostPort out{std::move(*host), 0};
  std::string_view rest = text.substr(end + isBracketed);
  if (rest.empty() || (mayEndInColon && rest == ":"))
    return out;
  if (!rest.starts_with(':') || rest.size() == 1)
    return std::string_view("its port is no number");
  auto port = readPort(rest.substr(1));
  if (!port)
    return port.error();
  out.port = *port;
  return out;
}

Result<HostPort, std::string_view> xcs::readHostPort(std::string_view text) {
  return readAuthority(text, false);
}

Result<Url, std::string_view> xcs::readUrl(std::string_view text) {
  static constexpr std::string_view afterScheme = "://";
  const size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || text.find_first_of("/?#") < colon)
    return std::string_view("it has no scheme");
  Url url;
  url.scheme = llvm::StringRef(text.substr(0, colon)).lower();
  if (url.scheme != "http" && url.scheme != "https")
    return std::string_view("only http and https are supported");
  url.schemePort = url.scheme == "https" ? 443 : 80;
  text.remove_prefix(colon);
  if (!text.starts_with(afterScheme))
    return std::string_view("`//` is missing after its scheme");
  text.remove_prefix(afterScheme.size());
  text = text.substr(0, text.find_first_of("/?#"));
  if (text.find('@') != text.npos)
    return std::string_view("credentials do not belong in a URL; use a secret in a header");
  auto authority = readAuthority(text, true);
  if (!authority)
    return authority.error();
  url.written = std::move(*authority);
  return url;
}

std::string HostPort::text() const {
  std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  return port ? name + ":" + std::to_string(port) : name;
}

std::string Url::hostPort() const { return HostPort{host(), port()}.text(); }

std::string Url::origin() const { return scheme + "://" + hostPort(); }
