#pragma once
#include "Transforms/RerollRegion.h"
#include "Transforms/RerollShape.h"
#include <optional>
#include <queue>
#include <string>

namespace xcs {

/// Equal computations, side by side, whose results an operation uses one after the other: the *instances*.
/// A row holds the same operation of each of them.
struct RerollGroup {
  struct Row {
    std::vector<OpId> ops; // by instance
    bool isPlaced = false, waits = false;
  };
  /// A value that differs from instance to instance.
  struct Slot {
    std::vector<ValueRef> values; // by instance
    bool isConstant = false;      // all are constants
  };
  /// An operand of the first instance that a slot takes the place of.
  struct SlotUse {
    OpId op;
    uint32_t operand, slot; // in allOperands
  };

  size_t count = 0;      // of instances
  std::vector<Row> rows; // in the program order of the first instance; the last one gives the results
  uint32_t result = 0;   // which of its results
  std::vector<Slot> slots;
  std::vector<SlotUse> slotUses;
  std::vector<ValueRef> captured; // what all of them get alike
  uint32_t insertAt = 0;          // the position before which the `map` belongs
  uint32_t depth = 0;             // of regions nested in it
};

/// Finds the instances that give some operands of an operation. It follows all of them in step, from the
/// results to what they are computed from, as long as the operations are alike and serve their instance
/// alone. No operation is compared with more than one other, so the time is linear in the group.
class RerollMatcher {
public:
  /// Which operations whose place matters may belong to a group. A smaller group may be possible where the
  /// largest is not.
  enum class Reach : uint8_t { All, OnePlaced, NonePlaced };

  RerollMatcher(const Module &module, const ComputationGraph &graph, const RerollRegion &facts)
      : module(module), graph(graph), facts(facts), shape(module.pool, graph), other(module.pool, graph) {}

  /// The largest group whose results are `count` operands of `user`, from `first` on; none if there is none,
  /// and `why` says why not.
  std::optional<RerollGroup> match(OpId user, uint32_t first, uint32_t count, std::string &why);

private:
  /// A value of an instance that an operation uses.
  struct Reference {
    OpId op;
    uint32_t operand;
    std::vector<ValueRef> values; // by instance
    bool isNested = false;        // one of them is a constant within its operation
  };
  /// Operations that may become a row. All their uses come before them in the search.
  struct Candidate {
    std::vector<OpId> ops;
    std::vector<Reference> references;
    bool agree = true; // whether every reference leads to the same operations
  };

  std::string search(OpId user, uint32_t first, Reach reach);
  void refer(Reference reference);
  bool isCandidate(const std::vector<ValueRef> &values) const;
  std::string whyNotTake(const Candidate &candidate, Reach reach) const;
  std::string compare(const Candidate &candidate, std::vector<Reference> &uses);
  std::string take(Candidate &candidate, Reach reach);
  bool isConstant(const Reference &use) const;
  void add(Reference use);
  void addSlot(Reference reference, bool isConstant);
  std::string place(OpId user);
  std::string checkStart();
  std::vector<uint32_t> timesOf(size_t instance, const std::vector<uint32_t> &shared) const;

  const Module &module;
  const ComputationGraph &graph;
  const RerollRegion &facts;
  RerollShape shape, other;
  RerollGroup group;
  std::unordered_map<uint32_t, Candidate> candidates;         // by the operation of the first instance
  std::priority_queue<std::pair<uint32_t, uint32_t>> waiting; // position and index of that operation
  std::unordered_multimap<uint64_t, uint32_t> slotOf;         // by a hash of its values
};

} // namespace xcs
