#include "Transforms/Passes.h"
#include "Transforms/PrintNames.h"
#include "xcs/Analysis/DependencyGraph.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

namespace {
/// Prints the dependency graph of every region: a line per operation with its number, then a line per
/// operation that must come after it and why, `data` or `order`.
class PrintDeps : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};
} // namespace

static void printGraph(const Module &module, const ComputationGraph &operations, const DependencyGraph &graph,
                       llvm::raw_ostream &out) {
  for (uint32_t node = 0; node != graph.size(); ++node) {
    out << "  " << node << ": " << operationText(module, operations, graph.operation(node)) << '\n';
    std::span<const uint32_t> successors = graph.successors(node);
    for (size_t i = 0; i != successors.size(); ++i)
      out << "    " << (graph.edgeKind(node, i) == EdgeKind::Data ? "data" : "order") << " -> "
          << successors[i] << '\n';
  }
}

Result<Change> PrintDeps::run(Module &module, PassContext &context) {
  const std::vector<FunctionGraphs> &graphs = context.analyses().graphs();
  for (size_t f = 0; f != module.functions.size(); ++f)
    for (RegionId region : graphs[f].regions()) {
      context.out << regionText(module, *module.functions[f], region) << ":\n";
      printGraph(module, module.functions[f]->graph, graphs[f].of(region), context.out);
    }
  return Change::Nothing;
}

std::unique_ptr<Pass> xcs::createPrintDeps() { return std::make_unique<PrintDeps>(); }
