#include "Ops/UriReference.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

namespace {

/// The parts of a URI, with the delimiters that introduce them; empty where there is none.
struct Uri {
  std::string_view scheme, authority, path, query; // `http:`, `//host`, `/a/b`, `?q`
};

Uri split(std::string_view text) {
  Uri out;
  size_t colon = text.find(':');
  if (colon != 0 && colon < text.find('/') && colon < text.find('?')) {
    out.scheme = text.substr(0, colon + 1);
    text.remove_prefix(colon + 1);
  }
  size_t query = std::min(text.find('?'), text.size());
  out.query = text.substr(query);
  text = text.substr(0, query);
  if (text.starts_with("//")) {
    size_t end = std::min(text.find('/', 2), text.size());
    out.authority = text.substr(0, end);
    text.remove_prefix(end);
  }
  out.path = text;
  return out;
}

/// RFC 3986, section 5.2.4.
std::string withoutDots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    size_t end = std::min(path.find('/', 1), path.size());
    std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    std::string_view name = segment.starts_with('/') ? segment.substr(1) : segment;
    if (name == "..")
      out.resize(out.find('/') == std::string::npos ? 0 : out.rfind('/'));
    if (name != "." && name != "..")
      out += segment;
    else if (path.empty())
      out += '/';
  }
  return out;
}

} // namespace

std::string xcs::resolveUri(std::string_view base, std::string_view reference) {
  Uri to = split(reference), from = split(base);
  if (!to.scheme.empty() || base.empty())
    return std::string(reference);
  to.scheme = from.scheme;
  std::string path(to.path);
  if (to.authority.empty()) {
    to.authority = from.authority;
    if (path.empty()) {
      path = from.path;
      if (to.query.empty())
        to.query = from.query;
    } else if (!path.starts_with('/')) {
      size_t slash = from.path.rfind('/');
      path = slash == std::string_view::npos ? std::string(from.authority.empty() ? "" : "/")
                                             : std::string(from.path.substr(0, slash + 1));
      path += to.path;
    }
  }
  path = withoutDots(path);
  return std::string(to.scheme).append(to.authority).append(path).append(to.query);
}

bool xcs::percentDecode(std::string_view text, std::string &out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3 || !llvm::isHexDigit(text[i + 1]) || !llvm::isHexDigit(text[i + 2]))
      return false;
    out += static_cast<char>(llvm::hexDigitValue(text[i + 1]) * 16 + llvm::hexDigitValue(text[i + 2]));
    i += 2;
  }
  return true;
}
