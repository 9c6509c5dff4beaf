#include "Patterns/Patterns.h"

using namespace xcs;

PatternLibrary PatternLibrary::builtin() {
  PatternLibrary library;
#define XCS_PATTERN(Class, summary) library.add(create##Class());
#include "xcs/Patterns/Patterns.def"
  return library;
}

std::vector<PatternMatch> PatternLibrary::matchAll(const Module &module,
                                                   const EffectAnalysis &effects) const {
  std::vector<PatternMatch> matches;
  for (size_t f = 0; f != module.functions.size(); ++f) {
    FunctionGraphs graphs(module, f, effects);
    for (RegionId region : graphs.regions()) {
      PatternContext context{module, f, region, graphs, graphs.of(region), effects};
      for (const std::unique_ptr<Pattern> &pattern : patterns)
        pattern->match(context, matches);
    }
  }
  return matches;
}
