#pragma once
#include "Analysis/PathOrder.h"
#include "xcs/Analysis/Effects.h"
#include <unordered_map>
#include <vector>

namespace xcs {

/// Finds the order edges that effects ask for among the nodes of one region, fed in program order: a write
/// after the last write and the reads since on its target, a read after the last write, every write after the
/// guards before it, log lines after one another. An unknown target is in conflict with all of its kind.
/// Files have an order of their own, by their paths.
///
/// Without care n writes on different targets before m reads of unknown ones cost n x m edges. Where a node
/// would need more than `crowd` edges, it becomes a gate instead: everything of its kind before it comes
/// before it, everything after comes after it. That orders more than is asked for, which is always allowed,
/// and keeps the edges linear.
class EffectOrder {
public:
  static constexpr size_t crowd = 32;

  /// `pool` holds the texts of identities; without one every file is unknown.
  explicit EffectOrder(const ConstantPool *pool = nullptr) : pool(pool) {}

  /// Appends to `before` the nodes that must come before `node` (perhaps some twice). `leaf`: the operation's
  /// own row has the effects, not its bodies.
  void add(uint32_t node, std::span<const EffectOn> effects, bool leaf, std::vector<uint32_t> &before);
  /// Forgets everything, for the next region.
  void clear();

private:
  static constexpr uint32_t none = UINT32_MAX;
  /// What happened to one known target since the last gate.
  struct Target {
    uint32_t lastWrite = none;
    std::vector<uint32_t> reads; // since lastWrite
    size_t unknownSeen = 0;      // how many of Kind::unknownReads lastWrite already comes after
  };
  /// What happened to the targets of one kind.
  struct Kind {
    uint32_t gate = none; // the last node that everything of the kind before it comes before
    std::unordered_map<uint32_t, uint32_t> index; // identity to target
    std::vector<Target> targets;
    std::vector<uint32_t> written; // targets with a lastWrite
    std::vector<uint32_t> unknownReads;
  };

  void access(const EffectTarget &target, bool writes, uint32_t node);
  void read(Kind &kind, StringId identity, uint32_t node);
  void write(Kind &kind, StringId identity, uint32_t node);
  void makeGate(Kind &kind, uint32_t node);
  void afterGuards(uint32_t node);
  void guard(uint32_t node, bool leaf);
  Target &targetOf(Kind &kind, StringId identity, uint32_t &number);
  void edge(uint32_t from, uint32_t node) {
    if (from != none && from != node)
      before->push_back(from);
  }

  const ConstantPool *pool;
  Kind kinds[EffectTarget::kindCount]; // that of files is not used
  PathOrder files;
  std::vector<uint32_t> guards;
  uint32_t lastLog = none;
  bool used = false;
  std::vector<uint32_t> *before = nullptr;
};

} // namespace xcs
