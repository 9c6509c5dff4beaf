#pragma once
#include "xcs/Ops/Prepared.h"
#include "xcs/Runtime/Executor.h"
#include <vector>

namespace xcs {

/// How the executor treats a node.
enum class NodeClass : uint8_t {
  Light,   // small pure operations: run where they become ready
  Heavy,   // pure operations that may take long: neighbours are offered to other workers first
  World,   // started at once, finished by the event loop
  Control, // regions, calls, guards
  Barrier, // no operation: joins two levels
};

/// A region prepared for execution: the plan's nodes with the plan's edges (Schedule::Dataflow), or with
/// other edges.
struct PreparedRegion {
  const PlanRegion *plan = nullptr;
  const PlanNode *nodes = nullptr;      // nodeCount + 1 entries
  const uint32_t *successors = nullptr; // base of PlanNode::firstSuccessor
  const PlanSlot *slots = nullptr;
  uint32_t nodeCount = 0, slotCount = 0, sinkCount = 0;
  std::vector<uint32_t> readyCounts; // the initial values of a frame's counters
  std::vector<uint32_t> roots;       // nodes that are ready immediately, in execution order
  std::vector<NodeClass> classes;
  /// For each operation of the world: the highest priority of what its outcome can make ready, infinite if
  /// unknown. Empty if the region has no such operation.
  std::vector<float> nextPriority;
  std::vector<PlanNode> ownNodes; // for schedules other than dataflow
  std::vector<uint32_t> ownSuccessors;
};

/// Shared by all runs of one plan: regions under the chosen schedule, kernels, constants as values. Thread
/// safety: immutable after construction.
class Program {
public:
  Program(const PlanView &plan, const RunOptions &options);

  const PlanView &plan;
  std::vector<PreparedRegion> regions;
  std::vector<Kernel> kernels;      // by OpCode
  std::vector<TypeId> operandTypes; // parallel to PlanView::operands
  std::vector<TypeId> resultTypes;  // of each operation's first result; parallel to PlanView::ops
  std::vector<Value> constants;     // parallel to PlanView::constantSlots
  PreparedAttrs prepared;           // patterns and schemas of all operations

private:
  void prepareTypes();
  void prepareDataflow(PreparedRegion &region);
  void prepareLevels(PreparedRegion &region);
  void prepareSerial(PreparedRegion &region);
  void finish(PreparedRegion &region);
  void prepareNextPriorities();
  void prepareNextPriorities(PreparedRegion &region, std::vector<float> &exits);
  NodeClass classOf(const PlanNode *node) const;
};

} // namespace xcs
