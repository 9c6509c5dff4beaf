#include "Analysis/ExecutionOrder.h"
#include <algorithm>

using namespace xcs;

/// Pushes a batch onto a stack, the most urgent on top; equal ones in program order.
void ExecutionOrder::makeReady(std::vector<uint32_t> &ready, const DispatchGraph &graph,
                               std::vector<uint32_t> &onto) {
  auto earlier = [&](uint32_t a, uint32_t b) {
    return graph.priority[a] != graph.priority[b] ? graph.priority[a] > graph.priority[b] : a < b;
  };
  if (!std::is_sorted(ready.begin(), ready.end(), earlier))
    std::sort(ready.begin(), ready.end(), earlier);
  onto.insert(onto.end(), ready.rbegin(), ready.rend());
  ready.clear();
}

void ExecutionOrder::compute(const DispatchGraph &graph, std::vector<uint32_t> &out) {
  out.clear();
  out.reserve(graph.size());
  waiting = graph.readyCount;
  stack.clear();
  later.clear();
  batch.clear();
  for (uint32_t d = 0; d != graph.size(); ++d)
    if (waiting[d] == 0)
      batch.push_back(d);
  makeReady(batch, graph, stack);
  size_t nextLater = 0;
  while (!stack.empty() || nextLater != later.size()) {
    uint32_t d;
    if (!stack.empty()) {
      d = stack.back();
      stack.pop_back();
    } else {
      d = later[nextLater++];
    }
    out.push_back(d);
    for (uint32_t i = graph.firstSuccessor[d]; i != graph.firstSuccessor[d + 1]; ++i)
      if (--waiting[graph.successors[i]] == 0)
        batch.push_back(graph.successors[i]);
    if (!graph.slow[d]) {
      makeReady(batch, graph, stack);
      continue;
    }
    later.insert(later.end(), batch.begin(), batch.end());
    batch.clear();
  }
}
