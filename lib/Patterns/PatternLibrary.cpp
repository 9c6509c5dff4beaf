#include "Patterns/Patterns.h"

using namespace xcs;

PatternLibrary PatternLibrary::builtin() {
  PatternLibrary library;
#define XCS_PATTERN(Class, summary) library.add(create##Class());
#include "xcs/Patterns/Patterns.def"
  return library;
}

std::vector<PatternMatch> PatternLibrary::matchAll(AnalysisCache &analyses) const {
  const Module &module = analyses.module();
  std::vector<PatternMatch> matches;
  for (size_t f = 0; f != module.functions.size(); ++f) {
    const FunctionGraphs &graphs = analyses.graphs()[f];
    for (RegionId region : graphs.regions()) {
      PatternContext context{module, f, region, graphs, graphs.of(region), analyses.effects()};
      for (const std::unique_ptr<Pattern> &pattern : patterns)
        pattern->match(context, matches);
    }
  }
  return matches;
}
