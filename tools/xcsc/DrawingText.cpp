#include "xcsc/Drawing.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

static constexpr LookRow looks[] = {
    {Look::Compute, "computes", "#ffffff", "box", "[\"", "\"]"},
    {Look::Control, "control", "#ececec", "component", "([\"", "\"])"},
    {Look::Ask, "asks a model or a service", "#ffe9c7", "ellipse", "(\"", "\")"},
    {Look::Read, "reads", "#d9ecff", "note", "[/\"", "\"/]"},
    {Look::Write, "writes", "#ffd9d6", "octagon", "{{\"", "\"}}"},
    {Look::Wait, "waits, logs, checks", "#e6f4e0", "cds", "[(\"", "\")]"},
};

std::span<const LookRow> compiler::allLooks() { return looks; }
const LookRow &compiler::rowOf(Look look) { return looks[static_cast<size_t>(look)]; }

namespace {

/// A drawing that another program lays out: boxes are blocks of indented lines.
class TextDrawing : public Drawing {
public:
  TextDrawing(llvm::raw_ostream &out, std::string_view boxEnd) : out(out), boxEnd(boxEnd) {}
  void closeBox(unsigned depth) override {
    indent(depth) << boxEnd << '\n';
    if (depth != 0)
      return;
    out << bodies;
    bodies.clear();
  }

protected:
  llvm::raw_ostream &indent(unsigned depth) { return out.indent(2 * (depth + 1)); }
  llvm::raw_ostream &out;
  std::string bodies; // edges to the boxes of the function

private:
  const std::string_view boxEnd;
};

class DotDrawing : public TextDrawing {
public:
  explicit DotDrawing(llvm::raw_ostream &out) : TextDrawing(out, "}") {}
  void begin() override {
    out << "digraph program {\n  compound=true\n  node [shape=box, style=filled, fillcolor=\"#ffffff\", "
           "fontname=\"monospace\"]\n";
  }
  void end() override {
    out << "  subgraph cluster_legend {\n    label=\"legend\"\n";
    for (const LookRow &row : looks)
      out << "    legend_" << row.dotShape << " [label=\"" << row.name << "\", shape=" << row.dotShape
          << ", fillcolor=\"" << row.colour << "\"]\n";
    out << "    legend_critical [label=\"on the critical path\", color=red, penwidth=2]\n"
           "    legend_order [label=\"dashed: only the order\", shape=plaintext]\n"
           "    legend_body [label=\"dotted: its body\", shape=plaintext]\n  }\n}\n";
  }
  void openBox(const std::string &name, const std::string &label, const std::string &owner,
               unsigned depth) override {
    indent(depth) << "subgraph cluster_" << name << " {\n";
    indent(depth + 1) << "label=\"" << escaped(label) << "\"\n";
    // An edge needs two nodes: the box has one that is not seen.
    indent(depth + 1) << name << " [shape=point, style=invis]\n";
    if (!owner.empty())
      bodies += "  " + owner + " -> " + name + " [class=body, style=dotted, arrowhead=none, lhead=cluster_" +
                name + "]\n";
  }
  void node(const DrawnNode &node, unsigned depth) override {
    const LookRow &row = rowOf(node.look);
    indent(depth) << node.name << " [label=\"" << escaped(node.label) << '"';
    if (node.look != Look::Compute)
      out << ", shape=" << row.dotShape << ", fillcolor=\"" << row.colour << '"';
    out << (node.critical ? ", color=red, penwidth=2" : "") << "]\n";
  }
  void edge(const std::string &from, const std::string &to, DrawnEdge kind, bool critical,
            unsigned depth) override {
    indent(depth) << from << " -> " << to << " [class=" << (kind == DrawnEdge::Data ? "data" : "order")
                  << (kind == DrawnEdge::Order ? ", style=dashed" : "")
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

class MermaidDrawing : public TextDrawing {
public:
  explicit MermaidDrawing(llvm::raw_ostream &out) : TextDrawing(out, "end") {}
  void begin() override {
    out << "flowchart TD\n  classDef critical stroke:red,stroke-width:3px\n";
    for (const LookRow &row : looks)
      out << "  classDef " << className(row.look) << " fill:" << row.colour << ",color:#000\n";
  }
  void end() override {
    out << "  subgraph legend [\"legend\"]\n";
    for (const LookRow &row : looks)
      out << "    legend_" << className(row.look) << row.mermaidOpen << row.name << row.mermaidClose
          << ":::" << className(row.look) << '\n';
    out << "    legend_critical[\"on the critical path\"]:::critical\n  end\n";
  }
  void openBox(const std::string &name, const std::string &label, const std::string &owner,
               unsigned depth) override {
    indent(depth) << "subgraph " << name << " [\"" << escaped(label) << "\"]\n";
    if (!owner.empty())
      bodies += "  " + owner + " -.- " + name + "\n";
  }
  void node(const DrawnNode &node, unsigned depth) override {
    const LookRow &row = rowOf(node.look);
    indent(depth) << node.name << row.mermaidOpen << escaped(node.label) << row.mermaidClose;
    if (node.look != Look::Compute)
      out << ":::" << className(node.look);
    out << '\n';
    if (node.critical)
      indent(depth) << "class " << node.name << " critical\n";
  }
  void edge(const std::string &from, const std::string &to, DrawnEdge kind, bool critical,
            unsigned depth) override {
    const char *arrow = kind == DrawnEdge::Order ? " -.-> " : critical ? " ==> " : " --> ";
    indent(depth) << from << arrow << to << '\n';
  }

private:
  static std::string className(Look look) {
    static constexpr const char *names[] = {"compute", "control", "ask", "read", "write", "wait"};
    return names[static_cast<size_t>(look)];
  }
  /// In a label, Mermaid reads `#name;` as a character and the rest as HTML: a type in angle brackets would
  /// be a tag of an unknown name, and not shown.
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
        result += "\u2039";
        break;
      case '>':
        result += "\u203a";
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

} // namespace

std::unique_ptr<Drawing> compiler::dotDrawing(llvm::raw_ostream &out) {
  return std::make_unique<DotDrawing>(out);
}
std::unique_ptr<Drawing> compiler::mermaidDrawing(llvm::raw_ostream &out) {
  return std::make_unique<MermaidDrawing>(out);
}
