#include "Transforms/Passes.h"
#include "Transforms/PrintNames.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

namespace {
/// Prints for every operation the longest remaining path, itself included, which is its priority when not all
/// can start at once. Includes what comes after the region and after all around it.
class PrintPriorities : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};
} // namespace

Result<Change> PrintPriorities::run(Module &module, PassContext &context) {
  AnalysisCache &analyses = context.analyses();
  for (size_t f = 0; f != module.functions.size(); ++f)
    for (RegionId region : analyses.graphs()[f].regions()) {
      const DependencyGraph graph = analyses.graphs()[f].of(region);
      const Levels levels = computeLevels(graph, analyses.costs().costs(f, graph));
      const double after = analyses.pathAfter().of(f, region);
      context.out << regionText(module, *module.functions[f], region) << ": " << timeText(after)
                  << " after it\n";
      for (uint32_t node = 0; node != graph.size(); ++node)
        context.out << llvm::format("  %9s  ", timeText(levels.remaining[node] + after).c_str())
                    << operationText(module, module.functions[f]->graph, graph.operation(node)) << '\n';
    }
  return Change::Nothing;
}

std::unique_ptr<Pass> xcs::createPrintPriorities() { return std::make_unique<PrintPriorities>(); }
