#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/DependencyGraph.h"
#include "xcs/Support/Paths.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Tells of operations that wait for another one only because it is not known what one of them touches, and
/// what to write so that it is: `not-independent`. Of each operation the first such reason. Changes nothing.
class NoteOrder : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// The notes on one function.
class OrderNotes {
public:
  OrderNotes(Module &module, size_t function, const EffectAnalysis &effects, PassContext &context)
      : module(module), function(function), graph(module.functions[function]->graph), effects(effects),
        context(context) {}
  void run(const DependencyGraph &nodes);

private:
  /// Why two operations are in order.
  struct Reason {
    bool isKnown = false; // they touch the same thing, or nothing is to be said
    std::string text;
  };
  Reason reasonOf(OpId first, OpId second) const;
  Reason reasonOf(OpId first, const EffectOn &one, OpId second, const EffectOn &other) const;
  std::string whyUnknown(OpId op, const EffectOn &effect) const;
  std::string whyFileUnknown(OpId op, bool writes) const;
  bool namesOther(OpId second, OpId first) const;
  std::string whyNotCompared(AttrId paths) const;
  /// The value of an operand, where that is a constant; else none.
  AttrId constantOperand(OpId op, size_t operand) const {
    const std::span<const ValueRef> all = graph.operands(op);
    OpId source = all.size() <= operand ? OpId() : graph.value(all[operand]).definedBy;
    const bool isConstant = source && graph.operation(source).code == OpCode::core_const;
    return isConstant ? module.pool.view().find(graph.operation(source).attributes, Attribute::value)
                      : AttrId();
  }

  Module &module;
  size_t function;
  const ComputationGraph &graph;
  const EffectAnalysis &effects;
  PassContext &context;
};
} // namespace

/// More pairs of effects than this are not looked at: a program may name very many files.
static constexpr size_t mostPairs = 4096;

static std::string codeOf(std::string_view text) { return "`" + std::string(text) + "`"; }

/// Why a path that is written, or one of a list of them, says nothing to the compiler.
std::string OrderNotes::whyNotCompared(AttrId paths) const {
  const ConstantView view = module.pool.view();
  const bool isList = view.attr(paths).kind == AttrKind::List;
  const std::span<const AttrId> all = isList ? view.items(paths) : std::span<const AttrId>(&paths, 1);
  const bool namesNothing = std::any_of(all.begin(), all.end(), [&](AttrId path) {
    return view.attr(path).kind == AttrKind::Str && normalPath(view.textAttr(path)).empty();
  });
  return namesNothing ? " names no file: it is empty, or has a NUL; correct it"
                      : " cannot be compared; write a shorter one";
}

std::string OrderNotes::whyFileUnknown(OpId op, bool writes) const {
  const Operation &o = graph.operation(op);
  const ConstantView view = module.pool.view();
  const std::string name = codeOf(rowOf(o.code).name), line = " on " + lineText(module, o.location);
  if (o.regionCount != 0 || o.code == OpCode::core_call)
    return name + line +
           " touches more files than are compared, or some whose paths are known only at run time";
  if (o.code == OpCode::exec_run) {
    const Attribute list = writes ? Attribute::writes : Attribute::reads;
    if (!view.find(o.attributes, list))
      return name + line + " does not say what it " + std::string(nameOf(list)) + "; give it " +
             codeOf(std::string(nameOf(list)) + " = [..]");
    return "a path in " + codeOf(nameOf(list)) + " of " + name + line +
           whyNotCompared(view.find(o.attributes, list));
  }
  std::vector<AttrId> paths;
  for (const PathOperand &path : pathOperands(o.code))
    if (path.writes == writes) {
      paths.push_back(constantOperand(op, path.operand));
      if (!paths.back())
        return "the path of " + name + line + " is known only at run time; a constant could be compared";
    }
  // Of two paths one is not compared: it names nothing, or it is the longer one.
  const AttrId path = *std::max_element(paths.begin(), paths.end(), [&](AttrId a, AttrId b) {
    auto rank = [&](AttrId text) {
      return std::pair(normalPath(view.textAttr(text)).empty(), view.textAttr(text).size());
    };
    return rank(a) < rank(b);
  });
  return "the path of " + name + line + whyNotCompared(path);
}

