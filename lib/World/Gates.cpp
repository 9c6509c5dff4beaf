#include "World/Gates.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Slots.h"

using namespace xcs;

namespace {

/// What a resource declares of the operations that use it; 0: nothing.
struct Bounds {
  uint64_t inFlight = 0;
  double requestsPerMinute = 0, tokensPerMinute = 0;
};

} // namespace

static Bounds readBounds(const PlanView &plan, uint32_t resource) {
  const ConstantView &c = plan.constants;
  DictId dict = plan.resources[resource].dict;
  auto rate = [&](Attribute attribute) {
    AttrId pace = c.find(dict, attribute);
    if (!pace)
      return 0.0;
    return c.attr(pace).kind == AttrKind::F64 ? c.floatAttr(pace) : static_cast<double>(c.intAttr(pace));
  };
  AttrId most = c.find(dict, Attribute::max_in_flight);
  return {most ? static_cast<uint64_t>(c.intAttr(most)) : 0, rate(Attribute::requests_per_minute),
          rate(Attribute::tokens_per_minute)};
}

std::string xcs::boundsOf(const PlanView &plan, uint32_t resource) {
  const Bounds bounds = readBounds(plan, resource);
  return std::to_string(bounds.inFlight) + ' ' + std::to_string(bounds.requestsPerMinute) + ' ' +
         std::to_string(bounds.tokensPerMinute);
}

Gate &GateTable::gateOf(const std::string &identity, const PlanView &plan, uint32_t resource) {
  std::unique_ptr<Gate> &gate = gates[identity];
  if (!gate) {
    const Bounds bounds = readBounds(plan, resource);
    gate = std::make_unique<Gate>(bounds.inFlight, bounds.requestsPerMinute, bounds.tokensPerMinute);
  }
  return *gate;
}

PlanGates::PlanGates(const PlanView &plan, GateTable &table, GateIdentity identity)
    : plan(plan), table(table), identity(std::move(identity)), byResource(plan.resources.size(), nullptr) {}

Gate &PlanGates::gateOf(uint32_t resource) {
  Gate *&gate = byResource[resource];
  if (gate)
    return *gate;
  if (!identity)
    return *(gate = &table.gateOf(std::to_string(resource), plan, resource));
  if (identities.empty())
    nameAll();
  return *(gate = &table.gateOf(identities[resource], plan, resource));
}

/// Two resources of one plan that look the same are two: they are distinguished by their number among those.
void PlanGates::nameAll() {
  std::unordered_map<std::string, uint32_t> before;
  for (uint32_t r = 0; r < plan.resources.size(); ++r) {
    std::string own = identity(r);
    const uint32_t number = before[own]++;
    identities.push_back(std::move(own) + '#' + std::to_string(number));
  }
}

const GateUses &PlanGates::usesOf(AttrId limit) {
  const auto [at, isNew] = byLimit.try_emplace(limit.index);
  if (!isNew)
    return at->second;
  if (bySymbol.empty())
    for (uint32_t r = 0; r < plan.resources.size(); ++r)
      bySymbol.emplace(plan.constants.text(plan.resources[r].symbol), r);
  forEachSlots(plan.constants, limit, [&, &uses = at->second](const Slots &slots) {
    uses.push_back({&gateOf(bySymbol.at(slots.limit)), static_cast<uint64_t>(slots.count)});
  });
  return at->second;
}

void PlanGates::addLimits(const PlanOp &op, GateUses &uses) {
  if (const AttrId limit = plan.constants.find(op.dict, Attribute::limit))
    uses.append(usesOf(limit));
}

std::string_view PlanGates::limitAt(const PlanOp &op, const Gate *gate) {
  std::string_view found;
  if (const AttrId limit = plan.constants.find(op.dict, Attribute::limit); limit && gate) {
    const GateUses &uses = usesOf(limit);
    size_t use = 0;
    forEachSlots(plan.constants, limit, [&](const Slots &slots) {
      if (uses[use++].gate == gate)
        found = slots.limit;
    });
  }
  return found;
}
