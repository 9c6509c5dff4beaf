#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Ops/Template.h"
#include "xcs/Support/SourcePlaces.h"
#include <unordered_set>

using namespace xcs;

namespace {

/// Finds what a program defines and nothing uses. Names that begin with `_` are meant to be unused, and files
/// that are imported are their own affair.
class Unused {
public:
  Unused(const Module &module, DiagnosticEngine &diagnostics)
      : module(module), diagnostics(diagnostics), view(module.pool.view()),
        file(module.functions.empty() ? nullptr : module.locations.bufferOf(Location::atOffset(0))) {}
  void run();

private:
  void noteSymbols(DictId attributes);
  void noteUses();
  void noteWork();
  bool works(const Operation &op) const;
  bool isOurs(Location at) const { return file && module.locations.bufferOf(at) == file; }
  bool isMeant(std::string_view name) const { return name.empty() || name.starts_with("_"); }
  void function(size_t index);
  void operation(size_t function, OpId id);
  void placeholders(const Operation &op);

  const Module &module;
  DiagnosticEngine &diagnostics;
  const ConstantView view;
  const SourceBuffer *file;
  std::unordered_set<std::string_view> symbols; // that something names
  std::vector<bool> called;                     // by function: from another one
  std::vector<std::vector<bool>> used;          // by function and value
  std::vector<std::vector<bool>> matters; // by function and operation: it does more than compute its results
  std::vector<bool> functionMatters;
};

} // namespace

/// Symbols in attributes, also as keys.
void Unused::noteSymbols(DictId attributes) {
  std::vector<AttrId> open;
  auto enter = [&](DictId dict) {
    for (const DictEntry &entry : view.entries(dict)) {
      std::string_view key = view.text(entry.key);
      symbols.insert(key.starts_with("@") ? key.substr(1) : key);
      open.push_back(entry.value);
    }
  };
  enter(attributes);
  while (!open.empty()) {
    const AttrId attr = open.back();
    open.pop_back();
    const AttrNode &node = view.attr(attr);
    if (node.kind == AttrKind::Symbol)
      symbols.insert(view.textAttr(attr));
    else if (node.kind == AttrKind::List)
      open.insert(open.end(), view.items(attr).begin(), view.items(attr).end());
    else if (node.kind == AttrKind::Dict)
      enter(DictId(static_cast<uint32_t>(node.payload)));
  }
}

void Unused::noteUses() {
  called.resize(module.functions.size());
  used.resize(module.functions.size());
  for (const Resource &resource : module.resources)
    noteSymbols(resource.attributes);
  for (size_t f = 0; f < module.functions.size(); ++f) {
    const ComputationGraph &graph = module.functions[f]->graph;
    used[f].resize(graph.valueCount());
    for (uint32_t i = 0; i < graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      for (ValueRef value : graph.allOperands(OpId(i)))
        used[f][value.index] = true;
      noteSymbols(op.attributes);
      if (!op.symbol)
        continue;
      symbols.insert(view.text(op.symbol));
      if (auto target = module.lookup(op.symbol);
          target && target->kind == SymbolTarget::Kind::Function && target->index != f)
        called[target->index] = true;
    }
  }
}

/// Whether an operation does something by itself besides its results.
bool Unused::works(const Operation &op) const {
  const Effect effect = effectOf(view, op);
  if (op.code == OpCode::core_call) {
    auto target = module.lookup(op.symbol);
    return !target || target->kind != SymbolTarget::Kind::Function || functionMatters[target->index];
  }
  return effect != Effect::Pure && effect != Effect::Read && effect != Effect::Sample &&
         effect != Effect::Bodies;
}

