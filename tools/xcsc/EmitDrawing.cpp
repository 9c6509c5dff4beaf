#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include "xcsc/Drawing.h"
#include "xcsc/Emit.h"
#include "xcsc/GraphFacts.h"

using namespace xcs;
using namespace xcs::compiler;

static Look lookOf(const ConstantView &view, const Operation &op) {
  switch (effectOf(view, op)) {
  case Effect::Pure:
    return Look::Compute;
  case Effect::Bodies:
    return Look::Control;
  case Effect::Read:
    return Look::Read;
  case Effect::Sample:
    return Look::Ask;
  case Effect::Wait:
  case Effect::Log:
  case Effect::Guard:
    return Look::Wait;
  case Effect::WriteIdempotent:
  case Effect::WriteKeyed:
  case Effect::WriteNever:
  case Effect::HttpMethod:
  case Effect::Exec:
  case Effect::Host:
    return Look::Write;
  }
  return Look::Write;
}

namespace {

/// Draws one function: the visitor of its regions. Constants are not drawn: they are where they are used.
class FunctionDrawer {
public:
  FunctionDrawer(const Module &module, const GraphFacts &facts, size_t function, Drawing &drawing)
      : view(module.pool.view()), graph(module.functions[function]->graph), facts(facts), function(function),
        drawing(drawing) {}

  void beginRegion(RegionId region) {
    open.push_back(facts.of(function, region));
    OpId parent = graph.region(region).parent;
    std::string label = parent ? facts.nodeText(function, parent) : facts.headText(function);
    drawing.openBox(name('r', region.index), label, parent ? name('o', parent.index) : "", depth());
  }
  bool beginOp(OpId op) {
    if (!isDrawn(op))
      return true;
    const RegionFacts &region = open.back();
    uint32_t node = facts.graphs(function).nodeOf(op);
    DrawnNode drawn{name('o', op.index), facts.nodeText(function, op), lookOf(view, graph.operation(op)),
                    region.critical[node], region.levels.asap[node]};
    if (uint32_t line = facts.line(function, op))
      drawn.label += "\nline " + std::to_string(line) + ", " + timeText(region.costs[node]);
    drawing.node(drawn, depth() + 1);
    return true;
  }
  void endOp(OpId) {}
  void endRegion(RegionId) {
    const RegionFacts &region = open.back();
    for (uint32_t node = 0; node < region.graph.size(); ++node) {
      std::span<const uint32_t> next = region.graph.successors(node);
      for (size_t i = 0; i < next.size(); ++i)
        if (isDrawn(region.graph.operation(node)) && isDrawn(region.graph.operation(next[i])))
          drawing.edge(nodeName(node), nodeName(next[i]),
                       region.graph.edgeKind(node, i) == EdgeKind::Order ? DrawnEdge::Order : DrawnEdge::Data,
                       region.criticalNext[node] == next[i], depth() + 1);
    }
    drawing.closeBox(depth());
    open.pop_back();
  }

private:
  bool isDrawn(OpId op) const {
    const OpCode code = graph.operation(op).code;
    return code != OpCode::core_const && !isTerminator(code);
  }
  unsigned depth() const { return static_cast<unsigned>(open.size()) - 1; }
  std::string name(char kind, uint32_t index) const {
    return "f" + std::to_string(function) + kind + std::to_string(index);
  }
  std::string nodeName(uint32_t node) const { return name('o', open.back().graph.operation(node).index); }

  const ConstantView view;
  const ComputationGraph &graph;
  const GraphFacts &facts;
  size_t function;
  Drawing &drawing;
  std::vector<RegionFacts> open; // from the function's body inwards
};

} // namespace

static void draw(Module &module, Drawing &drawing) {
  GraphFacts facts(module);
  drawing.begin();
  for (size_t f = 0; f < module.functions.size(); ++f) {
    FunctionDrawer drawer(module, facts, f, drawing);
    walk(module.functions[f]->graph, module.functions[f]->body, drawer);
  }
  drawing.end();
}

void compiler::printDot(Module &module, llvm::raw_ostream &out) { draw(module, *dotDrawing(out)); }
void compiler::printMermaid(Module &module, llvm::raw_ostream &out) { draw(module, *mermaidDrawing(out)); }
void compiler::printSvg(Module &module, llvm::raw_ostream &out) { draw(module, *svgDrawing(out)); }
