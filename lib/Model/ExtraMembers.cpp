#include "xcs/Model/ExtraMembers.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/ModelForm.h"
#include <algorithm>

using namespace xcs;

bool ExtraMembers::add(std::string_view name, const Value &value, OpError &error) {
  std::string json;
  if (!appendJson(json, value, JsonLayout::Line, limits, error))
    return false;
  auto at = std::find_if(members.begin(), members.end(), [&](const auto &one) { return one.first == name; });
  if (at == members.end())
    members.emplace_back(name, std::move(json));
  else
    at->second = std::move(json);
  return true;
}

bool ExtraMembers::addAttribute(DictId owner, OpError &error) {
  AttrId given = c.find(owner, Attribute::extra);
  if (!given)
    return true;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(given).payload))))
    if (!add(c.text(entry.key), jsonOfAttr(c, entry.value), error))
      return false;
  return true;
}

static bool badOption(OpError &error, std::string_view wanted, std::string_view found) {
  std::string_view arguments[] = {"the option `extra`", "model.chat", wanted, found};
  error = {Diag::BadArgument, formatMessage(rowOf(Diag::BadArgument).text, arguments)};
  return false;
}

bool ExtraMembers::addOption(const Value &value, OpError &error) {
  if (value.kind() != ValueKind::Object)
    return badOption(error, "be a JSON object", "another value");
  for (size_t i = 0; i + 1 < value.size(); i += 2) {
    std::string_view name = value.items()[i].text();
    if (std::string instead = insteadOfMember(name); !instead.empty())
      return badOption(error, "have no member that is said elsewhere (" + instead + ")",
                       "`" + std::string(name) + "`");
    if (!add(name, value.items()[i + 1], error))
      return false;
  }
  return true;
}

bool ExtraMembers::has(std::string_view name) const {
  return std::any_of(members.begin(), members.end(), [&](const auto &one) { return one.first == name; });
}

void ExtraMembers::write(llvm::json::OStream &json) const {
  for (const auto &[name, value] : members) {
    json.attributeBegin(name);
    json.rawValue(value);
    json.attributeEnd();
  }
}
