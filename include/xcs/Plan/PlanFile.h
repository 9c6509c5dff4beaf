#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace xcs {

/// A plan in memory, read from its file or standard input and verified: header (magic, version,
/// size, xxh3), FlatBuffers' own verifier, then every index, range, type, count and cycle. After that no
/// field of the view needs a check. Thread safety: immutable.
class PlanFile {
public:
  /// Opens and verifies; `-` reads standard input. Reports why a file is rejected: unreadable, a text,
  /// truncated, altered, of a newer version, or violating a rule of the format (which one).
  static Result<std::unique_ptr<PlanFile>> open(const std::string &path, DiagnosticEngine &diagnostics,
                                                const Limits &limits);
  /// The same for bytes in memory (copied).
  static Result<std::unique_ptr<PlanFile>> fromBytes(std::string_view bytes, std::string_view name,
                                                     DiagnosticEngine &diagnostics, const Limits &limits);
  virtual ~PlanFile() = default;
  const PlanView &view() const { return plan; }

protected:
  PlanView plan;
};

/// The tables of a plan under construction; same structs as PlanView. Filled by the lowering.
struct PlanTables {
  ConstantView constants; // of a pool that must outlive the writing
  std::vector<PlanFunction> functions;
  std::vector<PlanParameter> parameters;
  std::vector<PlanResource> resources;
  std::vector<PlanRegion> regions;
  std::vector<PlanNode> nodes;
  std::vector<PlanOp> ops;
  std::vector<uint32_t> successors, operands, captures;
  std::vector<PlanConstant> constantSlots;
  std::vector<PlanSlot> slots;
  std::vector<AttrId> attrRows;
  std::vector<PlanLocation> locations;
  std::vector<PlanCallSite> callSites;
  std::string startDirectory;
  uint32_t optimizationLevel = 0;
};

/// The bytes of a plan file. Identical tables give identical bytes. Strings, types, attributes and
/// dictionaries that the plan does not refer to are omitted. Reports a plan beyond Limit::PlanBytes (2 GB at
/// most, the reach of FlatBuffers' offsets), naming it `name`.
Result<std::string> writePlan(const PlanTables &tables, std::string_view name, DiagnosticEngine &diagnostics,
                              const Limits &limits);

/// `--dump`: every table, one line per row.
void dumpPlan(const PlanView &plan, llvm::raw_ostream &out);
/// `--explain`: what the plan would touch (capabilities, hosts, resources), its levels, critical path and
/// bounds, for a reader who must decide whether to grant that. Runs nothing.
void explainPlan(const PlanView &plan, llvm::raw_ostream &out);
/// The permissions that a plan asks for, one flag a line with a comment that says what for, as `--grants`
/// reads them. What only a run knows is a comment too.
void printGrants(const PlanView &plan, llvm::raw_ostream &out);

} // namespace xcs
