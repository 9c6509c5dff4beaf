#include "xcs/Analysis/Uses.h"
#include "xcs/IR/Walk.h"

using namespace xcs;

ValueUses::ValueUses(const Function &function) : counts(function.graph.valueCount()) {
  struct Counter {
    const ComputationGraph &graph;
    std::vector<uint32_t> &counts;
    void beginRegion(RegionId) {}
    bool beginOp(OpId op) {
      for (ValueRef v : graph.allOperands(op))
        ++counts[v.index];
      return true;
    }
    void endOp(OpId) {}
    void endRegion(RegionId) {}
  } counter{function.graph, counts};
  walk(function.graph, function.body, counter);
}
