#include "Plan/Compaction.h"
#include "Plan/PlanFormat.h"

using namespace xcs;
using namespace xcs::planformat;

namespace {
/// Replaces the ids of a pool by those of the compacted constants, in place in the tables of the file: a copy
/// would double the time and the memory of a large plan.
class Renumbering {
public:
  explicit Renumbering(const CompactConstants &constants) : constants(constants) {}

  void functions(std::span<PlanFunction> table) const {
    for (PlanFunction &f : table)
      f.symbol = constants.map(f.symbol);
  }
  void parameters(std::span<PlanParameter> table) const {
    for (PlanParameter &p : table)
      p = {constants.map(p.name), constants.map(p.type), constants.map(p.defaultValue)};
  }
  void resources(std::span<PlanResource> table) const {
    for (PlanResource &r : table) {
      r.symbol = constants.map(r.symbol);
      r.dict = constants.map(r.dict);
    }
  }
  void ops(std::span<PlanOp> table) const {
    for (PlanOp &op : table) {
      op.name = constants.map(op.name);
      op.dict = constants.map(op.dict);
    }
  }
  void constantSlots(std::span<PlanConstant> table) const {
    for (PlanConstant &c : table)
      c.value = constants.map(c.value);
  }
  void slots(std::span<PlanSlot> table) const {
    for (PlanSlot &slot : table)
      slot.type = constants.map(slot.type);
  }
  void attrRows(std::span<AttrId> table) const {
    for (AttrId &attr : table)
      attr = constants.map(attr);
  }
  void locations(std::span<PlanLocation> table) const {
    for (PlanLocation &l : table)
      l.file = constants.map(l.file);
  }

private:
  const CompactConstants &constants;
};
} // namespace

static void renumber(std::string &file, const CompactConstants &constants) {
  PlanView plan;
  Decoded beside;
  [[maybe_unused]] bool whole = decode(std::string_view(file).substr(sizeof(Header)), plan, beside);
  assert(whole && "the file was just encoded");
  Renumbering ids(constants);
  ids.functions(writable(plan.functions));
  ids.parameters(writable(plan.parameters));
  ids.resources(writable(plan.resources));
  ids.ops(writable(plan.ops));
  ids.constantSlots(writable(plan.constantSlots));
  ids.slots(writable(plan.slots));
  ids.attrRows(writable(plan.attrRows));
  ids.locations(writable(plan.locations));
}

Result<std::string> xcs::writePlan(const PlanTables &tables, std::string_view name,
                                   DiagnosticEngine &diagnostics, const Limits &limits) {
  CompactConstants constants(tables);
  uint64_t limit = limits[Limit::PlanBytes];
  std::string file = encode(tables, constants.view(), constants.textSize(), limit);
  if (!file.empty()) {
    renumber(file, constants);
    seal(file);
    return file;
  }
  diagnostics.reportFile(limitError(Limit::PlanBytes, limit), name);
  return Failure{};
}
