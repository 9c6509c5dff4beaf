#include "xcsc/GraphFacts.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

RegionFacts GraphFacts::of(size_t function, RegionId region) const {
  RegionFacts facts{graphs(function).of(region), {}, {}, {}, {}};
  facts.costs = costs().costs(function, facts.graph);
  facts.levels = computeLevels(facts.graph, facts.costs);
  facts.criticalNext.assign(facts.graph.size(), UINT32_MAX);
  facts.critical.assign(facts.graph.size(), false);
  const std::vector<uint32_t> &way = facts.levels.criticalNodes;
  for (size_t i = 0; i < way.size(); ++i) {
    facts.critical[way[i]] = true;
    if (i + 1 < way.size())
      facts.criticalNext[way[i]] = way[i + 1];
  }
  return facts;
}

std::string GraphFacts::nodeText(size_t function, OpId op) const {
  const ComputationGraph &graph = module.functions[function]->graph;
  std::string text;
  for (ValueRef result : graph.results(op))
    if (StringId name = graph.value(result).name)
      text.append(text.empty() ? "%" : ", %").append(module.pool.text(name));
  if (!text.empty())
    text += " = ";
  const Operation &operation = graph.operation(op);
  text += rowOf(operation.code).name;
  if (operation.symbol)
    text.append(" @").append(module.pool.text(operation.symbol));
  return text;
}

std::string GraphFacts::metaText(size_t function, OpId op) const {
  const ConstantView view = module.pool.view();
  std::string text;
  for (const DictEntry &entry : view.entries(module.functions[function]->graph.operation(op).attributes))
    if (view.text(entry.key).starts_with("meta."))
      text.append(text.empty() ? "" : ", ")
          .append(view.text(entry.key))
          .append(" = ")
          .append(printAttr(view, entry.value));
  return text;
}

std::string GraphFacts::headText(size_t index) const {
  const Function &function = *module.functions[index];
  ConstantView view = module.pool.view();
  std::string text(function.isPrivate ? "func private @" : "func @");
  text.append(view.text(function.symbol)) += '(';
  bool first = true;
  for (ValueRef argument : function.graph.arguments(function.body)) {
    const ValueInfo &value = function.graph.value(argument);
    text += first ? "" : ", ";
    if (value.name)
      text.append("%").append(view.text(value.name)).append(": ");
    appendType(text, view, value.type);
    first = false;
  }
  text += ')';
  for (size_t i = 0; i < function.resultTypes.size(); ++i) {
    text += i ? ", " : " -> ";
    appendType(text, view, function.resultTypes[i]);
  }
  return text;
}

uint32_t GraphFacts::line(size_t function, OpId op) const {
  return module.locations.resolve(module.functions[function]->graph.operation(op).location).line;
}

std::string compiler::timeText(double nanoseconds) {
  struct Unit {
    double size;
    llvm::StringLiteral name;
  };
  static constexpr Unit units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}};
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const Unit &unit : units)
    if (nanoseconds >= unit.size) {
      out << llvm::format("%.3g ", nanoseconds / unit.size) << unit.name;
      return text;
    }
  out << llvm::format("%.3g ns", nanoseconds);
  return text;
}
