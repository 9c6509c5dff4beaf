#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// A hash table of the operations that dominate the current position, by what they compute: code, operands,
/// order operands, attributes, symbol and result types. Scopes follow regions: closing one removes what was
/// added since it was opened.
class OperationTable {
public:
  explicit OperationTable(const ComputationGraph &graph);

  void openScope() { scopes.push_back(static_cast<uint32_t>(entries.size())); }
  void closeScope();
  /// The last added operation that computes the same; none if there is none. Its operands must be up to date.
  OpId find(OpId op) const;
  /// Adds an operation with a number chosen by the caller.
  void add(OpId op, uint64_t stamp);
  uint64_t stampOf(OpId op) const { return stamps[op.index]; }

private:
  uint64_t hashOf(OpId op) const;
  bool same(OpId a, OpId b) const;
  static constexpr uint32_t none = UINT32_MAX;

  /// Entries of a bucket are linked from the newest to the oldest: closing a scope removes them in that
  /// order.
  struct Entry {
    OpId op;
    uint32_t hash, next;
  };
  const ComputationGraph &graph;
  std::vector<uint32_t> buckets; // newest entry
  std::vector<Entry> entries;
  std::vector<uint32_t> scopes;
  std::vector<uint64_t> stamps; // by operation
};

} // namespace xcs
