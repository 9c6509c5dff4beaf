#include "Transforms/OperationTable.h"
#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/WriteClock.h"
#include "xcs/IR/Walk.h"
#include <span>
#include <vector>

using namespace xcs;

namespace {
/// Merges an operation with an equal one that dominates it: same code, operands, attributes, symbol and
/// result types. Legal for pure operations and calls, and for reads without a write to their target in
/// between. Two samples are two draws and are never merged. Linear; nesting is handled with an explicit
/// stack.
class Cse : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

class Merger {
public:
  Merger(Module &module, size_t index, const EffectAnalysis &effects, PassContext &context)
      : module(module), index(index), graph(module.functions[index]->graph), effects(effects),
        context(context), table(module.pool, graph), view(module.pool.view()), replacements(graph),
        clock(module.pool), marks(graph.operationCount()) {}
  /// Returns how many operations were merged.
  size_t run();

  // Visitor of walk().
  void beginRegion(RegionId) { table.openScope(); }
  void endRegion(RegionId) { table.closeScope(); }
  bool beginOp(OpId op);
  void endOp(OpId op);

private:
  void noteWrites(OpId op);
  void merge(OpId op, OpId with);
  void visitPure(OpId op);
  void visitRead(OpId op, const EffectTarget &target);
  void visitSample(OpId op);

  Module &module;
  size_t index;
  ComputationGraph &graph;
  const EffectAnalysis &effects;
  PassContext &context;
  OperationTable table; // before the view, since it adds to the pool
  ConstantView view;
  ValueReplacements replacements;
  WriteClock clock;
  std::vector<uint8_t> marks; // merged ones, by operation
};
} // namespace

void Merger::noteWrites(OpId op) { clock.writeAll(effects.effects(index, op)); }

void Merger::merge(OpId op, OpId with) {
  for (size_t i = 0; i != graph.results(op).size(); ++i)
    replacements.replace(graph.results(op)[i], graph.results(with)[i]);
  marks[op.index] = true;
}

void Merger::visitPure(OpId op) {
  OpId same = table.find(op);
  if (!same)
    return table.add(op, 0);
  const Operation &o = graph.operation(op);
  if (o.code != OpCode::core_const && context.diagnostics.shows(Diag::Merged))
    context.diagnostics.report(Diag::Merged, o.location,
                               {rowOf(o.code).name, lineText(module, graph.operation(same).location)});
  merge(op, same);
}

void Merger::visitRead(OpId op, const EffectTarget &target) {
  uint64_t now = clock.lastWrite(target);
  const Operation &o = graph.operation(op);
  std::string_view name = rowOf(o.code).name;
  OpId same = flagAttr(view, o.attributes, Attribute::keep) ? OpId() : table.find(op);
  if (same && table.stampOf(same) == now) {
    context.diagnostics.report(Diag::MergedRead, o.location,
                               {name, lineText(module, graph.operation(same).location)});
    return merge(op, same);
  }
  if (same)
    context.diagnostics.report(Diag::NotMergedWrite, o.location,
                               {name, lineText(module, graph.operation(same).location)});
  table.add(op, now);
}

void Merger::visitSample(OpId op) {
  const Operation &o = graph.operation(op);
  OpId same = table.find(op);
  // Only for operations that the author could have marked as mergeable.
  bool choice = hasAttr(o.code, Attribute::deterministic) || hasAttr(o.code, Attribute::stable);
  if (same && choice)
    context.diagnostics.report(Diag::NotMergedDraw, o.location,
                               {rowOf(o.code).name, lineText(module, graph.operation(same).location)});
  else if (!same)
    table.add(op, 0);
}

bool Merger::beginOp(OpId op) {
  replacements.update(graph, op);
  const Operation &o = graph.operation(op);
  if (isTerminator(o.code))
    return false;
  std::span<const EffectOn> on = effects.effects(index, op);
  if (o.regionCount != 0) {
    // Before its regions too: iterations of a `map` write between one another's reads.
    noteWrites(op);
    return true;
  }
  if (on.empty())
    visitPure(op);
  else if (on.size() == 1 && on[0].effect == Effect::Read && o.code != OpCode::core_call)
    visitRead(op, on[0].target);
  else if (on.size() == 1 && on[0].effect == Effect::Sample && o.code != OpCode::core_call)
    visitSample(op);
  else
    noteWrites(op);
  return true;
}

void Merger::endOp(OpId op) {
  if (graph.operation(op).regionCount != 0)
    noteWrites(op);
}

size_t Merger::run() {
  RegionId body = module.functions[index]->body;
  walk(graph, body, *this);
  const size_t merged = eraseMarked(graph, body, marks);
  if (merged)
    context.count("operations merged", merged);
  return merged;
}

Result<Change> Cse::run(Module &module, PassContext &context) {
  const EffectAnalysis &effects = context.analyses().effects();
  size_t merged = 0;
  for (size_t i = 0; i != module.functions.size(); ++i)
    merged += Merger(module, i, effects, context).run();
  return merged ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createCse() { return std::make_unique<Cse>(); }
