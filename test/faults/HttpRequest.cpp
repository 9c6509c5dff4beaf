#include "HttpRequest.h"
#include "Text.h"

namespace xcs::faults {

std::string_view HttpRequest::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view HttpRequest::query(std::string_view name) const {
  std::string_view rest = target;
  std::size_t cut = rest.find('?');
  while (cut != std::string_view::npos) {
    rest.remove_prefix(cut + 1);
    cut = rest.find('&');
    const std::string_view pair = rest.substr(0, cut);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

const std::string *HttpRequest::header(std::string_view name) const {
  for (const Header &header : headers)
    if (sameIgnoringCase(header.name, name))
      return &header.value;
  return nullptr;
}

} // namespace xcs::faults
