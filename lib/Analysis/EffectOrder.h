#pragma once
#include "Analysis/PathOrder.h"
#include "xcs/Analysis/Effects.h"
#include <unordered_map>
#include <vector>

namespace xcs {

/// Finds the order edges that effects require among the nodes of one region, fed in program order: a write
/// after the last write and the reads since on its target, a read after the last write, every write after the
/// guards before it, log lines after one another. An unknown target conflicts with every target of its kind.
/// Files are ordered separately, by their paths.
///
/// In the worst case, n writes on different targets before m reads of unknown ones would cost n x m edges. So
/// a node that would need more than `crowd` edges becomes a gate: it comes after everything of its kind
/// before it, and before everything of its kind after it. That orders more than required, which is always
/// allowed, and keeps the edges linear.
class EffectOrder {
public:
  static constexpr size_t crowd = 32;

  /// `pool` holds the texts of identities; if null, every file is unknown.
  explicit EffectOrder(const ConstantPool *pool = nullptr) : pool(pool) {}

  /// Appends to `before` the nodes that must come before `node` (some perhaps twice). `leaf`: the effects are
  /// those of the operation's own row, not of its bodies.
  void add(uint32_t node, std::span<const EffectOn> effects, bool leaf, std::vector<uint32_t> &before);
  /// Forgets everything, for the next region.
  void clear();

private:
  static constexpr uint32_t none = UINT32_MAX;
  /// The accesses to one known target since the last gate.
  struct Target {
    uint32_t lastWrite = none;
    std::vector<uint32_t> reads; // since lastWrite
    size_t unknownSeen = 0;      // how many of Kind::unknownReads lastWrite already comes after
  };
  /// The accesses to the targets of one kind.
  struct Kind {
    uint32_t gate = none; // the last node that comes after everything of the kind before it
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
  Kind kinds[EffectTarget::kindCount]; // the entry for files is unused
  PathOrder files;
  std::vector<uint32_t> guards;
  uint32_t lastLog = none;
  bool used = false;
  std::vector<uint32_t> *before = nullptr;
};

} // namespace xcs
