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
  bool isAllLight = false;       // Light nodes alone
  uint64_t lightNanoseconds = 0; // the estimated cost of all Light nodes; see Program::sweepCostOf
  /// It is all light, and so little that it is carried out in one go, in the order of the plan, without
  /// counting what each node waits for. Not in a run that is traced (Engine::sweepsAtOnce).
  bool isOnePiece = false;
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
  std::vector<PlanNode> ownNodes; // of other schedules than dataflow, of open and swept forms
  std::vector<uint32_t> ownSuccessors;
  /// Of an open form: its first node for a parameter, and for a result. The nodes of the others follow.
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t firstInput = none, firstResult = none;
  /// Of a swept form: by node, how many nodes of the plan are in it. Empty elsewhere: one.
  std::vector<uint32_t> planNodes;
  /// Of a swept form whose nodes do not follow the order of the plan: the operations in the order of the
  /// nodes, to which PlanNode::firstOp then refers. Empty elsewhere.
  std::vector<uint32_t> opOrder;
  /// Of a swept form: it has more work than waking another worker takes.
  bool isWorthSharing = false;
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

  /// What a frame of a region is made of. `traced`: every dispatch is recorded, so that the nodes are those
  /// of the plan.
  const PreparedRegion &formOf(uint32_t region, bool traced) const {
    return traced || !swept[region] ? regions[region] : *swept[region];
  }
  /// The same for the region of a function in an open form; made at the first call. Lives as long as the
  /// program.
  const PreparedRegion &openForm(uint32_t function, OpenForm form, bool traced) const;

  const PlanView &plan;
  std::vector<PreparedRegion> regions;
  std::vector<Kernel> kernels;      // by OpCode
  std::vector<TypeId> operandTypes; // parallel to PlanView::operands
  std::vector<TypeId> resultTypes;  // of each operation's first result; parallel to PlanView::ops
  std::vector<uint8_t> mayFree;     // whether an operand of it can own memory; parallel to PlanView::ops
  std::vector<Value> constants;     // parallel to PlanView::constantSlots
  PreparedAttrs prepared;           // patterns and schemas of all operations
  /// By region: an estimate of what an activation that waits takes outside its frame, in bytes.
  std::vector<uint64_t> outsideBytes;

private:
  void prepareTypes();
  // ProgramMemory.cpp
  void prepareOutsideBytes();
  uint64_t bytesInFlight(const PlanOp &op) const;
  void prepareDataflow(PreparedRegion &region);
  void prepareLevels(PreparedRegion &region);
  void prepareSerial(PreparedRegion &region);
  void finish(PreparedRegion &region) const;
  // SweptForm.cpp
  void prepareSweeping();
  std::unique_ptr<const PreparedRegion> makeSweptForm(const PreparedRegion &base) const;
  std::unique_ptr<const PreparedRegion> makeOpenForm(const PlanFunction &function, OpenForm form) const;
  void preparePaths(PreparedRegion &region);
  void prepareNextPriorities();
  std::vector<float> readyPriorities(const PreparedRegion &region, const std::vector<bool> &rising) const;
  void prepareNextPriorities(PreparedRegion &region, const std::vector<bool> &rising,
                             std::vector<float> &exits);
  std::vector<bool> findRising() const;
  bool mayRise(const PlanOp &op, const std::vector<bool> &rising) const;
  NodeClass classOf(const PlanNode *node) const;
  uint32_t costOf(const PlanOp &op) const;
  uint32_t sweepCostOf(size_t op) const;
  static void countEdges(PreparedRegion &region);

  const Schedule schedule;
  const unsigned jobs;
  const std::optional<uint32_t> kernelNanoseconds;          // RunOptions
  std::vector<std::unique_ptr<const PreparedRegion>> swept; // by region; null: as it is
  mutable Mutex formsMutex;
  mutable std::map<std::pair<uint32_t, OpenForm>, std::unique_ptr<const PreparedRegion>>
      forms XCS_GUARDED_BY(formsMutex);
};

} // namespace xcs