/// What is not known of an effect on an unknown target, and the remedy; empty: nothing that could be said.
std::string OrderNotes::whyUnknown(OpId op, const EffectOn &effect) const {
  const Operation &o = graph.operation(op);
  const std::string name = codeOf(rowOf(o.code).name) + " on " + lineText(module, o.location);
  const bool isInside = o.regionCount != 0 || o.code == OpCode::core_call;
  switch (effect.target.kind) {
  case EffectTarget::Kind::File:
    return whyFileUnknown(op, isWrite(effect.effect));
  case EffectTarget::Kind::Process:
    return isInside ? std::string() : whyFileUnknown(op, true);
  case EffectTarget::Kind::Http:
    return isInside
               ? name + " makes requests to origins that are known only at run time"
               : "the origin of " + name + " is known only at run time; declare it as an `http` resource";
  case EffectTarget::Kind::Host:
    return isInside ? name + " calls functions of the host that do not say what they touch"
                    : name + " does not say what it touches; name it in " + codeOf("effect = \"..(R)\"");
  case EffectTarget::Kind::Model:
  case EffectTarget::Kind::Log:
  case EffectTarget::Kind::Clock:
  case EffectTarget::Kind::Control:
  case EffectTarget::Kind::Env:
  case EffectTarget::Kind::Random:
  case EffectTarget::Kind::Person:
    return {};
  }
  return {};
}

/// Empty, and not known: these two effects put nothing in order.
OrderNotes::Reason OrderNotes::reasonOf(OpId first, const EffectOn &one, OpId second,
                                        const EffectOn &other) const {
  if ((!isWrite(one.effect) && !isWrite(other.effect)) || !one.target.conflicts(other.target))
    return {};
  if (!one.target.identity || !other.target.identity) {
    Reason reason;
    reason.text = !one.target.identity ? whyUnknown(first, one) : whyUnknown(second, other);
    reason.isKnown = reason.text.empty();
    return reason;
  }
  if (one.target.kind != EffectTarget::Kind::File)
    return {true, {}};
  const std::string_view a = module.pool.text(one.target.identity),
                         b = module.pool.text(other.target.identity);
  if (pathsOverlap(a, b))
    return {true, {}};
  if (!pathsConflict(a, b))
    return {};
  return {false, codeOf(a) + " and " + codeOf(b) +
                     " may be the same or one in the other, depending on where the run starts; compile with "
                     "`--start-directory`"};
}

OrderNotes::Reason OrderNotes::reasonOf(OpId first, OpId second) const {
  const std::span<const EffectOn> before = effects.effects(function, first),
                                  after = effects.effects(function, second);
  Reason found;
  size_t pairs = 0;
  for (const EffectOn &one : before)
    for (const EffectOn &other : after) {
      if (++pairs > mostPairs)
        return {true, {}};
      Reason reason = reasonOf(first, one, second, other);
      if (reason.isKnown)
        return reason;
      if (found.text.empty())
        found = std::move(reason);
    }
  found.isKnown = found.text.empty(); // a guard, or a gate
  return found;
}

/// Whether the program itself orders them, by `after`.
bool OrderNotes::namesOther(OpId second, OpId first) const {
  std::span<const ValueRef> named = graph.orderOperands(second);
  return std::any_of(named.begin(), named.end(),
                     [&](ValueRef value) { return graph.value(value).definedBy == first; });
}

void OrderNotes::run(const DependencyGraph &nodes) {
  std::vector<bool> isNoted(nodes.size(), false);
  for (uint32_t node = 0; node != nodes.size(); ++node) {
    const OpId first = nodes.operation(node);
    std::span<const uint32_t> successors = nodes.successors(node);
    for (size_t i = 0; i != successors.size(); ++i) {
      const OpId second = nodes.operation(successors[i]);
      if (nodes.edgeKind(node, i) != EdgeKind::Order || isNoted[successors[i]] || namesOther(second, first))
        continue;
      const Reason reason = reasonOf(first, second);
      if (reason.isKnown)
        continue;
      isNoted[successors[i]] = true;
      context.count("operations ordered without knowing");
      const Operation &o = graph.operation(second), &awaited = graph.operation(first);
      context.diagnostics.report(
          Diag::NotIndependent, o.location,
          {rowOf(o.code).name, rowOf(awaited.code).name, lineText(module, awaited.location), reason.text});
    }
  }
}

Result<Change> NoteOrder::run(Module &module, PassContext &context) {
  if (!context.diagnostics.shows(Diag::NotIndependent))
    return Change::Nothing;
  const EffectAnalysis &effects = context.analyses().effects();
  const std::vector<FunctionGraphs> &graphs = context.analyses().graphs();
  for (size_t f = 0; f != module.functions.size(); ++f) {
    OrderNotes notes(module, f, effects, context);
    for (RegionId region : graphs[f].regions())
      notes.run(graphs[f].of(region));
  }
  return Change::Nothing;
}

std::unique_ptr<Pass> xcs::createNoteOrder() { return std::make_unique<NoteOrder>(); }
