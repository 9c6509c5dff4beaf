#include "Transforms/CommaList.h"
#include "Transforms/Passes.h"

using namespace xcs;

static constexpr PassRow rows[] = {
#define XCS_PASS(name, Class, options, summary) {name, summary, create##Class, options},
#include "xcs/Transforms/Passes.def"
};

std::span<const PassRow> xcs::allPasses() { return rows; }

const PassRow *xcs::findPass(std::string_view name) {
  for (const PassRow &row : rows)
    if (row.name == name)
      return &row;
  return nullptr;
}

bool PassContext::hasOption(std::string_view name) const {
  for (std::string_view option : CommaList(options))
    if (option == name)
      return true;
  return false;
}

void PassContext::begin(Module &module) {
  if (cache && (!own || cache != &*own) && &cache->module() == &module)
    return;
  cache = &own.emplace(module);
}

void PassContext::count(std::string_view what, uint64_t n) {
  for (Counter &counter : counters)
    if (counter.pass == runningPass && counter.what == what) {
      counter.value += n;
      return;
    }
  counters.push_back({runningPass, what, n});
}
