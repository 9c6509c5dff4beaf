#include "Compaction.h"
#include "PlanFormat.h"

using namespace xcs;
using namespace xcs::planformat;

/// The tables with their ids replaced by those of the compacted constants.
static PlanTables remap(PlanTables tables, const CompactConstants &constants) {
  for (PlanFunction &f : tables.functions)
    f.symbol = constants.map(f.symbol);
  for (PlanParameter &p : tables.parameters)
    p = {constants.map(p.name), constants.map(p.type)};
  for (PlanResource &r : tables.resources) {
    r.symbol = constants.map(r.symbol);
    r.dict = constants.map(r.dict);
  }
  for (PlanOp &op : tables.ops) {
    op.name = constants.map(op.name);
    op.dict = constants.map(op.dict);
  }
  for (PlanConstant &c : tables.constantSlots)
    c.value = constants.map(c.value);
  for (PlanSlot &slot : tables.slots)
    slot.type = constants.map(slot.type);
  for (AttrId &attr : tables.attrRows)
    attr = constants.map(attr);
  for (PlanLocation &l : tables.locations)
    l.file = constants.map(l.file);
  return tables;
}

Result<std::string> xcs::writePlan(const PlanTables &tables, std::string_view name, DiagnosticEngine &diagnostics,
                                   const Limits &limits) {
  CompactConstants constants(tables);
  uint64_t limit = limits[Limit::PlanBytes];
  std::string file = encode(remap(tables, constants), constants.view(), constants.textSize(), limit);
  if (!file.empty())
    return file;
  diagnostics.reportFile(Diag::LimitExceeded, name,
                         {name, std::to_string(limit), limitRows[static_cast<size_t>(Limit::PlanBytes)].unit,
                          limitRows[static_cast<size_t>(Limit::PlanBytes)].name});
  return Failure{};
}
