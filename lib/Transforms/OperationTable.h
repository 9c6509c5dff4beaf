#pragma once
#include "xcs/IR/Module.h"
#include <unordered_map>

namespace xcs {

/// A hash table of the operations that dominate the current place, by what they compute: code, operands,
/// order operands, attributes but hints (AttrClass::Hint), symbol and result types. Scopes follow regions:
/// closing one forgets what was added since it was opened. Not llvm::ScopedHashTable, which cannot be given
/// its size beforehand and allocates each entry: `cse` of 100,000 operations then takes 1.3 to 5 times as
/// long.
class OperationTable {
public:
  /// Interns dictionaries in `pool`, of operations that have hints.
  OperationTable(ConstantPool &pool, const ComputationGraph &graph);

  void openScope() { scopes.push_back(static_cast<uint32_t>(entries.size())); }
  void closeScope();
  /// The last added operation that computes the same; none if there is none. Its operands must be up to date.
  OpId find(OpId op) const;
  /// Adds an operation with a number chosen by the caller.
  void add(OpId op, uint64_t stamp);
  uint64_t stampOf(OpId op) const { return stamps[op.index]; }

private:
  uint64_t hashOf(OpId op) const;
  DictId withoutHints(const Operation &op) const;
  bool same(OpId a, OpId b) const;
  static constexpr uint32_t none = UINT32_MAX;

  /// Entries of a bucket are linked from the newest to the oldest: closing a scope removes them in that
  /// order.
  struct Entry {
    OpId op;
    uint32_t hash, next;
  };
  const ComputationGraph &graph;
  std::unordered_map<uint64_t, DictId> hintFree; // by code and dictionary, of those with hints
  std::vector<uint32_t> buckets;                 // newest entry
  std::vector<Entry> entries;
  std::vector<uint32_t> scopes;
  std::vector<uint64_t> stamps; // by operation
};

} // namespace xcs
