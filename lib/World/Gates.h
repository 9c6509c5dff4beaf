#pragma once
#include "World/Admission.h"
#include "xcs/Plan/Plan.h"
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace xcs {

/// The gates of an event loop, by what they guard. Thread safety: one thread.
class GateTable {
public:
  /// The gate of that identity, created on first use with those bounds; they are part of the identity.
  Gate &gateOf(const std::string &identity, const PlanView &plan, uint32_t resource);

private:
  std::map<std::string, std::unique_ptr<Gate>, std::less<>> gates;
};

/// Whose gate a resource has: all resources of one identity share one. Resources of one plan never do.
using GateIdentity = std::function<std::string(uint32_t resource)>;

/// The gates of a plan's resources in a table. Thread safety: one thread.
class PlanGates {
public:
  /// Without `identity`, the table is this plan's alone.
  PlanGates(const PlanView &plan, GateTable &table, GateIdentity identity = nullptr);

  Gate &gateOf(uint32_t resource);
  /// Adds the gates of the operation's `limit`, each with its slots.
  void addLimits(const PlanOp &op, GateUses &uses);
  /// The symbol of the operation's `limit` with that gate; empty if there is none.
  std::string_view limitAt(const PlanOp &op, const Gate *gate);

private:
  void nameAll();
  /// Those of a value of `limit`.
  const GateUses &usesOf(AttrId limit);

  const PlanView &plan;
  GateTable &table;
  const GateIdentity identity;
  std::vector<Gate *> byResource;      // null: not asked for yet
  std::vector<std::string> identities; // by resource; empty: not asked for yet
  std::unordered_map<std::string_view, uint32_t> bySymbol;
  std::unordered_map<uint32_t, GateUses> byLimit;
};

/// The bounds that a resource declares, as a text; for its identity.
std::string boundsOf(const PlanView &plan, uint32_t resource);

} // namespace xcs