/// What works makes what is around it work too. Calls are followed until nothing changes, which takes as many
/// rounds as calls are deep; a few are enough to be right about nearly all, and the rest counts as working.
void Unused::noteWork() {
  static constexpr int rounds = 16;
  functionMatters.assign(module.functions.size(), false);
  matters.resize(module.functions.size());
  bool changed = true;
  for (int round = 0; changed && round < rounds; ++round) {
    changed = false;
    for (size_t f = 0; f < module.functions.size(); ++f) {
      const ComputationGraph &graph = module.functions[f]->graph;
      matters[f].resize(graph.operationCount());
      for (uint32_t i = 0; i < graph.operationCount(); ++i) {
        if (graph.erased(OpId(i)) || matters[f][i] || !works(graph.operation(OpId(i))))
          continue;
        changed = true;
        functionMatters[f] = true;
        for (OpId at(i); at && !matters[f][at.index]; at = graph.region(graph.operation(at).parent).parent)
          matters[f][at.index] = true;
      }
    }
  }
  if (changed)
    functionMatters.assign(module.functions.size(), true);
}

/// The operands of a `str.format` that its template does not show.
void Unused::placeholders(const Operation &op) {
  const AttrId text = view.find(op.attributes, Attribute::template_);
  std::vector<TemplatePart> parts;
  TemplateError wrong;
  if (!text || view.attr(text).kind != AttrKind::Str ||
      !splitTemplate(view.textAttr(text), op.operandCount, parts, wrong))
    return;
  std::vector<bool> shown(op.operandCount);
  for (const TemplatePart &part : parts)
    if (part.operand != TemplatePart::literal)
      shown[part.operand] = true;
  for (size_t i = 0; i < shown.size(); ++i)
    if (!shown[i])
      diagnostics.report(Diag::UnusedOperand,
                         diagnostics.showsWarning(Diag::UnusedOperand)
                             ? operandPlace(module.locations, op.location, i)
                             : op.location,
                         {std::to_string(i), rowOf(op.code).name});
}

void Unused::operation(size_t f, OpId id) {
  const ComputationGraph &graph = module.functions[f]->graph;
  const Operation &op = graph.operation(id);
  if (graph.erased(id) || !isOurs(op.location))
    return;
  if (op.code == OpCode::str_format)
    placeholders(op);
  if (op.resultCount == 0 || matters[f][id.index] || flagAttr(view, op.attributes, Attribute::keep))
    return;
  for (ValueRef result : graph.results(id))
    if (used[f][result.index] || !graph.value(result).name || isMeant(view.text(graph.value(result).name)))
      return;
  const std::string_view name = view.text(graph.value(op.firstResult).name);
  diagnostics.report(Diag::UnusedValue, op.location, {name, rowOf(op.code).name});
}

void Unused::function(size_t f) {
  const Function &function = *module.functions[f];
  if (!isOurs(function.location))
    return;
  const std::string_view symbol = view.text(function.symbol);
  if (function.isPrivate && !called[f] && !isMeant(symbol)) {
    diagnostics.report(Diag::UnusedFunction, function.location, {symbol});
    return; // nor is anything in it
  }
  for (ValueRef parameter : function.graph.arguments(function.body)) {
    const StringId name = function.graph.value(parameter).name;
    if (used[f][parameter.index] || !name || isMeant(view.text(name)))
      continue;
    const std::string written = "%" + std::string(view.text(name));
    diagnostics.report(Diag::UnusedParameter,
                       diagnostics.showsWarning(Diag::UnusedParameter)
                           ? wordPlace(module.locations, function.location, written)
                           : function.location,
                       {view.text(name), symbol});
  }
  for (uint32_t i = 0; i < function.graph.operationCount(); ++i)
    operation(f, OpId(i));
}

void Unused::run() {
  noteUses();
  noteWork();
  for (const Resource &resource : module.resources) {
    const std::string_view symbol = view.text(resource.symbol);
    if (isOurs(resource.location) && !symbols.contains(symbol) && !isMeant(symbol))
      diagnostics.report(Diag::UnusedResource, resource.location, {rowOf(resource.kind).name, symbol});
  }
  for (size_t f = 0; f < module.functions.size(); ++f)
    function(f);
}

void xcs::warnUnused(const Module &module, DiagnosticEngine &diagnostics) {
  if (!module.functions.empty()) // a file of resources is there to be imported
    Unused(module, diagnostics).run();
}
