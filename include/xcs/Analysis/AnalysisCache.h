#pragma once
#include "xcs/Analysis/Levels.h"
#include "xcs/Analysis/PathAfter.h"
#include "xcs/Analysis/Uses.h"
#include <memory>
#include <optional>

namespace xcs {

/// What a pass did to a module. Facts are attributes that say something of the program and mean nothing for
/// it
/// (`sched.*`, `pattern.*`); a change of anything else is one of the program.
enum class Change : uint8_t { Nothing, Facts, Program };

/// What is known of a module: each analysis is made when it is first asked for, and kept until the program
/// changes. References are valid until then. Thread safety: none.
class AnalysisCache {
public:
  explicit AnalysisCache(Module &module) : of(module) {}

  Module &module() { return of; }
  const EffectAnalysis &effects();
  /// By function.
  const std::vector<FunctionGraphs> &graphs();
  const CostAnalysis &costs();
  const PathAfter &pathAfter();
  const ValueUses &uses(size_t function);

  /// To be called after every change.
  void invalidate(Change change);
  /// Whether all that is kept equals what would be found anew: false where a change went unsaid.
  bool isFresh();
  /// How many analyses were made so far.
  size_t made() const { return count; }

private:
  Module &of;
  std::unique_ptr<EffectAnalysis> effectAnalysis;
  std::unique_ptr<std::vector<FunctionGraphs>> functionGraphs;
  std::unique_ptr<CostAnalysis> costAnalysis;
  std::unique_ptr<PathAfter> paths;
  std::vector<std::unique_ptr<ValueUses>> valueUses; // by function, as far as asked for
  size_t count = 0;
};

} // namespace xcs
