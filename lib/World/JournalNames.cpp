#include "World/JournalNames.h"
#include "World/Draw.h"
#include "World/RequestJson.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/SignatureMatch.h"
#include <algorithm>

using namespace xcs;

JournalName xcs::journalName(const PlanView &plan, const WorldClient &client, const WorldRequest &request) {
  JournalName out;
  out.at = placeText(drawPlace(plan, client, request));
  out.key = answerIdentity(plan, client, request);
  if (hasDrawName(plan.ops[request.op].effect)) {
    out.request = unnamedIdentity(plan, client, request);
    return out;
  }
  out.key += "@" + siteText(client, request) + "@" + out.at;
  return out;
}

std::string xcs::readKeyWithoutSite(std::string_view key) {
  const size_t site = key.find('@'), at = site == key.npos ? key.npos : key.find('@', site + 1);
  if (at == key.npos)
    return "";
  return std::string(key.substr(0, site)) + std::string(key.substr(at));
}

std::string xcs::chosenKey(const RequestPlace &place, uint32_t op) {
  std::string out = "chosen@";
  for (const RequestPlace::Step &step : place.steps) {
    out += std::to_string(step.op);
    out += step.index == UINT32_MAX ? "/" : "." + std::to_string(step.index) + "/";
  }
  return out + std::to_string(op);
}

bool xcs::isJournaled(OpCode code) {
  switch (code) {
  case OpCode::log_print:
  case OpCode::random_int:
  case OpCode::random_float:
  case OpCode::random_choice:
  case OpCode::random_shuffle:
  case OpCode::random_weighted:
    return false;
  default:
    return true;
  }
}

std::set<std::string, std::less<>> xcs::drawNames(const PlanView &plan) {
  const ConstantView &c = plan.constants;
  std::set<std::string, std::less<>> names;
  for (const PlanOp &op : plan.ops) {
    const AttrId name = c.find(op.dict, Attribute::draw);
    if (!name || !fitsAttrType(c, name, AttrType::Names)) {
      names.emplace(rowOf(op.code).name);
    } else if (c.attr(name).kind == AttrKind::Str) {
      names.emplace(c.textAttr(name));
    } else {
      for (AttrId item : c.items(name))
        names.emplace(c.textAttr(item));
    }
  }
  return names;
}

bool xcs::areAllIn(std::string_view at, const std::set<std::string, std::less<>> &names) {
  if (at.ends_with(']'))
    at = at.substr(0, at.rfind('['));
  // Where a call was inlined, its name and that of what it calls are one.
  std::vector<size_t> starts{0}; // of parts before which all is in names
  for (size_t i = 0; i < starts.size(); ++i)
    for (size_t end = starts[i]; end != at.npos;) {
      end = at.find('/', end);
      if (names.contains(at.substr(starts[i], end == at.npos ? end : end - starts[i]))) {
        if (end == at.npos)
          return true;
        if (std::find(starts.begin(), starts.end(), end + 1) == starts.end())
          starts.push_back(end + 1);
      }
      end = end == at.npos ? end : end + 1;
    }
  return false;
}

bool xcs::forgives(const PlanView &plan, uint32_t op) {
  const RegionForm *form = regionForm(plan.ops[op].code);
  return form && ruleOf(plan.constants, *form, plan.ops[op].dict).failure == RegionFailure::Forgiven;
}

OpError xcs::errorOf(Diag id, std::initializer_list<std::string> texts) {
  std::vector<std::string_view> arguments(texts.begin(), texts.end());
  return {id, formatMessage(rowOf(id).text, arguments), 1};
}
