#include "xcs/Io/Url.h"
#include <curl/curl.h>

using namespace xcs;

std::string Url::hostPort() const {
  std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return name + ":" + std::to_string(port);
}

std::string Url::origin() const { return scheme + "://" + hostPort(); }

static std::string part(CURLU *url, CURLUPart which, unsigned flags = 0) {
  char *text = nullptr;
  std::string out;
  if (curl_url_get(url, which, &text, flags) == CURLUE_OK)
    out = text;
  curl_free(text);
  return out;
}

static bool split(CURLU *url, Url &out, std::string &reason) {
  out.scheme = part(url, CURLUPART_SCHEME);
  if (out.scheme != "http" && out.scheme != "https") {
    reason = "only http and https are supported";
    return false;
  }
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
    reason = "credentials do not belong in a URL; use a secret in a header";
    return false;
  }
  out.host = part(url, CURLUPART_HOST);
  if (out.host.starts_with('['))
    out.host = out.host.substr(1, out.host.size() - 2);
  out.schemePort = out.scheme == "https" ? 443 : 80;
  std::string port = part(url, CURLUPART_PORT);
  out.port = port.empty() ? out.schemePort : static_cast<uint16_t>(std::stoul(port));
  out.path = part(url, CURLUPART_PATH);
  if (std::string query = part(url, CURLUPART_QUERY); !query.empty())
    out.path += "?" + query;
  return true;
}

bool xcs::parseUrl(std::string_view text, Url &out, std::string &reason) {
  if (text.find('\0') != std::string_view::npos) { // libcurl would stop reading here
    reason = "it contains a NUL character";
    return false;
  }
  CURLU *url = curl_url();
  CURLUcode code = curl_url_set(url, CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
  bool good = code == CURLUE_OK && split(url, out, reason);
  if (code != CURLUE_OK)
    reason = curl_url_strerror(code);
  curl_url_cleanup(url);
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
