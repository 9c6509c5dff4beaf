#include "xcs/Io/Url.h"
#include <curl/curl.h>

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
    reason = code == CURLUE_OK ? "it can be read in two ways" : curl_url_strerror(code);
  return good;
}

bool xcs::resolveUrl(std::string_view base, std::string_view location, std::string &out,
                     std::string &reason) {
  CURLU *url = curl_url();
  CURLUcode code = curl_url_set(url, CURLUPART_URL, std::string(base).c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code == CURLUE_OK)
    code = curl_url_set(url, CURLUPART_URL, std::string(location).c_str(),
                        CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
  curl_url_set(url, CURLUPART_FRAGMENT, nullptr, 0);
  if (code == CURLUE_OK)
    out = part(url, CURLUPART_URL);
  else
    reason = curl_url_strerror(code);
  curl_url_cleanup(url);
  return code == CURLUE_OK;
}
