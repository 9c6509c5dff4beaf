#pragma once
#include "xcs/Plan/PlanFile.h"
#include <cstdint>
#include <string_view>
#include <vector>

namespace xcs::bench {

/// A dependency graph of empty tasks; edges only go to higher indices.
struct Graph {
  uint32_t size = 0;
  std::vector<uint32_t> firstSuccessor, successors, predecessorCount; // firstSuccessor has size + 1 entries
};

enum class GraphShape : uint8_t {
  Chain,     // one after another
  Fan,       // one after another
  Tree,      // binary, from the root down
  Wavefront, // a square; each waits for its left and its upper neighbour
  Layered,   // square root of n layers; 1 to 4 edges to random tasks of the next layer (Taskflow's graph
             // traversal benchmark)
};
inline constexpr GraphShape allGraphShapes[] = {GraphShape::Chain, GraphShape::Fan, GraphShape::Tree,
                                                GraphShape::Wavefront, GraphShape::Layered};
std::string_view nameOf(GraphShape shape);

/// A graph of about `size` tasks (a square for wavefronts and layers). The same every time.
Graph makeGraph(GraphShape shape, uint32_t size);
/// `count` chains whose tasks take turns.
Graph makeChains(uint32_t size, uint32_t count);

struct GraphPlan {
  PlanTables tables;
  PlanView view() const;
};
GraphPlan planOf(const Graph &graph);

} // namespace xcs::bench
