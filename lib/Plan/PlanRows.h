#pragma once
#include "xcs/Plan/PlanFile.h"
#include <array>

namespace xcs::planformat {

/// A row of the operation or resource table that a plan uses, as its writer had it. Codes are positions in
/// the writer's table: a reader finds the row by its name and compares the digests. The names are
/// concatenated in the order of the rows: first operations, then resources, each by ascending code.
struct PlanRow {
  enum class Table : uint8_t { Operations, Resources } table;
  uint8_t nameSize; // in bytes
  uint16_t code;
  uint32_t reserved; // zero
  uint64_t signature, attributes;
};
static_assert(sizeof(PlanRow) == 24);

struct RowDigest {
  uint64_t signature, attributes;
  bool operator==(const RowDigest &) const = default;
};
/// Of what a plan relies on in a row of this build.
RowDigest rowDigestOf(OpCode code);
RowDigest rowDigestOf(ResourceKind kind);

/// The rows that `tables` uses; their names are concatenated in `names`.
std::vector<PlanRow> rowsUsed(const PlanTables &tables, std::string &names);

/// The rows of a plan resolved in the tables of this build, once for all operations.
class ResolvedRows {
public:
  ResolvedRows(std::span<const PlanRow> rows, std::string_view names);

  /// The rule that the table itself violates; empty if none.
  const std::string &broken() const { return rule; }
  /// The first row that this build does not have, or has with another digest: "the operation `str.join`".
  /// Empty if there is none.
  const std::string &missing() const { return unknown; }
  const std::string &changed() const { return other; }
  /// Whether the plan's codes differ from those of this build; then renumber() converts them.
  bool isRenumbered() const { return renumbered; }
  /// Codes without a row become codes of no operation.
  void renumber(std::span<PlanOp> ops, std::span<PlanResource> resources) const;
  /// Whether the plan has a row for an operation or resource of this build.
  bool uses(OpCode code) const { return usedOps[static_cast<size_t>(code)]; }
  /// Whether it has a row for an operation that needs the capability.
  bool uses(Capability capability) const;
  bool uses(ResourceKind kind) const { return usedKinds[static_cast<size_t>(kind)]; }

private:
  void resolve(const PlanRow &row, std::string_view name);
  template <class Code, size_t count>
  void resolved(const PlanRow &row, Code found, std::string_view what, std::array<bool, count> &used);

  std::string rule, unknown, other;
  bool renumbered = false;
  std::vector<uint16_t> ops;  // codes of this build, by the plan's; UINT16_MAX: none
  std::vector<uint8_t> kinds; // the same for resources; UINT8_MAX: none
  std::array<bool, opCodeCount> usedOps{};
  std::array<bool, resourceKindCount> usedKinds{};
};

} // namespace xcs::planformat
