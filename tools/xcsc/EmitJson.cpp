#include "xcsc/Emit.h"
#include "xcsc/GraphFacts.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

namespace {

/// Writes the graphs of a module as one JSON object.
class GraphJson {
public:
  GraphJson(Module &module, llvm::raw_ostream &out) : module(module), facts(module), json(out) {}

  void print() {
    json.object([&] {
      if (module.name)
        json.attribute("module", ref(module.pool.text(module.name)));
      json.attributeArray("functions", [&] {
        for (size_t f = 0; f < module.functions.size(); ++f)
          json.object([&] { printFunction(f); });
      });
    });
  }

private:
  static llvm::StringRef ref(std::string_view text) { return text; }
  void printFunction(size_t f);
  void printRegion(size_t f, RegionId region);
  void printNode(size_t f, const RegionFacts &region, uint32_t node);

  Module &module;
  GraphFacts facts;
  llvm::json::OStream json;
};

} // namespace

void GraphJson::printFunction(size_t f) {
  const Function &function = *module.functions[f];
  json.attribute("name", ref(module.pool.text(function.symbol)));
  json.attribute("head", facts.headText(f));
  json.attribute("critical_path_ns", facts.costs().cost(f));
  json.attributeArray("regions", [&] {
    for (RegionId region : facts.graphs(f).regions())
      json.object([&] { printRegion(f, region); });
  });
}

void GraphJson::printRegion(size_t f, RegionId region) {
  RegionFacts r = facts.of(f, region);
  json.attribute("id", region.index);
  if (OpId parent = module.functions[f]->graph.region(region).parent)
    json.attribute("of", parent.index);
  json.attribute("levels", r.levels.depth);
  json.attribute("critical_path_ns", r.levels.criticalPath);
  json.attributeArray("critical_path", [&] {
    for (uint32_t node : r.levels.criticalNodes)
      json.value(r.graph.operation(node).index);
  });
  json.attributeArray("operations", [&] {
    for (uint32_t node = 0; node < r.graph.size(); ++node)
      json.object([&] { printNode(f, r, node); });
  });
  json.attributeArray("edges", [&] {
    for (uint32_t node = 0; node < r.graph.size(); ++node) {
      std::span<const uint32_t> next = r.graph.successors(node);
      for (size_t i = 0; i < next.size(); ++i)
        json.object([&] {
          json.attribute("from", r.graph.operation(node).index);
          json.attribute("to", r.graph.operation(next[i]).index);
          json.attribute("kind", r.graph.edgeKind(node, i) == EdgeKind::Data ? "data" : "order");
        });
    }
  });
}

void GraphJson::printNode(size_t f, const RegionFacts &region, uint32_t node) {
  const ComputationGraph &graph = module.functions[f]->graph;
  OpId op = region.graph.operation(node);
  json.attribute("id", op.index);
  json.attribute("op", ref(rowOf(graph.operation(op).code).name));
  if (graph.operation(op).symbol)
    json.attribute("symbol", ref(module.pool.text(graph.operation(op).symbol)));
  json.attributeArray("results", [&] {
    for (ValueRef result : graph.results(op))
      if (StringId name = graph.value(result).name)
        json.value(ref(module.pool.text(name)));
  });
  if (uint32_t line = facts.line(f, op))
    json.attribute("line", line);
  json.attribute("level", region.levels.asap[node]);
  json.attribute("slack", region.levels.slack(node));
  json.attribute("cost_ns", region.costs[node]);
  json.attribute("earliest_start_ns", region.levels.earliestStart[node]);
  json.attribute("critical", static_cast<bool>(region.critical[node]));
  if (std::string meta = facts.metaText(f, region.graph.operation(node)); !meta.empty())
    json.attribute("meta", meta);
}

void compiler::printGraphJson(Module &module, llvm::raw_ostream &out) {
  GraphJson(module, out).print();
  out << '\n';
}
