#include "Transforms/CannotFail.h"
#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/Walk.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Drops operations whose results are unused. Legal by the table of effects in language.md: a pure operation
/// that cannot fail, a read or a draw without `{keep}`, and an operation with regions or a call if everything
/// inside may be dropped. Writes, guards, log lines and waits stay. Linear: each operation is visited when it
/// has lost its last use.
class Dce : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// Whether an operation may be dropped once its results are unused, and why not.
enum class Droppable : uint8_t { Yes, Keep, MayFail, HasEffect };

class DeadCode {
public:
  DeadCode(Module &module, size_t index, const EffectAnalysis &effects, const std::vector<Droppable> &callees,
           PassContext &context)
      : module(module), index(index), graph(module.functions[index]->graph), effects(effects),
        callees(callees), context(context), view(module.pool.view()) {}
  /// Returns the verdict for a call of the function.
  Droppable run();
  bool changed = false;

  // Visitor of walk(): verdicts of the operations, inner ones first.
  void beginRegion(RegionId) { worst.push_back(Droppable::Yes); }
  void endRegion(RegionId);
  bool beginOp(OpId op);
  void endOp(OpId op);

private:
  Droppable leafVerdict(OpId op) const;
  bool unused(OpId op) const;
  void dropUnused();
  void drop(OpId op);
  void remarkDropped(OpId op);
  void remarkKept(OpId op);

  Module &module;
  size_t index;
  ComputationGraph &graph;
  const EffectAnalysis &effects;
  const std::vector<Droppable> &callees; // by function: verdicts on calls
  PassContext &context;
  ConstantView view;
  std::vector<Droppable> verdicts;      // by operation
  std::vector<Droppable> worst;         // of each open region
  std::vector<Droppable> ofRegions;     // by operation: the worst of its regions so far
  std::vector<uint32_t> uses;           // by value
  std::vector<uint8_t> dropped;         // by operation
  std::vector<OpId> candidates, judged; // judged: dropped and kept ones, for the remarks
  Droppable bodyVerdict = Droppable::Yes;
};
} // namespace

/// Whether a `while` returns its last state at its bound instead of failing.
static bool endsAtBound(const ConstantView &view, const Operation &loop) {
  AttrId atBound = view.find(loop.attributes, Attribute::at_bound);
  return atBound && view.textAttr(atBound) == "yield";
}

/// The verdict of an operation with bodies comes from what is inside; this is its own contribution.
Droppable DeadCode::leafVerdict(OpId op) const {
  const Operation &o = graph.operation(op);
  if (o.attributes && flagAttr(view, o.attributes, Attribute::keep))
    return Droppable::Keep;
  if (rowOf(o.code).form == OpForm::Pure)
    return cannotFail(view, graph, op) ? Droppable::Yes : Droppable::MayFail;
  for (const EffectOn &on : effects.effects(index, op))
    if (on.effect != Effect::Read && on.effect != Effect::Sample)
      return Droppable::HasEffect;
  if (o.code == OpCode::core_while) // at its bound
    return endsAtBound(view, o) ? Droppable::Yes : Droppable::MayFail;
  if (o.code != OpCode::core_call)
    return Droppable::Yes;
  uint32_t callee = calledFunction(module, o);
  return callee == UINT32_MAX ? Droppable::MayFail : callees[callee];
}

bool DeadCode::beginOp(OpId op) {
  ofRegions[op.index] = Droppable::Yes;
  return true;
}

void DeadCode::endRegion(RegionId region) {
  Droppable inside = worst.back();
  worst.pop_back();
  if (OpId owner = graph.region(region).parent)
    ofRegions[owner.index] = std::max(ofRegions[owner.index], inside);
  else
    bodyVerdict = inside;
}

void DeadCode::endOp(OpId op) {
  const Operation &o = graph.operation(op);
  Droppable verdict = Droppable::Yes;
  if (!isTerminator(o.code)) {
    verdict = std::max(leafVerdict(op), ofRegions[op.index]);
    // A failure in a `try` becomes its value, which is unused.
    if (verdict == Droppable::MayFail && catchesFailures(o.code))
      verdict = Droppable::Yes;
  }
  verdicts[op.index] = verdict;
  worst.back() = std::max(worst.back(), verdict);
}

