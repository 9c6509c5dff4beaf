#pragma once
#include "World/Gate.h"
#include "xcs/Plan/Plan.h"
#include <functional>
#include <map>
#include <memory>
#include <string>
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
  /// The gate of `limit = @l` of an operation; null if it has none.
  Gate *limitOf(const PlanOp &op);

private:
  const PlanView &plan;
  GateTable &table;
  const GateIdentity identity;
  std::vector<Gate *> byResource; // null: not asked for yet
};

/// The bounds that a resource declares, as a text; for its identity.
std::string boundsOf(const PlanView &plan, uint32_t resource);

} // namespace xcs
