#include "Common/Flags.h"
#include <charconv>

using namespace xcs;

bool tools::setLimit(Limits &limits, std::string_view text) {
  size_t equals = text.find('=');
  if (equals == text.npos)
    return false;
  std::optional<Limit> limit = Limits::byName(text.substr(0, equals));
  const char *end = text.data() + text.size();
  uint64_t number = 0;
  auto [read, error] = std::from_chars(text.data() + equals + 1, end, number);
  if (!limit || error != std::errc() || read != end)
    return false;
  limits.set(*limit, number);
  return true;
}
