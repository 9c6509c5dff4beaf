#include "Syntax/ValueScope.h"
#include <algorithm>
#include <utility>

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
  // Backwards, so that of two bindings of one name the outer one is restored.
  for (size_t first = regions.back().firstShadowed; shadowed.size() > first; shadowed.pop_back())
    bindings[shadowed.back().name.index] = shadowed.back().outer;
  open[regions.back().region - functionBegin] = false;
  regions.pop_back();
}

ValueScope::Found ValueScope::find(StringId name) const {
  if (name.index >= bindings.size())
    return {};
  const Binding &binding = bindings[name.index];
  if (binding.region < functionBegin) // of an earlier function
    return {};
  return {isOpen(binding.region) ? State::Visible : State::Ended, binding.value};
}

bool ValueScope::miss(StringId name) {
  if (name.index >= missedIn.size())
    missedIn.resize(name.index + 1);
  // No two functions begin with the same number, because each has a region.
  return std::exchange(missedIn[name.index], functionBegin) != functionBegin;
}

uint32_t ValueScope::define(StringId name, ValueRef value, uint32_t offset) {
  if (name.index >= bindings.size())
    bindings.resize(std::max<size_t>(name.index + 1, bindings.size() * 2)); // ids mostly arrive one by one
  Binding &binding = bindings[name.index];
  uint32_t region = regions.back().region;
  if (binding.region == region)
    return binding.offset;
  if (isOpen(binding.region))
    shadowed.push_back({name, binding});
  binding = {value, region, offset};
  return free;
}
