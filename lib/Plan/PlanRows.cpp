#include "Plan/PlanRows.h"

#include <algorithm>

using namespace xcs;
using namespace xcs::planformat;

template <class Code>
static void addRow(std::vector<PlanRow> &rows, PlanRow::Table table, Code code, std::string_view name,
                   std::string &names) {
  const RowDigest digest = rowDigestOf(code);
  rows.push_back({table, static_cast<uint8_t>(name.size()), static_cast<uint16_t>(code), 0, digest.signature,
                  digest.attributes});
  names += name;
}

std::vector<PlanRow> planformat::rowsUsed(const PlanTables &tables, std::string &names) {
  std::array<bool, opCodeCount> ops{};
  std::array<bool, resourceKindCount> kinds{};
  for (const PlanOp &op : tables.ops)
    if (static_cast<size_t>(op.code) < opCodeCount) // tests write invalid plans
      ops[static_cast<size_t>(op.code)] = true;
  for (const PlanResource &resource : tables.resources)
    if (static_cast<size_t>(resource.kind) < resourceKindCount)
      kinds[static_cast<size_t>(resource.kind)] = true;
  std::vector<PlanRow> rows;
  for (size_t i = 0; i < opCodeCount; ++i)
    if (const OpCode code = static_cast<OpCode>(i); ops[i])
      addRow(rows, PlanRow::Table::Operations, code, rowOf(code).name, names);
  for (size_t i = 0; i < resourceKindCount; ++i)
    if (const ResourceKind kind = static_cast<ResourceKind>(i); kinds[i])
      addRow(rows, PlanRow::Table::Resources, kind, rowOf(kind).name, names);
  return rows;
}

/// Whether a name may be shown: it comes from a file that may contain anything.
static bool isName(std::string_view name) {
  auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), good);
}

/// By table and code; equal ones would be duplicate rows.
static bool isBefore(const PlanRow &a, const PlanRow &b) {
  return a.table != b.table ? a.table < b.table : a.code < b.code;
}

ResolvedRows::ResolvedRows(std::span<const PlanRow> rows, std::string_view names) {
  size_t at = 0;
  for (size_t i = 0; i < rows.size() && rule.empty(); ++i) {
    const PlanRow &row = rows[i];
    const std::string number = std::to_string(i);
    const bool fits = row.nameSize <= names.size() - at;
    const std::string_view name = names.substr(at, row.nameSize);
    at += name.size();
    if (row.table > PlanRow::Table::Resources || row.reserved != 0 || (i != 0 && !isBefore(rows[i - 1], row)))
      rule = "operation row " + number + " is of no table or not in its place";
    else if (!fits || !isName(name))
      rule = "operation row " + number + " has no name";
    else
      resolve(row, name);
  }
  if (rule.empty() && at != names.size())
    rule = "there are more names than operation rows";
}

template <class Code, size_t count>
void ResolvedRows::resolved(const PlanRow &row, Code found, std::string_view what,
                            std::array<bool, count> &used) {
  bool &isUsed = used[static_cast<size_t>(found)];
  if (isUsed)
    rule = std::string(what) + " has two operation rows";
  isUsed = true;
  renumbered = renumbered || row.code != static_cast<uint16_t>(found);
  if (rowDigestOf(found) != RowDigest{row.signature, row.attributes} && other.empty())
    other = what;
}

void ResolvedRows::resolve(const PlanRow &row, std::string_view name) {
  const bool isOp = row.table == PlanRow::Table::Operations;
  const std::string what = (isOp ? "the operation `" : "the resource kind `") + std::string(name) + "`";
  OpCode code{};
  ResourceKind kind{};
  if (isOp ? !findOp(name, code) : !findResourceKind(name, kind)) {
    if (unknown.empty())
      unknown = what;
    return;
  }
  if (isOp) {
    resolved(row, code, what, usedOps);
    ops.resize(size_t(row.code) + 1, UINT16_MAX);
    ops.back() = static_cast<uint16_t>(code);
  } else {
    resolved(row, kind, what, usedKinds);
    kinds.resize(size_t(row.code) + 1, UINT8_MAX);
    kinds.back() = static_cast<uint8_t>(kind);
  }
}

void ResolvedRows::renumber(std::span<PlanOp> table, std::span<PlanResource> resources) const {
  for (PlanOp &op : table) {
    const size_t old = static_cast<size_t>(op.code);
    op.code = static_cast<OpCode>(old < ops.size() ? ops[old] : UINT16_MAX);
  }
  for (PlanResource &resource : resources) {
    const size_t old = static_cast<size_t>(resource.kind);
    resource.kind = static_cast<ResourceKind>(old < kinds.size() ? kinds[old] : UINT8_MAX);
  }
}

bool ResolvedRows::uses(Capability capability) const {
  for (size_t i = 0; i < opCodeCount; ++i)
    if (usedOps[i] && rowOf(static_cast<OpCode>(i)).capability == capability)
      return true;
  return false;
}
