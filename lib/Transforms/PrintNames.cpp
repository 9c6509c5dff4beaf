#include "Transforms/PrintNames.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

std::string xcs::operationText(const Module &module, const ComputationGraph &graph, OpId op) {
  const Operation &o = graph.operation(op);
  std::string text;
  for (ValueRef v : graph.results(op))
    if (StringId name = graph.value(v).name) {
      text += text.empty() ? "%" : ", %";
      text += module.pool.text(name);
    }
  if (!text.empty())
    text += " = ";
  text += rowOf(o.code).name;
  if (o.symbol) {
    text += " @";
    text += module.pool.text(o.symbol);
  }
  return text;
}

std::string xcs::regionText(const Module &module, const Function &function, RegionId region) {
  std::string text = "@" + std::string(module.pool.text(function.symbol));
  if (OpId owner = function.graph.region(region).parent)
    text += ", in " + operationText(module, function.graph, owner);
  return text;
}

std::string xcs::timeText(double nanoseconds) {
  struct Unit {
    const char *name;
    double nanoseconds;
  };
  constexpr Unit units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
  const Unit *unit = std::end(units) - 1;
  for (const Unit &u : units)
    if (nanoseconds >= u.nanoseconds) {
      unit = &u;
      break;
    }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.3g", nanoseconds / unit->nanoseconds) << unit->name;
  return text;
}
