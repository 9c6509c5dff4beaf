#include "xcs/Ops/HostEffect.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

std::optional<HostEffect> xcs::readHostEffect(std::string_view text) {
  if (text == "pure")
    return HostEffect{Effect::Pure, {}};
  if (text == "sample")
    return HostEffect{Effect::Sample, {}};
  HostEffect said;
  const size_t open = text.find('(');
  const std::string_view word = text.substr(0, open);
  if (word != "read" && word != "write")
    return std::nullopt;
  said.effect = word == "read" ? Effect::Read : Effect::WriteNever;
  if (open == text.npos)
    return said;
  said.resource = text.substr(open + 1);
  if (!said.resource.ends_with(')'))
    return std::nullopt;
  said.resource.remove_suffix(1);
  const bool isName = !said.resource.empty() && said.resource.find_first_of("()") == text.npos &&
                      !hasControlCharacter(said.resource);
  return isName ? std::optional(said) : std::nullopt;
}
