#pragma once
#include "xcs/Plan/PlanFile.h"
#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace xcs {

/// A dataflow graph as a plan of one region whose operations have no operands; an operation's index is its
/// result slot. For kernels that replace the real ones.
struct GraphPlan {
  using Edges = std::vector<std::pair<uint32_t, uint32_t>>;
  PlanTables tables;
  Edges edges;

  /// `given`: edges from lower to higher numbers, each once.
  GraphPlan(uint32_t size, Edges given) : edges(std::move(given)) {
    std::vector<std::vector<uint32_t>> successors(size);
    std::vector<uint32_t> predecessors(size);
    for (auto [from, to] : edges) {
      successors[from].push_back(to);
      ++predecessors[to];
    }
    PlanRegion region{};
    region.nodeCount = size;
    for (uint32_t i = 0; i < size; ++i) {
      tables.nodes.push_back({i, static_cast<uint32_t>(tables.successors.size()), predecessors[i], 0});
      tables.successors.insert(tables.successors.end(), successors[i].begin(), successors[i].end());
      region.sinkCount += successors[i].empty();
      tables.ops.push_back(operation(OpCode::core_select, i));
      tables.ops.back().resultSlot = i;
    }
    tables.nodes.push_back({size, static_cast<uint32_t>(tables.successors.size()), 0, 0});
    tables.regions.push_back(region);
    tables.functions.push_back({});
  }

  static PlanOp operation(OpCode code, uint32_t order) {
    PlanOp op{};
    op.code = code;
    op.order = order;
    op.firstRegion = op.target = op.location = UINT32_MAX;
    return op;
  }

  /// Up to three edges to each from lower numbers.
  static GraphPlan random(uint32_t size, uint32_t seed) {
    std::mt19937 random(seed);
    Edges edges;
    for (uint32_t to = 1; to < size; ++to) {
      std::vector<uint32_t> from(random() % 4);
      for (uint32_t &f : from)
        f = random() % to;
      std::sort(from.begin(), from.end());
      from.erase(std::unique(from.begin(), from.end()), from.end());
      for (uint32_t f : from)
        edges.push_back({f, to});
    }
    return GraphPlan(size, std::move(edges));
  }
  /// `count` chains whose operations take turns.
  static GraphPlan chains(uint32_t size, uint32_t count) {
    Edges edges;
    for (uint32_t to = count; to < size; ++to)
      edges.push_back({to - count, to});
    return GraphPlan(size, std::move(edges));
  }
  static GraphPlan fan(uint32_t size) {
    Edges edges;
    for (uint32_t i = 1; i + 1 < size; ++i) {
      edges.push_back({0, i});
      edges.push_back({i, size - 1});
    }
    return GraphPlan(size, std::move(edges));
  }
  static GraphPlan wavefront(uint32_t side) {
    Edges edges;
    for (uint32_t i = 0; i < side * side; ++i) {
      if (i % side + 1 < side)
        edges.push_back({i, i + 1});
      if (i + side < side * side)
        edges.push_back({i, i + side});
    }
    return GraphPlan(side * side, std::move(edges));
  }

  /// Gives the program another order than the plan's that its edges allow, as a compiler's does.
  void shuffleProgramOrder(uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<uint32_t> waiting, ready;
    for (uint32_t n = 0; n < tables.ops.size(); ++n)
      if (waiting.push_back(tables.nodes[n].readyCount); !waiting[n])
        ready.push_back(n);
    for (uint32_t order = 0; !ready.empty(); ++order) {
      std::swap(ready[random() % ready.size()], ready.back());
      const uint32_t n = ready.back();
      ready.pop_back();
      tables.ops[n].order = order;
      for (uint32_t e = tables.nodes[n].firstSuccessor; e < tables.nodes[n + 1].firstSuccessor; ++e)
        if (--waiting[tables.successors[e]] == 0)
          ready.push_back(tables.successors[e]);
    }
  }

  PlanView view() const {
    PlanView view;
    view.functions = tables.functions;
    view.regions = tables.regions;
    view.nodes = tables.nodes;
    view.ops = tables.ops;
    view.slots = tables.slots;
    view.operands = tables.operands;
    view.successors = tables.successors;
    return view;
  }
};

} // namespace xcs