bool DeadCode::unused(OpId op) const {
  for (ValueRef v : graph.results(op))
    if (uses[v.index] != 0)
      return false;
  return true;
}

void DeadCode::remarkDropped(OpId op) {
  // Of what only computes, those that a person has named.
  const bool isNamed = !graph.results(op).empty() && graph.value(graph.results(op)[0]).name;
  if (effects.effects(index, op).empty() && isNamed && graph.operation(op).code != OpCode::core_const)
    context.diagnostics.report(Diag::DroppedUnused, graph.operation(op).location,
                               {rowOf(graph.operation(op).code).name});
  for (const EffectOn &on : effects.effects(index, op)) {
    if (on.effect != Effect::Sample && on.effect != Effect::Read)
      continue;
    context.diagnostics.report(Diag::DroppedUnused, graph.operation(op).location,
                               {rowOf(graph.operation(op).code).name});
    return;
  }
}

void DeadCode::remarkKept(OpId op) {
  const Operation &o = graph.operation(op);
  std::string_view name = rowOf(o.code).name;
  if (verdicts[op.index] == Droppable::MayFail)
    context.diagnostics.report(Diag::KeptMayFail, o.location, {name});
  else if (verdicts[op.index] == Droppable::Keep)
    context.diagnostics.report(Diag::KeptAsAsked, o.location, {name});
}

/// Removes an operation's uses, with those of everything inside it.
void DeadCode::drop(OpId op) {
  dropped[op.index] = true;
  std::vector<OpId> pending{op};
  while (!pending.empty()) {
    OpId next = pending.back();
    pending.pop_back();
    for (ValueRef v : graph.allOperands(next)) {
      OpId source = graph.value(v).definedBy;
      if (--uses[v.index] == 0 && source && !dropped[source.index])
        candidates.push_back(source);
    }
    for (RegionId r = graph.operation(next).firstRegion; r; r = graph.region(r).next)
      for (OpId inner : graph.region(r).body) {
        if (dropped[inner.index])
          continue;
        dropped[inner.index] = true;
        pending.push_back(inner);
      }
  }
}

void DeadCode::dropUnused() {
  // From the end backwards: the users of a value come after it.
  for (uint32_t i = 0; i != graph.operationCount(); ++i)
    if (OpId op(i); !graph.erased(op) && !isTerminator(graph.operation(op).code) && unused(op))
      candidates.push_back(op);
  while (!candidates.empty()) {
    OpId op = candidates.back();
    candidates.pop_back();
    if (dropped[op.index] || !unused(op))
      continue;
    judged.push_back(op);
    if (verdicts[op.index] == Droppable::Yes)
      drop(op);
  }
}

Droppable DeadCode::run() {
  verdicts.assign(graph.operationCount(), Droppable::Yes);
  ofRegions.assign(graph.operationCount(), Droppable::Yes);
  dropped.assign(graph.operationCount(), false);
  uses = context.analyses().uses(index).byValue();
  RegionId body = module.functions[index]->body;
  walk(graph, body, *this);
  dropUnused();

  std::sort(judged.begin(), judged.end(), [](OpId a, OpId b) { return a.index < b.index; });
  for (OpId op : judged)
    dropped[op.index] ? remarkDropped(op) : remarkKept(op);
  if (!judged.empty())
    if (size_t count = eraseMarked(graph, body, dropped)) {
      context.count("operations dropped", count);
      changed = true;
    }
  return bodyVerdict;
}

Result<Change> Dce::run(Module &module, PassContext &context) {
  const EffectAnalysis &effects = context.analyses().effects();
  std::vector<Droppable> callees(module.functions.size(), Droppable::HasEffect);
  bool changed = false;
  for (uint32_t index : calleesFirst(module)) {
    DeadCode code(module, index, effects, callees, context);
    callees[index] = code.run();
    changed |= code.changed;
  }
  return changed ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createDce() { return std::make_unique<Dce>(); }
