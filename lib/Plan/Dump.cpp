#include "Plan/PlanText.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Support/Visible.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::planformat;

namespace {
/// Rows are numbered by their position in the table; positions within a region (slots, successors) are
/// relative to it.
class Dumper {
public:
  Dumper(const PlanView &plan, llvm::raw_ostream &out) : plan(plan), c(plan.constants), out(out) {}

  void run() {
    out << "plan, optimised at -O" << plan.optimizationLevel << ", digest "
        << llvm::format_hex_no_prefix(plan.digest, 16) << '\n';
    functions();
    resources();
    regions();
    slots();
    constants();
  }

private:
  void title(std::string_view name, size_t count) { out << '\n' << name << " (" << count << ")\n"; }
  void list(std::span<const uint32_t> numbers, std::string_view before);
  void functions();
  void resources();
  void regions();
  void region(size_t index);
  void operation(uint32_t index);
  void attributes(const PlanOp &op);
  void slots();
  void constants();

  const PlanView &plan;
  const ConstantView &c;
  llvm::raw_ostream &out;
};
} // namespace

/// Comma-separated, preceded by `before` if there are any.
void Dumper::list(std::span<const uint32_t> numbers, std::string_view before) {
  for (size_t i = 0; i < numbers.size(); ++i)
    out << (i ? "," : before) << numbers[i];
}

void Dumper::functions() {
  title("functions", plan.functions.size());
  for (size_t f = 0; f < plan.functions.size(); ++f)
    out << "  " << f << ": " << (plan.functions[f].isPrivate ? "private " : "")
        << (plan.functions[f].isRecursive ? "recursive " : "") << signatureText(plan, plan.functions[f])
        << " region " << plan.functions[f].region << '\n';
}

void Dumper::resources() {
  title("resources", plan.resources.size());
  for (size_t r = 0; r < plan.resources.size(); ++r)
    out << "  " << r << ": " << rowOf(plan.resources[r].kind).name << " @" << c.text(plan.resources[r].symbol)
        << ' ' << printDict(c, plan.resources[r].dict) << '\n';
}

void Dumper::regions() {
  title("regions, nodes, operations", plan.regions.size());
  for (size_t r = 0; r < plan.regions.size(); ++r)
    region(r);
}

void Dumper::region(size_t index) {
  const PlanRegion &region = plan.regions[index];
  out << "  region " << index << ": slots " << region.slotCount << ", arguments " << region.argumentCount;
  list(plan.captures.subspan(region.firstCapture, region.captureCount), ", captures ");
  list(plan.operands.subspan(region.firstResult, region.resultCount), ", results ");
  out << ", nodes " << region.nodeCount << ", sinks " << region.sinkCount << '\n';
  for (const PlanConstant &constant : plan.constantSlots.subspan(region.firstConstant, region.constantCount))
    out << "    constant " << constant.slot << " = " << printAttr(c, constant.value) << '\n';
  for (uint32_t n = 0; n < region.nodeCount; ++n) {
    const PlanNode &node = plan.nodes[region.firstNode + n];
    out << "    node " << n << ": waits for " << node.readyCount;
    list(plan.successorsOf(region.firstNode + n), ", then ");
    out << ", priority " << timeText(node.priority) << '\n';
    for (uint32_t o = node.firstOp; o < plan.nodes[region.firstNode + n + 1].firstOp; ++o)
      operation(o);
  }
}

void Dumper::attributes(const PlanOp &op) {
  if (op.dict)
    out << ' ' << printDict(c, op.dict);
}

void Dumper::operation(uint32_t index) {
  const PlanOp &op = plan.ops[index];
  out << "      " << index << ": ";
  for (uint32_t r = 0; r < op.resultCount; ++r)
    out << (r ? "," : "") << op.resultSlot + r;
  if (op.resultCount)
    out << " = ";
  out << rowOf(op.code).name;
  if (op.target != UINT32_MAX) {
    const bool call = symbolUse(op.code) == SymbolUse::Function;
    out << " @" << c.text(call ? plan.functions[op.target].symbol : plan.resources[op.target].symbol);
  }
  out << '(';
  list(plan.operandsOf(op), "");
  out << ')';
  attributes(op);
  out << ", " << effectName(op.effect) << ", order " << op.order;
  if (op.regionCount)
    out << ", regions " << op.firstRegion << ".." << op.firstRegion + op.regionCount - 1;
  if (op.name)
    out << ", %" << c.text(op.name);
  if (op.location != UINT32_MAX)
    out << ", " << locationText(plan, op.location);
  out << '\n';
}

void Dumper::slots() {
  title("slots", plan.slots.size());
  for (size_t r = 0; r < plan.regions.size(); ++r)
    for (uint32_t s = 0; s < plan.regions[r].slotCount; ++s) {
      const PlanSlot &slot = plan.slots[plan.regions[r].firstSlot + s];
      out << "  region " << r << " slot " << s << ": " << printType(c, slot.type) << ", read " << slot.uses
          << '\n';
    }
}

void Dumper::constants() {
  title("strings", c.strings.size());
  for (size_t i = 0; i < c.strings.size(); ++i)
    out << "  " << i << ": " << quoteString(c.text(StringId(i))) << '\n';
  title("types", c.types.size());
  for (size_t i = 0; i < c.types.size(); ++i)
    out << "  " << i << ": " << printType(c, TypeId(i)) << '\n';
  title("attributes", c.attrs.size());
  for (size_t i = 0; i < c.attrs.size(); ++i)
    out << "  " << i << ": " << printAttr(c, AttrId(i)) << '\n';
  title("dictionaries", c.dicts.size());
  for (size_t i = 0; i < c.dicts.size(); ++i)
    out << "  " << i << ": " << printDict(c, DictId(i)) << '\n';
}

void xcs::dumpPlan(const PlanView &plan, llvm::raw_ostream &out) {
  // Names are words of the language and texts are quoted, so everything left to escape is within a line.
  VisibleStream shown(out);
  Dumper(plan, shown).run();
}
