#include "Plan/PlanText.h"
#include "Plan/Wants.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/Slots.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Support/Visible.h"

#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Counted.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>

using namespace xcs;
using namespace xcs::planformat;

namespace {
/// The shape of a region's dataflow.
struct Shape {
  uint32_t levels = 0;                 // longest path, counted in nodes
  uint32_t widest = 0;                 // most nodes on one level
  double criticalPath = 0;             // nanoseconds of declared cost
  std::vector<uint32_t> criticalNodes; // one longest path
};

class Explainer {
public:
  Explainer(const PlanView &plan, llvm::raw_ostream &out) : plan(plan), c(plan.constants), out(out) {}

  void run();

private:
  void wants();
  void operations();
  void functions();
  void resources();
  void findSlotUsers();
  void printSlotUsers(std::string_view limit);
  void findOwners();
  void function(const PlanFunction &f, uint32_t firstRegion, uint32_t lastRegion);
  void innerRegion(uint32_t index);
  Shape shapeOf(const PlanRegion &region) const;
  uint32_t opCount(const PlanRegion &region) const {
    return plan.nodes[region.firstNode + region.nodeCount].firstOp - plan.nodes[region.firstNode].firstOp;
  }
  void printShape(const PlanRegion &region, const Shape &shape);
  void printCriticalPath(const PlanRegion &region, const Shape &shape);
  void printNode(uint32_t node);
  void printPlace(const PlanOp &op);

  const PlanView &plan;
  const ConstantView &c;
  llvm::raw_ostream &out;
  std::vector<uint32_t> owners; // by region: the operation it belongs to; UINT32_MAX for a function's body
  struct SlotUsers {
    uint32_t first; // operation
    uint64_t count = 0;
  };
  std::map<std::pair<std::string_view, int64_t>, SlotUsers> slotUsers; // by limit and number of slots
};
} // namespace

Shape Explainer::shapeOf(const PlanRegion &region) const {
  Shape shape;
  std::vector<uint32_t> level(region.nodeCount, 0), width;
  const PlanNode *nodes = plan.nodes.data() + region.firstNode;
  uint32_t at = UINT32_MAX;
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    if (width.size() <= level[n])
      width.resize(level[n] + 1);
    ++width[level[n]];
    for (uint32_t s : plan.successorsOf(region.firstNode + n))
      level[s] = std::max(level[s], level[n] + 1);
    if (nodes[n].readyCount == 0 && (at == UINT32_MAX || nodes[n].priority > nodes[at].priority))
      at = n;
  }
  shape.levels = static_cast<uint32_t>(width.size());
  shape.widest = width.empty() ? 0 : *std::max_element(width.begin(), width.end());
  shape.criticalPath = at == UINT32_MAX ? 0 : nodes[at].priority;
  // A node's priority is its cost and the longest path after it: the path continues with the successor of the
  // highest priority.
  while (at != UINT32_MAX) {
    shape.criticalNodes.push_back(at);
    uint32_t next = UINT32_MAX;
    for (uint32_t s : plan.successorsOf(region.firstNode + at))
      if (next == UINT32_MAX || nodes[s].priority > nodes[next].priority)
        next = s;
    at = next;
  }
  return shape;
}

void Explainer::wants() {
  std::vector<Want> all = wantsOf(plan);
  out << "\nneeds:" << (all.empty() ? " nothing\n" : "\n");
  for (const Want &want : all) {
    out << "  " << want.what << (want.flag.empty() ? "" : "  ") << want.flag << "\n    for ";
    for (size_t i = 0; i < want.by.size(); ++i)
      out << (i ? ", " : "") << want.by[i];
    if (want.others)
      out << " and " << want.others << " more";
    out << '\n';
  }
}

void Explainer::operations() {
  std::vector<uint64_t> perCode(opCodeCount), perEffect(static_cast<size_t>(Effect::Wait) + 1);
  for (const PlanOp &op : plan.ops) {
    ++perCode[static_cast<size_t>(op.code)];
    if (op.regionCount == 0 && op.code != OpCode::core_call) // theirs are counted in their bodies
      ++perEffect[static_cast<size_t>(op.effect)];
  }
  out << "\noperations: " << plan.ops.size() << '\n';
  for (size_t code = 0; code < opCodeCount; ++code)
    if (perCode[code])
      out << "  " << llvm::format_decimal(static_cast<int64_t>(perCode[code]), 6) << ' '
          << rowOf(static_cast<OpCode>(code)).name << '\n';
  out << "effects:\n";
  for (size_t effect = 0; effect < perEffect.size(); ++effect)
    if (perEffect[effect])
      out << "  " << llvm::format_decimal(static_cast<int64_t>(perEffect[effect]), 6) << ' '
          << effectName(static_cast<Effect>(effect)) << '\n';
}

void Explainer::printShape(const PlanRegion &region, const Shape &shape) {
  out << counted(opCount(region), "operation") << " in " << counted(region.nodeCount, "node") << ", "
      << counted(shape.levels, "level") << ", at most " << shape.widest << " side by side, critical path "
      << timeText(shape.criticalPath) << '\n';
}

/// ` %name  "file":line:column`, as far as known.
void Explainer::printPlace(const PlanOp &op) {
  if (op.name)
    out << " %" << c.text(op.name);
  if (op.location != UINT32_MAX)
    out << ' ' << locationText(plan, op.location);
}

