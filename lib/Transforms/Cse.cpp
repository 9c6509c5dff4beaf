#include "Transforms/OperationTable.h"
#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/Effects.h"
#include "xcs/IR/Walk.h"
#include "xcs/Support/PathTree.h"
#include "xcs/Support/Paths.h"
#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

using namespace xcs;

namespace {
/// Merges an operation with an equal one that dominates it: same code, operands, attributes, symbol and
/// result types. Legal for pure operations and calls, and for reads with no write to their target between.
/// Two samples are two draws and are never merged. Linear; nesting is followed with a stack.
class Cse : public Pass {
public:
  Status run(Module &module, PassContext &context) override;
};

/// When paths were written: a directory stands for all beneath it (Paths.h).
class PathClock {
public:
  void write(std::string_view path, uint64_t now) {
    (isAbsolutePath(path) ? anyAbsolute : anyRelative) = now;
    std::span<const uint32_t> chain = chainOf(path);
    for (uint32_t directory : chain.first(chain.size() - 1))
      at[directory].beneath = now;
    at[chain.back()].self = now;
  }
  uint64_t lastWrite(std::string_view path) {
    std::span<const uint32_t> chain = chainOf(path);
    uint64_t last = std::max(isAbsolutePath(path) ? anyRelative : anyAbsolute, at[chain.back()].beneath);
    for (uint32_t each : chain)
      last = std::max(last, at[each].self);
    return last;
  }

private:
  struct Times {
    uint64_t self = 0, beneath = 0;
  };
  std::span<const uint32_t> chainOf(std::string_view path) {
    std::span<const uint32_t> chain = paths.chainOf(path);
    at.resize(paths.size());
    return chain;
  }
  PathTree paths;
  std::vector<Times> at; // by number of the path
  uint64_t anyAbsolute = 0, anyRelative = 0;
};

/// Counts the writes to each target on the way, so that two reads with equal counts have no write between.
class WriteClock {
public:
  explicit WriteClock(const ConstantPool &pool) : pool(pool) {}
  void write(const EffectTarget &target) {
    uint64_t now = ++time;
    if (target.kind == EffectTarget::Kind::File && target.identity)
      paths.write(pool.text(target.identity), now);
    Kind &kind = kinds[static_cast<size_t>(target.kind)];
    kind.any = now;
    if (target.identity)
      kind.known[target.identity.index] = now;
    else
      kind.unknown = now;
  }
  /// When the last write happened that a read of this target would notice.
  uint64_t lastWrite(const EffectTarget &target) {
    const Kind &kind = kinds[static_cast<size_t>(target.kind)];
    if (!target.identity)
      return kind.any;
    if (target.kind == EffectTarget::Kind::File)
      return std::max(kind.unknown, paths.lastWrite(pool.text(target.identity)));
    auto found = kind.known.find(target.identity.index);
    return std::max(kind.unknown, found == kind.known.end() ? 0 : found->second);
  }

private:
  struct Kind {
    uint64_t any = 0, unknown = 0;
    std::unordered_map<uint32_t, uint64_t> known;
  };
  const ConstantPool &pool;
  Kind kinds[EffectTarget::kindCount];
  PathClock paths;
  uint64_t time = 0;
};

class Merger {
public:
  Merger(Module &module, size_t index, const EffectAnalysis &effects, PassContext &context)
      : module(module), index(index), graph(module.functions[index]->graph), effects(effects),
        context(context), view(module.pool.view()), replacements(graph), table(graph), clock(module.pool),
        marks(graph.operationCount()) {}
  void run();

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
  ConstantView view;
  ValueReplacements replacements;
  OperationTable table;
  WriteClock clock;
  std::vector<uint8_t> marks; // merged ones, by operation
};
} // namespace

void Merger::noteWrites(OpId op) {
  for (const EffectOn &on : effects.effects(index, op))
    if (isWrite(on.effect))
      clock.write(on.target);
}

void Merger::merge(OpId op, OpId with) {
  for (size_t i = 0; i != graph.results(op).size(); ++i)
    replacements.replace(graph.results(op)[i], graph.results(with)[i]);
  marks[op.index] = true;
}

void Merger::visitPure(OpId op) {
  OpId same = table.find(op);
  if (!same)
    return table.add(op, 0);
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
  // Only of what the author could have as one.
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

void Merger::run() {
  RegionId body = module.functions[index]->body;
  walk(graph, body, *this);
  if (size_t merged = eraseMarked(graph, body, marks))
    context.count("operations merged", merged);
}

Status Cse::run(Module &module, PassContext &context) {
  EffectAnalysis effects(module);
  for (size_t i = 0; i != module.functions.size(); ++i)
    Merger(module, i, effects, context).run();
  return success();
}

std::unique_ptr<Pass> xcs::createCse() { return std::make_unique<Cse>(); }
