#include "Syntax/ValueScope.h"
#include <algorithm>

using namespace xcs;

void ValueScope::beginFunction() {
  regions.clear();
  shadowed.clear();
  open.clear();
  functionBegin = lastRegion + 1;
}

void ValueScope::beginRegion() {
  regions.push_back({++lastRegion, static_cast<uint32_t>(shadowed.size())});
  open.push_back(true);
}

void ValueScope::endRegion() {
  for (size_t first = regions.back().firstShadowed; shadowed.size() > first; shadowed.pop_back())
    bindings[shadowed.back().name.index] = shadowed.back().outer;
  open[regions.back().region - functionBegin] = false;
  regions.pop_back();
}

ValueScope::Found ValueScope::find(StringId name) const {
  if (name.index >= bindings.size())
    return {};
  const Binding &binding = bindings[name.index];
  if (binding.region < functionBegin)
    return {};
  return {isOpen(binding.region) ? State::Visible : State::Ended, binding.value};
}

uint32_t ValueScope::define(StringId name, ValueRef value, uint32_t offset) {
  if (name.index >= bindings.size())
    bindings.resize(std::max<size_t>(name.index + 1, bindings.size() * 2));
  Binding &binding = bindings[name.index];
  uint32_t region = regions.back().region;
  if (binding.region == region)
    return binding.offset;
  if (isOpen(binding.region))
    shadowed.push_back({name, binding});
  binding = {value, region, offset};
  return free;
}
