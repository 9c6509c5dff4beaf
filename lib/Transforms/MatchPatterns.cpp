#include "Transforms/Passes.h"
#include "xcs/Patterns/Pattern.h"

using namespace xcs;

namespace {
/// Runs the pattern library over the module, records matches as facts of the members (`pattern.kind`,
/// and `pattern.group`, one number per match) and reports each match as a remark. Does not change the
/// meaning. An operation belongs to the first match that contains it; a match without an operation of its own
/// is not reported.
class MatchPatterns : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// Writes the facts of one module.
class Marker {
public:
  explicit Marker(Module &module)
      : module(module), kindKey(module.pool.intern("pattern.kind")),
        groupKey(module.pool.intern("pattern.group")), taken(module.functions.size()) {
    for (size_t f = 0; f != taken.size(); ++f)
      taken[f].assign(module.functions[f]->graph.operationCount(), 0);
  }
  /// Removes what an earlier run wrote; returns whether there was any.
  bool clear();
  /// False if every member already belongs to another match.
  bool mark(const PatternMatch &match, int64_t group);

private:
  Module &module;
  StringId kindKey, groupKey;
  std::vector<std::vector<uint8_t>> taken; // by function and operation
};
} // namespace

bool Marker::clear() {
  bool any = false;
  for (const std::unique_ptr<Function> &function : module.functions) {
    ComputationGraph &graph = function->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const DictId known = graph.facts(OpId(i));
      if (!known)
        continue;
      const DictId kept = module.pool.withoutEntry(module.pool.withoutEntry(known, kindKey), groupKey);
      if (kept == known)
        continue;
      any = true;
      graph.setFacts(OpId(i), kept);
    }
  }
  return any;
}

bool Marker::mark(const PatternMatch &match, int64_t group) {
  ComputationGraph &graph = module.functions[match.function]->graph;
  bool any = false;
  DictId before, with; // most members have no other facts
  for (OpId op : match.operations) {
    if (taken[match.function][op.index])
      continue;
    any = true;
    taken[match.function][op.index] = true;
    if (const DictId known = graph.facts(op); !with || known != before) {
      before = known;
      with = module.pool.withEntry(known, kindKey, module.pool.textAttr(match.pattern));
      with = module.pool.withEntry(with, groupKey, module.pool.intAttr(group));
    }
    graph.setFacts(op, with);
  }
  return any;
}

Result<Change> MatchPatterns::run(Module &module, PassContext &context) {
  std::vector<PatternMatch> matches = PatternLibrary::builtin().matchAll(context.analyses());
  Marker marker(module);
  bool changed = marker.clear();
  int64_t group = 0;
  for (const PatternMatch &match : matches) {
    if (!marker.mark(match, group + 1))
      continue;
    ++group;
    changed = true;
    const ComputationGraph &graph = module.functions[match.function]->graph;
    context.diagnostics.report(Diag::PatternFound, graph.operation(match.operations.front()).location,
                               {match.pattern, match.summary});
    context.count(match.pattern);
  }
  return changed ? Change::Facts : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createMatchPatterns() { return std::make_unique<MatchPatterns>(); }
