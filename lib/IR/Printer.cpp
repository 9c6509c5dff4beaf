#include "xcs/IR/Printer.h"
#include "IR/ValueNames.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/Walk.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

namespace {

/// Writes a module; also the visitor that writes one function's operations.
class ModulePrinter {
public:
  ModulePrinter(const Module &module, llvm::raw_ostream &out, const PrintOptions &options)
      : module(module), view(module.pool.view()), out(out), options(options), declared(declaredNames(module)),
        inPlace(module, declared, !options.locations), names(module, inPlace), typeTexts(view.types.size()) {}

  void printModule();

  void beginRegion(RegionId region);
  bool beginOp(OpId op);
  void endOp(OpId op);
  void endRegion(RegionId region);

private:
  void printDeclarations();
  void printResource(const Resource &resource);
  void printFunction(const Function &function);
  void printHead(OpId op);
  void printResults(OpId op);
  void printTypes(OpId op);
  void printType(TypeId type);
  void appendDrawNames(std::string_view names);
  void printAttributes(DictId attributes, DictId facts = {}, StringId draw = {});
  void printParameters(ComputationGraph::ValueRange values, const Function *defaults = nullptr);
  void printOperands(std::span<const ValueRef> operands);
  void printLocation(Location at);
  template <class Range> void printValues(const Range &values);
  /// One empty line between the parts of a module.
  void separate();

  const Module &module;
  const ConstantView view;
  llvm::raw_ostream &out;
  const PrintOptions options;
  const DeclaredNames declared;
  InPlace inPlace;
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

/// The first name of a type or constant shows its meaning, further ones for the same show that name.
void ModulePrinter::printDeclarations() {
  if (!module.typeNames.empty())
    separate();
  for (const TypeName &type : module.typeNames) {
    const bool isFirst = declared.of(type.type) == type.symbol;
    out << "type " << (type.isPrivate ? "private @" : "@") << view.text(type.symbol) << " = "
        << (isFirst ? printTypeMeaning(view, type.type, declared)
                    : xcs::printType(view, type.type, &declared))
        << '\n';
  }
  if (!module.constants.empty())
    separate();
  for (const ModuleConstant &constant : module.constants)
    out << "const " << (constant.isPrivate ? "private @" : "@") << view.text(constant.symbol) << " = "
        << printAttr(view, constant.value) << '\n';
}

/// In the order of the grammar: the module's own line, names of types and constants, resources together,
/// functions separated.
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
  printDeclarations();
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
  attributeText.clear();
  appendDict(attributeText, view, resource.attributes, &declared);
  out << rowOf(resource.kind).name << " @" << view.text(resource.symbol) << ' ' << attributeText << '\n';
}

void ModulePrinter::printFunction(const Function &function) {
  graph = &function.graph;
  inPlace.enter(function);
  names.enter(function);
  out << (function.isPrivate ? "func private @" : "func @") << view.text(function.symbol);
  printParameters(graph->arguments(function.body), &function);
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

/// Whether an operation has no line of its own.
static bool isWithin(const InPlace &inPlace, const ComputationGraph &graph, OpId op) {
  const Operation &operation = graph.operation(op);
  return operation.code == OpCode::core_const && operation.resultCount == 1 &&
         inPlace.isLiteral(operation.firstResult);
}

bool ModulePrinter::beginOp(OpId op) {
  if (isWithin(inPlace, *graph, op))
    return false;
  out.indent(2 * depth);
  printResults(op);
  printHead(op);
  printTypes(op);
  return !inPlace.bodyCall(op);
}

void ModulePrinter::endOp(OpId op) {
  if (isWithin(inPlace, *graph, op))
    return;
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
  printOperands(graph->operands(op));
  if (const OpId call = inPlace.bodyCall(op)) {
    out << " @" << view.text(graph->operation(call).symbol);
    printOperands(graph->operands(call).subspan(graph->region(operation.firstRegion).argumentCount));
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
  if (graph->operation(op).resultCount == 0 && graph->operation(op).regionCount != 0 && !inPlace.bodyCall(op))
    out << " : ()";
}

/// Cached, since the same few types appear on every line.
void ModulePrinter::printType(TypeId type) {
  std::string &text = typeTexts[type.index];
  if (text.empty())
    text = xcs::printType(view, type, &declared);
  out << text;
}

/// A name, or a list of them.
void ModulePrinter::appendDrawNames(std::string_view names) {
  const bool isList = isListOfDrawNames(names);
  std::string_view before = isList ? "[" : "";
  forEachDrawName(names, [&](std::string_view name) {
    attributeText += before;
    appendQuoted(attributeText, name);
    before = ", ";
  });
  attributeText += isList ? "]" : "";
}

/// First what was written, then the name of a draw, which reads back as written, then what was found.
void ModulePrinter::printAttributes(DictId attributes, DictId facts, StringId draw) {
  if (!attributes && !facts && !draw)
    return;
  attributeText = ' ';
  const auto join = [this](size_t begin) { // `{a}{b}` to `{a, b}`
    if (begin != 1)
      attributeText.replace(begin - 1, 2, ", ");
  };
  if (attributes)
    appendDict(attributeText, view, attributes, &declared);
  if (draw) {
    const size_t begin = attributeText.size();
    attributeText.append("{").append(nameOf(Attribute::draw)).append(" = ");
    appendDrawNames(view.text(draw));
    attributeText += '}';
    join(begin);
  }
  if (facts) {
    const size_t begin = attributeText.size();
    appendDict(attributeText, view, facts);
    join(begin);
  }
  out << attributeText;
}

void ModulePrinter::printParameters(ComputationGraph::ValueRange values, const Function *defaults) {
  out << '(';
  for (size_t i = 0; i != values.size(); ++i) {
    if (i != 0)
      out << ", ";
    names.print(values[i], out);
    out << ": ";
    printType(graph->type(values[i]));
    if (const AttrId value = defaults ? defaultOf(*defaults, i) : AttrId())
      out << " = " << inPlace.text(value, graph->type(values[i]));
  }
  out << ')';
}

/// In parentheses; nothing if there are none.
void ModulePrinter::printOperands(std::span<const ValueRef> operands) {
  const char *before = "(";
  for (ValueRef v : operands) {
    out << before;
    if (inPlace.isLiteral(v))
      out << inPlace.text(v);
    else
      names.print(v, out);
    before = ", ";
  }
  if (!operands.empty())
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
