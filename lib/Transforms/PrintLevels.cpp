#include "Transforms/Passes.h"
#include "Transforms/PrintNames.h"
#include "xcs/Analysis/Levels.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <numeric>

using namespace xcs;

namespace {
/// Prints a table for every region: its operations by level (the longest path to them, counted in
/// operations), the last level that would delay nothing (alap), the slack between the two, the earliest start
/// by cost, and a star on one critical path.
class PrintLevels : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};
} // namespace

static void printRegion(const Module &module, const Function &function, RegionId region,
                        const DependencyGraph &graph, const Levels &levels, llvm::raw_ostream &out) {
  out << regionText(module, function, region) << ": " << graph.size()
      << (graph.size() == 1 ? " operation, " : " operations, ") << levels.depth
      << (levels.depth == 1 ? " level" : " levels") << ", critical path " << timeText(levels.criticalPath)
      << '\n';
  if (graph.size() == 0)
    return;
  std::vector<bool> critical(graph.size());
  for (uint32_t node : levels.criticalNodes)
    critical[node] = true;
  // Counting sort by level: stable, so program order within a level.
  std::vector<uint32_t> next(levels.depth + 1, 0), order(graph.size());
  for (uint32_t node = 0; node != graph.size(); ++node)
    ++next[levels.asap[node] + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  for (uint32_t node = 0; node != graph.size(); ++node)
    order[next[levels.asap[node]]++] = node;

  out << "  level  alap  slack     start  critical  operation\n";
  for (uint32_t node : order)
    out << llvm::format("  %5u %5u %6u %9s  ", levels.asap[node], levels.alap[node], levels.slack(node),
                        timeText(levels.earliestStart[node]).c_str())
        << (critical[node] ? "*         " : "          ")
        << operationText(module, function.graph, graph.operation(node)) << '\n';
}

Result<Change> PrintLevels::run(Module &module, PassContext &context) {
  const std::vector<FunctionGraphs> &graphs = context.analyses().graphs();
  const CostAnalysis &costs = context.analyses().costs();
  for (size_t f = 0; f != module.functions.size(); ++f)
    for (RegionId region : graphs[f].regions()) {
      DependencyGraph graph = graphs[f].of(region);
      printRegion(module, *module.functions[f], region, graph, computeLevels(graph, costs.costs(f, graph)),
                  context.out);
    }
  return Change::Nothing;
}

std::unique_ptr<Pass> xcs::createPrintLevels() { return std::make_unique<PrintLevels>(); }
