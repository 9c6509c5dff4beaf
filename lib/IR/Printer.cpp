#include "xcs/IR/Printer.h"
#include "IR/ValueNames.h"
#include "xcs/IR/Walk.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

namespace {

/// Writes a module; also the visitor that writes one function's operations.
class ModulePrinter {
public:
  ModulePrinter(const Module &module, llvm::raw_ostream &out, const PrintOptions &options)
      : module(module), view(module.pool.view()), out(out), options(options), names(module),
        typeTexts(view.types.size()) {}

  void printModule();

  void beginRegion(RegionId region);
  bool beginOp(OpId op);
  void endOp(OpId op);
  void endRegion(RegionId region);

private:
  void printResource(const Resource &resource);
  void printFunction(const Function &function);
  void printHead(OpId op);
  void printResults(OpId op);
  void printTypes(OpId op);
  void printType(TypeId type);
  void printAttributes(DictId attributes, DictId facts = {}, StringId draw = {});
  void printParameters(ComputationGraph::ValueRange values);
  void printLocation(Location at);
  template <class Range> void printValues(const Range &values);
  /// One empty line between the parts of a module.
  void separate();

  const Module &module;
  const ConstantView view;
  llvm::raw_ostream &out;
  const PrintOptions options;
  ValueNames names;
  std::vector<std::string> typeTexts; // by TypeId; a module has few types but prints one per operation
  std::string attributeText;          // reused, so that attributes do not allocate
  const ComputationGraph *graph = nullptr;
  unsigned depth = 0; // regions that enclose the current line
  bool anything = false;
};

} // namespace

void ModulePrinter::separate() {
  if (anything)
    out << '\n';
  anything = true;
}

/// In the order of the grammar: the module's own line, resources together, functions separated.
void ModulePrinter::printModule() {
  if (module.name) {
    separate();
    out << "module @" << view.text(module.name);
    if (module.attributes) {
      out << " attributes";
      printAttributes(module.attributes);
    }
    out << '\n';
  }
  if (!module.resources.empty())
    separate();
  for (const Resource &resource : module.resources)
    printResource(resource);
  for (const auto &function : module.functions) {
    separate();
    printFunction(*function);
  }
}

void ModulePrinter::printResource(const Resource &resource) {
  out << rowOf(resource.kind).name << " @" << view.text(resource.symbol) << ' '
      << printDict(view, resource.attributes) << '\n';
}

void ModulePrinter::printFunction(const Function &function) {
  graph = &function.graph;
  names.enter(function);
  out << (function.isPrivate ? "func private @" : "func @") << view.text(function.symbol);
  printParameters(graph->arguments(function.body));
  const char *before = " -> ";
  for (TypeId type : function.resultTypes) {
    out << before;
    printType(type);
    before = ", ";
  }
  if (function.attributes) {
    out << " attributes";
    printAttributes(function.attributes);
  }
  walk(*graph, function.body, *this);
  out << '\n';
}

void ModulePrinter::beginRegion(RegionId region) {
  out << " {\n";
  // A function's parameters are printed in its head.
  if (graph->region(region).parent && graph->region(region).argumentCount != 0) {
    out.indent(2 * depth) << '^';
    printParameters(graph->arguments(region));
    out << '\n';
  }
  ++depth;
}

void ModulePrinter::endRegion(RegionId) {
  --depth;
  out.indent(2 * depth) << '}';
}

bool ModulePrinter::beginOp(OpId op) {
  out.indent(2 * depth);
  printResults(op);
  printHead(op);
  printTypes(op);
  return true;
}

void ModulePrinter::endOp(OpId op) {
  // One that was written stays: it points into the text that the program was made from.
  if (options.locations || module.locations.withoutCallers(graph->operation(op).location).isExplicit())
    printLocation(graph->operation(op).location);
  out << '\n';
}

/// `%a, %b = `; nothing for an operation without results.
void ModulePrinter::printResults(OpId op) {
  if (graph->operation(op).resultCount == 0)
    return;
  printValues(graph->results(op));
  out << " = ";
}

/// The operation up to its types. Absent parts are not printed, nor their parentheses.
void ModulePrinter::printHead(OpId op) {
  const Operation &operation = graph->operation(op);
  out << rowOf(operation.code).name;
  if (operation.symbol)
    out << " @" << view.text(operation.symbol);
  if (operation.operandCount != 0) {
    out << '(';
    printValues(graph->operands(op));
    out << ')';
  }
  if (operation.orderCount != 0) {
    out << " after(";
    printValues(graph->orderOperands(op));
    out << ')';
  }
  printAttributes(operation.attributes, graph->facts(op), graph->drawName(op));
}

/// ` : T, U`, also before regions.
void ModulePrinter::printTypes(OpId op) {
  const char *before = " : ";
  for (ValueRef v : graph->results(op)) {
    out << before;
    printType(graph->type(v));
    before = ", ";
  }
  // Only after types can a `{` begin a region.
  if (graph->operation(op).resultCount == 0 && graph->operation(op).regionCount != 0)
    out << " : ()";
}

/// Cached, since the same few types appear on every line.
void ModulePrinter::printType(TypeId type) {
  std::string &text = typeTexts[type.index];
  if (text.empty())
    text = xcs::printType(view, type);
  out << text;
}

/// First what was written, then what was found, then the name of a draw.
void ModulePrinter::printAttributes(DictId attributes, DictId facts, StringId draw) {
  if (!attributes && !facts && !draw)
    return;
  attributeText = ' ';
  appendDict(attributeText, view, attributes ? attributes : facts);
  auto goOn = [this] { attributeText.replace(attributeText.size() - 1, 1, ", "); }; // for `}`
  if (attributes && facts) {
    goOn();
    const size_t brace = attributeText.size();
    appendDict(attributeText, view, facts);
    attributeText.erase(brace, 1);
  }
  if (draw) {
    if (attributes || facts)
      goOn();
    else
      attributeText.pop_back();
    attributeText.append(nameOf(Attribute::draw)).append(" = ");
    appendQuoted(attributeText, view.text(draw));
    attributeText += '}';
  }
  out << attributeText;
}

void ModulePrinter::printParameters(ComputationGraph::ValueRange values) {
  out << '(';
  const char *before = "";
  for (ValueRef v : values) {
    out << before;
    names.print(v, out);
    out << ": ";
    printType(graph->type(v));
    before = ", ";
  }
  out << ')';
}

template <class Range> void ModulePrinter::printValues(const Range &values) {
  const char *before = "";
  for (ValueRef v : values) {
    out << before;
    names.print(v, out);
    before = ", ";
  }
}

/// Unknown locations are omitted: they have no syntax.
void ModulePrinter::printLocation(Location at) {
  LineColumn place = module.locations.resolve(at);
  if (place.line != 0)
    out << " loc(" << quoteString(place.file) << ':' << place.line << ':' << place.column << ')';
}

void xcs::print(const Module &module, llvm::raw_ostream &out, const PrintOptions &options) {
  ModulePrinter(module, out, options).printModule();
}
