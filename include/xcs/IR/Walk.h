#pragma once
#include "xcs/IR/ComputationGraph.h"

namespace xcs {

/// Visits the operations of a region in program order, nested regions after the operation they belong to. The
/// visitor has
///   void beginRegion(RegionId);   bool beginOp(OpId);   void endOp(OpId);   void endRegion(RegionId);
/// in the order of a text: `{` args, ops, `}`. If beginOp returns false, the operation's regions are skipped
/// (endOp is still called). The graph must not change meanwhile. Nesting depth costs heap, not stack, because
/// the user controls it.
template <class Visitor> void walk(const ComputationGraph &graph, RegionId region, Visitor &visitor) {
  struct Open {
    RegionId region;
    uint32_t next; // position in its body
  };
  std::vector<Open> stack{{region, 0}};
  visitor.beginRegion(region);
  while (true) {
    Open &top = stack.back();
    const Region &r = graph.region(top.region);
    if (top.next != r.body.size()) {
      OpId op = r.body[top.next++];
      RegionId inner = visitor.beginOp(op) ? graph.operation(op).firstRegion : RegionId();
      if (!inner) {
        visitor.endOp(op);
        continue;
      }
      stack.push_back({inner, 0});
      visitor.beginRegion(inner);
      continue;
    }
    visitor.endRegion(top.region);
    if (stack.size() == 1)
      return;
    if (r.next) {
      top = {r.next, 0};
      visitor.beginRegion(top.region);
      continue;
    }
    stack.pop_back();
    visitor.endOp(r.parent);
  }
}

} // namespace xcs
