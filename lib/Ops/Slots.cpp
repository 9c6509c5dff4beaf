#include "xcs/Ops/Slots.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>

using namespace xcs;

std::string xcs::wrongSlotCount(const ConstantView &view, const Slots &slots, DictId attributes) {
  const std::string name = "`@" + std::string(slots.limit) + "`";
  const AttrId most = view.find(attributes, Attribute::max_in_flight);
  if (slots.count == 1)
    return {};
  if (!most)
    return "takes " + std::to_string(slots.count) + " slots of " + name +
           ", which has no number of them; give it a `max_in_flight`";
  if (slots.count <= view.intAttr(most))
    return {};
  return "takes " + std::to_string(slots.count) + " slots of " + name + ", which has " +
         std::to_string(view.intAttr(most)) + ": it could never start; take fewer, or raise `max_in_flight`";
}

bool xcs::isSymbolKey(std::string_view key) {
  auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto isWord = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '$' || c == '.'; };
  return key.size() > 1 && key[0] == '@' && isLetter(key[1]) &&
         std::all_of(key.begin() + 1, key.end(), isWord);
}
