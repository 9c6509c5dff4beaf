#pragma once
#include "xcs/Ops/Prepared.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Runtime/RunOptions.h"
#include "xcs/Support/Mutex.h"
#include <compare>
#include <map>
#include <memory>
#include <vector>

namespace xcs {

/// How the executor treats a node.
enum class NodeClass : uint8_t {
  Light,   // small pure operations: run where they become ready
  Heavy,   // pure operations that may take long: neighbours are offered to other workers first
  World,   // started at once, finished by the event loop
  Control, // regions, calls, guards
  Barrier, // no operation: joins two levels, or waits for a parameter (OpenForm)
  Result,  // no operation: a result of the entry is known (OpenForm)
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
  double path = 0; // the longest path through it, in nanoseconds
  /// By node: the longest path after it in the region, in nanoseconds. Empty where no node has a region or
  /// calls.
  std::vector<float> pathAfter;
  /// Of each operation of the world: the highest priority of what its outcome can make ready, over
  /// Frame::pathAfter; infinite where that is not known. Empty where the region has no such operation.
  std::vector<float> nextPriority;
  std::vector<PlanNode> ownNodes; // for schedules other than dataflow, and open forms
  std::vector<uint32_t> ownSuccessors;
  /// Of an open form: its first node for a parameter, and for a result. The nodes of the others follow.
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t firstInput = none, firstResult = none;
};

/// To what a run of a function is open: its region then has further nodes.
struct OpenForm {
  /// Parameters may come later: a node for each, before all that reads it, which settles when the value is
  /// there. Small operations that were gathered in one node are apart, so that none waits for a parameter
  /// that only another one reads.
  bool inputs = false;
  /// A node for each result, after the one that makes it.
  bool results = false;
  auto operator<=>(const OpenForm &) const = default;
};

/// Shared by all runs of one plan: regions under the chosen schedule, kernels, constants as values. Thread
/// safety: immutable after construction, but for `openForm`, from any thread.
class Program {
public:
  Program(const PlanView &plan, const RunOptions &options);
  Program(const Program &) = delete;

  /// The region of a function in an open form; made at the first call. Lives as long as the program.
  const PreparedRegion &openForm(uint32_t function, OpenForm form) const;

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
  void finish(PreparedRegion &region) const;
  std::unique_ptr<const PreparedRegion> makeOpenForm(const PlanFunction &function, OpenForm form) const;
  void preparePaths(PreparedRegion &region);
  void prepareNextPriorities();
  std::vector<float> readyPriorities(const PreparedRegion &region, const std::vector<bool> &rising) const;
  void prepareNextPriorities(PreparedRegion &region, const std::vector<bool> &rising,
                             std::vector<float> &exits);
  std::vector<bool> findRising() const;
  bool mayRise(const PlanOp &op, const std::vector<bool> &rising) const;
  NodeClass classOf(const PlanNode *node) const;

  const Schedule schedule;
  mutable Mutex formsMutex;
  mutable std::map<std::pair<uint32_t, OpenForm>, std::unique_ptr<const PreparedRegion>>
      forms XCS_GUARDED_BY(formsMutex);
};

} // namespace xcs
