#include "xcs/IR/Walk.h"
#include "xcsc/Emit.h"
#include "xcsc/GraphFacts.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

namespace {

/// How a drawing language writes the parts of a graph. Names of nodes and boxes are letters and digits.
class Drawing {
public:
  explicit Drawing(llvm::raw_ostream &out) : out(out) {}
  virtual ~Drawing() = default;
  virtual void begin() = 0;
  virtual void end() = 0;
  virtual void openBox(const std::string &name, const std::string &label, unsigned depth) = 0;
  virtual void closeBox(unsigned depth) = 0;
  virtual void node(const std::string &name, const std::string &label, bool critical, unsigned depth) = 0;
  virtual void edge(const std::string &from, const std::string &to, EdgeKind kind, bool critical,
                    unsigned depth) = 0;

protected:
  llvm::raw_ostream &indent(unsigned depth) { return out.indent(2 * (depth + 1)); }
  llvm::raw_ostream &out;
};

class DotDrawing : public Drawing {
public:
  using Drawing::Drawing;
  void begin() override { out << "digraph program {\n  node [shape=box, fontname=\"monospace\"]\n"; }
  void end() override { out << "}\n"; }
  void openBox(const std::string &name, const std::string &label, unsigned depth) override {
    indent(depth) << "subgraph cluster_" << name << " {\n";
    indent(depth + 1) << "label=\"" << escaped(label) << "\"\n";
  }
  void closeBox(unsigned depth) override { indent(depth) << "}\n"; }
  void node(const std::string &name, const std::string &label, bool critical, unsigned depth) override {
    indent(depth) << name << " [label=\"" << escaped(label) << '"'
                  << (critical ? ", color=red, penwidth=2" : "") << "]\n";
  }
  void edge(const std::string &from, const std::string &to, EdgeKind kind, bool critical,
            unsigned depth) override {
    indent(depth) << from << " -> " << to << " [class=" << (kind == EdgeKind::Data ? "data" : "order")
                  << (kind == EdgeKind::Order ? ", style=dashed" : "")
                  << (critical ? ", color=red, penwidth=2" : "") << "]\n";
  }

private:
  static std::string escaped(const std::string &text) {
    std::string result;
    for (char c : text) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return result;
  }
};

class MermaidDrawing : public Drawing {
public:
  using Drawing::Drawing;
  void begin() override { out << "flowchart TD\n  classDef critical stroke:red,stroke-width:3px\n"; }
  void end() override {}
  void openBox(const std::string &name, const std::string &label, unsigned depth) override {
    indent(depth) << "subgraph " << name << " [\"" << escaped(label) << "\"]\n";
  }
  void closeBox(unsigned depth) override { indent(depth) << "end\n"; }
  void node(const std::string &name, const std::string &label, bool critical, unsigned depth) override {
    indent(depth) << name << "[\"" << escaped(label) << "\"]" << (critical ? ":::critical" : "") << '\n';
  }
  void edge(const std::string &from, const std::string &to, EdgeKind kind, bool critical,
            unsigned depth) override {
    const char *arrow = kind == EdgeKind::Order ? " -.-> " : critical ? " ==> " : " --> ";
    indent(depth) << from << arrow << to << '\n';
  }

private:
  /// In a label, Mermaid reads `#name;` as a character and the rest as HTML.
  static std::string escaped(const std::string &text) {
    std::string result;
    for (char c : text) {
      switch (c) {
      case '"':
        result += "#quot;";
        break;
      case '#':
        result += "#35;";
        break;
      case '<':
        result += "#lt;";
        break;
      case '>':
        result += "#gt;";
        break;
      case '&':
        result += "#amp;";
        break;
      case '\n':
        result += "<br>";
        break;
      default:
        result += c;
      }
    }
    return result;
  }
};

/// Draws one function: the visitor of its regions.
class FunctionDrawer {
public:
  FunctionDrawer(const Module &module, const GraphFacts &facts, size_t function, Drawing &drawing)
      : graph(module.functions[function]->graph), facts(facts), function(function), drawing(drawing) {}

  void beginRegion(RegionId region) {
    open.push_back(facts.of(function, region));
    OpId parent = graph.region(region).parent;
    std::string label = parent ? facts.nodeText(function, parent) : facts.headText(function);
    drawing.openBox(name('r', region.index), label, depth());
  }
  bool beginOp(OpId op) {
    if (isTerminator(graph.operation(op).code))
      return true;
    const RegionFacts &region = open.back();
    uint32_t node = facts.graphs(function).nodeOf(op);
    std::string label = facts.nodeText(function, op);
    if (uint32_t line = facts.line(function, op))
      label += "\nline " + std::to_string(line) + ", " + timeText(region.costs[node]);
    drawing.node(name('o', op.index), label, region.critical[node], depth() + 1);
    return true;
  }
  void endOp(OpId) {}
  void endRegion(RegionId) {
    const RegionFacts &region = open.back();
    for (uint32_t node = 0; node < region.graph.size(); ++node) {
      std::span<const uint32_t> next = region.graph.successors(node);
      for (size_t i = 0; i < next.size(); ++i)
        drawing.edge(nodeName(node), nodeName(next[i]), region.graph.edgeKind(node, i),
                     region.criticalNext[node] == next[i], depth() + 1);
    }
    drawing.closeBox(depth());
    open.pop_back();
  }

private:
  unsigned depth() const { return static_cast<unsigned>(open.size()) - 1; }
  std::string name(char kind, uint32_t index) const {
    return "f" + std::to_string(function) + kind + std::to_string(index);
  }
  std::string nodeName(uint32_t node) const { return name('o', open.back().graph.operation(node).index); }

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

void compiler::printDot(Module &module, llvm::raw_ostream &out) {
  DotDrawing drawing(out);
  draw(module, drawing);
}

void compiler::printMermaid(Module &module, llvm::raw_ostream &out) {
  MermaidDrawing drawing(out);
  draw(module, drawing);
}
