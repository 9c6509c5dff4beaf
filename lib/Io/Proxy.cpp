#include "Io/Proxy.h"
#include "xcs/Support/Host.h"
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdlib>
#include <curl/curl.h>
#include <optional>
#include <strings.h>

using namespace xcs;

static std::string environment(const char *lower, const char *upper) {
  const ProcessHost host;
  std::optional<std::string> value = host.environment(lower);
  if (!value && upper)
    value = host.environment(upper);
  return value.value_or("");
}

ProxyRules ProxyRules::fromEnvironment() {
  return {environment("http_proxy", nullptr), environment("https_proxy", "HTTPS_PROXY"),
          environment("all_proxy", "ALL_PROXY"), environment("no_proxy", "NO_PROXY")};
}

ProxyRules::ProxyRules(std::string forHttp, std::string forHttps, std::string all, std::string_view but)
    : http(forHttp.empty() ? all : std::move(forHttp)), https(forHttps.empty() ? all : std::move(forHttps)) {
  for (size_t at = 0; at < but.size();) {
    size_t end = std::min(but.find_first_of(", \t", at), but.size());
    std::string_view entry = but.substr(at, end - at);
    at = end + 1;
    if (entry.starts_with('[') && entry.ends_with(']'))
      entry = entry.substr(1, entry.size() - 2);
    if (entry.starts_with('.'))
      entry.remove_prefix(1);
    if (entry.ends_with('.'))
      entry.remove_suffix(1);
    if (!entry.empty())
      exceptions.emplace_back(entry);
  }
}

static bool sameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// An IPv4 or IPv6 address in network order; the family determines its length.
struct Address {
  int family;
  std::array<unsigned char, 16> bytes;
};

static std::optional<Address> addressOf(std::string_view text) {
  std::string copy(text);
  Address out{AF_INET, {}};
  if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1)
    return out;
  out.family = AF_INET6;
  if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1)
    return out;
  return std::nullopt;
}

/// Whether an address is in a block such as `10.0.0.0/8`.
static bool isInBlock(const Address &address, std::string_view block) {
  size_t slash = block.find('/');
  std::optional<Address> base = addressOf(block.substr(0, slash));
  if (!base || base->family != address.family)
    return false;
  unsigned width = address.family == AF_INET ? 32 : 128, bits = width;
  if (slash != std::string_view::npos) {
    std::string_view number = block.substr(slash + 1);
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (error != std::errc() || end != number.data() + number.size() || bits > width)
      return false;
  }
  for (unsigned bit = 0; bit < bits; ++bit)
    if ((address.bytes[bit / 8] ^ base->bytes[bit / 8]) & (0x80 >> bit % 8))
      return false;
  return true;
}

static bool isBeneath(std::string_view host, std::string_view name) {
  return sameText(host, name) ||
         (host.size() > name.size() && sameText(host.substr(host.size() - name.size()), name) &&
          host[host.size() - name.size() - 1] == '.');
}

bool ProxyRules::isException(std::string_view host) const {
  if (host.ends_with('.'))
    host.remove_suffix(1);
  std::optional<Address> address = addressOf(host);
  return std::any_of(exceptions.begin(), exceptions.end(), [&](const std::string &entry) {
    return entry == "*" || (address ? isInBlock(*address, entry) : isBeneath(host, entry));
  });
}

const std::string &ProxyRules::proxyFor(std::string_view scheme, std::string_view host) const {
  const std::string &proxy = scheme == "https" ? https : http;
  return proxy.empty() || isException(host) ? none : proxy;
}

bool xcs::isUsableProxy(const std::string &text) {
  CURLU *url = curl_url();
  bool good = curl_url_set(url, CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) ==
              CURLUE_OK;
  for (CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_HOST}) {
    char *decoded = nullptr;
    CURLUcode code = curl_url_get(url, part, &decoded, CURLU_URLDECODE); // rejects control characters
    const bool isAbsent = code == CURLUE_NO_USER || code == CURLUE_NO_PASSWORD;
    good = good && (code == CURLUE_OK || isAbsent);
    curl_free(decoded);
  }
  curl_url_cleanup(url);
  return good;
}