void Explainer::printNode(uint32_t node) {
  std::span<const PlanOp> ops = plan.opsOf(node);
  out << "      " << rowOf(ops.front().code).name;
  printPlace(ops.front());
  if (ops.size() > 1)
    out << " and " << ops.size() - 1 << " more after it";
  out << '\n';
}

void Explainer::printCriticalPath(const PlanRegion &region, const Shape &shape) {
  constexpr size_t shown = 20;
  out << "    along its critical path:\n";
  const size_t count = shape.criticalNodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (count > shown && i == shown / 2) {
      out << "      ... " << count - shown << " more\n";
      i = count - shown / 2;
    }
    printNode(region.firstNode + shape.criticalNodes[i]);
  }
}

void Explainer::findOwners() {
  owners.assign(plan.regions.size(), UINT32_MAX);
  for (uint32_t o = 0; o < plan.ops.size(); ++o)
    for (uint32_t i = 0; i < plan.ops[o].regionCount; ++i)
      owners[plan.ops[o].firstRegion + i] = o;
}

void Explainer::innerRegion(uint32_t index) {
  const PlanOp &owner = plan.ops[owners[index]];
  out << "    in " << rowOf(owner.code).name;
  printPlace(owner);
  if (owner.regionCount > 1)
    out << (regionForm(owner.code)->rule.runs == RegionRuns::One ? ", case " : ", region ")
        << index - owner.firstRegion + 1;
  out << ": ";
  printShape(plan.regions[index], shapeOf(plan.regions[index]));
}

void Explainer::function(const PlanFunction &f, uint32_t firstRegion, uint32_t lastRegion) {
  out << "  " << (f.isPrivate ? "private " : "") << (f.isRecursive ? "recursive " : "")
      << signatureText(plan, f) << "\n    ";
  const PlanRegion &body = plan.regions[f.region];
  Shape shape = shapeOf(body);
  printShape(body, shape);
  if (shape.criticalNodes.size() > 1)
    printCriticalPath(body, shape);
  constexpr uint32_t shown = 20;
  for (uint32_t r = firstRegion + 1; r < lastRegion && r <= firstRegion + shown; ++r)
    innerRegion(r);
  if (lastRegion - firstRegion > shown + 1)
    out << "    and " << lastRegion - firstRegion - 1 - shown << " more regions\n";
}

void Explainer::functions() {
  findOwners();
  out << "\nfunctions:\n";
  for (size_t i = 0; i < plan.functions.size(); ++i) {
    const bool last = i + 1 == plan.functions.size();
    function(plan.functions[i], plan.functions[i].region,
             last ? static_cast<uint32_t>(plan.regions.size()) : plan.functions[i + 1].region);
  }
  out << "Times come from the operation table and from `hint.latency`; each region counts once, or as often "
         "as `hint.trips` says.\n";
}

void Explainer::findSlotUsers() {
  for (uint32_t o = 0; o < plan.ops.size(); ++o)
    if (const AttrId limit = plan.attrOf(plan.ops[o], Attribute::limit))
      forEachSlots(c, limit, [&](const Slots &slots) {
        ++slotUsers.try_emplace({slots.limit, slots.count}, SlotUsers{o}).first->second.count;
      });
}

/// Which operations take its slots, and how many each.
void Explainer::printSlotUsers(std::string_view limit) {
  for (auto at = slotUsers.lower_bound({limit, 0}); at != slotUsers.end() && at->first.first == limit; ++at) {
    const PlanOp &op = plan.ops[at->second.first];
    out << "    " << counted(static_cast<uint64_t>(at->first.second), "slot") << " for "
        << rowOf(op.code).name;
    printPlace(op);
    if (at->second.count > 1)
      out << " and " << at->second.count - 1 << " more";
    out << '\n';
  }
}

void Explainer::resources() {
  if (plan.resources.empty())
    return;
  findSlotUsers();
  out << "\nresources and their bounds:\n";
  for (const PlanResource &r : plan.resources) {
    out << "  " << rowOf(r.kind).name << " @" << c.text(r.symbol) << ' ' << printDict(c, r.dict) << '\n';
    if (r.kind == ResourceKind::Limit)
      printSlotUsers(c.text(r.symbol));
  }
}

void Explainer::run() {
  out << "plan, optimised at -O" << plan.optimizationLevel << ", digest "
      << llvm::format_hex_no_prefix(plan.digest, 16) << '\n';
  wants();
  resources();
  functions();
  operations();
}

void xcs::printGrants(const PlanView &plan, llvm::raw_ostream &out) {
  VisibleStream shown(out);
  for (const Want &want : wantsOf(plan)) {
    shown << "# " << want.what << ", for ";
    for (size_t i = 0; i < want.by.size(); ++i)
      shown << (i ? ", " : "") << want.by[i];
    if (want.others)
      shown << " and " << want.others << " more";
    shown << '\n' << (want.isKnown ? "" : "# ") << want.flag << '\n';
  }
}

void xcs::explainPlan(const PlanView &plan, llvm::raw_ostream &out) {
  // Names are words of the language and texts are quoted, so everything left to escape is within a line.
  VisibleStream shown(out);
  Explainer(plan, shown).run();
}
