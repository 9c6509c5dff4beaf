#pragma once
#include "xcs/Analysis/Effects.h"
#include <string>
#include <unordered_map>

namespace xcs {

/// Whether an operation is a `vote.majority {early}`.
bool isEarlyVote(const ConstantView &view, const Operation &op);
/// How deep a region is nested, including itself.
uint32_t depthOf(const ComputationGraph &graph, RegionId region);

/// The early votes of one region and the operations that make their answers. The slice of an answer that is
/// packed into a list contains the operations of the region that serve only this answer, in program order.
/// Found in one sweep from the last operation to the first, so that all uses of a result are known when its
/// operation is reached. Invalid once the region has changed. Linear in the region and everything nested in
/// it.
class VoterSlices {
public:
  static constexpr uint32_t none = UINT32_MAX;

  VoterSlices(const Module &module, size_t function, const EffectAnalysis &effects, RegionId region);

  size_t size() const { return votes.size(); }
  OpId vote(size_t v) const { return votes[v].op; }
  /// What makes the list of a vote, a `list.pack` or `map`; none if it is something else.
  OpId list(size_t v) const { return votes[v].list; }
  /// Why all the voters must be waited for; empty if they need not, judging by the place of the list and its
  /// slices.
  std::string whyNot(size_t v) const { return votes[v].why; }
  const std::vector<OpId> &slice(size_t v, size_t answer) const {
    return slices[votes[v].firstSlice + answer];
  }
  /// How deep regions nest in the slices of a vote.
  uint32_t depth(size_t v) const { return votes[v].depth; }
  /// The vote whose slices contain an operation of the region, or whose list it makes; none: the operation
  /// stays.
  uint32_t voteOf(OpId op) const;

private:
  struct Vote {
    OpId op, list;
    uint32_t firstSlice = 0, sliceCount = 0, depth = 0;
    uint32_t listAt = 0, firstPlaced = none; // position in the body; the first of its own among `placed`
    bool isVoter = false;                    // its own answer goes to another early vote
    std::string why;
  };
  static constexpr uint32_t unused = UINT32_MAX, shared = UINT32_MAX - 1;

  void findVotes();
  void sweep();
  void findPlaced();
  void visit(OpId op);
  uint32_t useOf(OpId op) const;
  bool mayMove(OpId op) const;
  void markOperands(OpId op, uint32_t by, uint32_t depth);
  void mark(ValueRef v, uint32_t by);
  void judge(size_t v);
  std::string whyNotPack(const Vote &vote) const;
  std::string whyNotContiguous(const Vote &vote) const;
  bool waits(OpId op) const;
  bool isFree(OpId op) const;
  static uint32_t lookUp(const std::unordered_map<uint32_t, uint32_t> &map, uint32_t key) {
    auto found = map.find(key);
    return found == map.end() ? none : found->second;
  }

  const Module &module;
  size_t function;
  const ComputationGraph &graph;
  const EffectAnalysis &effects;
  RegionId region;
  /// An operation whose place matters.
  struct Placed {
    OpId op;
    uint32_t vote, at; // the vote it belongs to, or none; its position in the body
  };
  std::vector<Vote> votes;
  std::vector<Placed> placed;
  std::vector<uint32_t> voteOfSlice;     // by slice
  std::vector<std::vector<OpId>> slices; // in program order
  // Operations and values of the region, by index; the function has many more.
  std::unordered_map<uint32_t, uint32_t> voteOfList; // by operation
  std::unordered_map<uint32_t, uint32_t> sliceOf;    // by operation that moves
  struct Uses {
    uint32_t by = unused, count = 0; // the only slice that uses it, unused, or shared
  };
  std::unordered_map<uint32_t, Uses> uses; // by value
};

} // namespace xcs
