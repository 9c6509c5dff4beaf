#include "xcs/Io/Url.h"
#include "Io/CurlWords.h"
#include <algorithm>
#include <cstdint>
#include <curl/curl.h>
#include <utility>

using namespace xcs;

static std::string part(CURLU *url, CURLUPart which, unsigned flags = 0) {
  char *text = nullptr;
  std::string out;
  if (curl_url_get(url, which, &text, flags) == CURLUE_OK)
    out = text;
  curl_free(text);
  return out;
}

/// Whether libcurl, which reads the text again to connect, would go where `url` says.
static bool leadsTo(const Url &url, CURLU *read) {
  std::string host = part(read, CURLUPART_HOST);
  if (host.starts_with('['))
    host = host.substr(1, host.size() - 2);
  return hostIdentity(host) == hostIdentity(url.host()) &&
         part(read, CURLUPART_PORT, CURLU_DEFAULT_PORT) == std::to_string(url.port()) &&
         part(read, CURLUPART_SCHEME) == url.scheme;
}

bool xcs::parseUrl(std::string_view text, Url &out, std::string &reason) {
  if (text.find('\0') != std::string_view::npos) { // libcurl would stop reading here
    reason = "it contains a NUL character";
    return false;
  }
  auto url = readUrl(text);
  if (!url) {
    reason = url.error();
    return false;
  }
  CURLU *read = curl_url();
  const CURLUcode code =
      curl_url_set(read, CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
  const bool good = code == CURLUE_OK && leadsTo(*url, read);
  curl_url_cleanup(read);
  if (good)
    out = std::move(*url);
  else
    reason = code == CURLUE_OK ? "it can be read in two ways" : wordsOf(code);
  return good;
}

bool xcs::resolveUrl(std::string_view base, std::string_view location, std::string &out,
                     std::string &reason) {
  CURLU *url = curl_url();
  CURLUcode code = curl_url_set(url, CURLUPART_URL, std::string(base).c_str(), CURLU_NON_SUPPORT_SCHEME);
  location = location.substr(0, location.find('#'));
  if (code == CURLUE_OK && !location.empty()) // libcurl takes a fragment alone for a path (RFC 3986, 5.2.2)
    code = curl_url_set(url, CURLUPART_URL, std::string(location).c_str(),
                        CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
  curl_url_set(url, CURLUPART_FRAGMENT, nullptr, 0);
  if (code == CURLUE_OK)
    out = part(url, CURLUPART_URL);
  else
    reason = wordsOf(code);
  curl_url_cleanup(url);
  return code == CURLUE_OK;
}

/// Where the path of an absolute URL begins: after its authority.
static size_t pathBegin(std::string_view url) {
  const size_t authority = url.find("://");
  return std::min(url.find_first_of("/?#", authority == url.npos ? 0 : authority + 3), url.size());
}

std::string xcs::encodedUrl(std::string_view url) {
  static constexpr char digits[] = "0123456789ABCDEF";
  const size_t begin = pathBegin(url);
  std::string out(url.substr(0, begin));
  for (char c : url.substr(begin)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += c;
    else
      out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

/// What comes before the fragment, in two parts: until the query, and the query without its `?`.
static std::pair<std::string_view, std::string_view> splitQuery(std::string_view text) {
  text = text.substr(0, text.find('#'));
  const size_t mark = text.find('?');
  return {text.substr(0, mark), mark == text.npos ? std::string_view() : text.substr(mark + 1)};
}

std::string xcs::joinUrl(std::string_view base, std::string_view path) {
  auto [stem, stemQuery] = splitQuery(base);
  auto [rest, query] = splitQuery(path);
  std::string out(stem);
  if (!rest.empty()) {
    while (out.ends_with('/'))
      out.pop_back();
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    out += "/" + std::string(rest);
  }
  if (!stemQuery.empty() || !query.empty())
    out +=
        "?" + std::string(stemQuery) + (stemQuery.empty() || query.empty() ? "" : "&") + std::string(query);
  return out;
}

/// `%2e` is a dot to every server, `%2f` and `%5c` are slashes to some.
static std::string withoutEncodedMarks(std::string_view path) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    const std::string_view code = path.substr(i, 3);
    auto is = [&](char digit) {
      return code.size() == 3 && code[0] == '%' && code[1] == (digit == 'c' ? '5' : '2') &&
             (code[2] | 0x20) == digit;
    };
    const bool isSlash = is('f') || is('c') || path[i] == '\\';
    if (is('e'))
      out += '.';
    else
      out += isSlash ? '/' : path[i];
    i += is('e') || is('f') || is('c') ? 2 : 0;
  }
  return out;
}

bool xcs::escapesBase(std::string_view path) {
  const std::string plain = withoutEncodedMarks(splitQuery(path).first);
  int64_t depth = 0;
  for (size_t at = 0; at <= plain.size();) {
    const size_t end = std::min(plain.find('/', at), plain.size());
    const std::string_view segment = std::string_view(plain).substr(at, end - at);
    at = end + 1;
    if (segment == "..")
      --depth;
    else if (segment != "." && !segment.empty())
      ++depth;
    if (depth < 0)
      return true;
  }
  return false;
}

std::string xcs::withoutCredentials(std::string_view url) {
  const size_t scheme = url.find("://");
  const bool isRelative = url.starts_with("//"); // to the scheme of another
  const size_t begin = isRelative ? 2 : scheme == url.npos ? 0 : scheme + 3;
  const size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const size_t at = url.substr(0, end).rfind('@');
  return at == url.npos || at < begin ? std::string(url)
                                      : std::string(url.substr(0, begin)).append(url.substr(at + 1));
}
