#pragma once
#include "xcs/Analysis/Levels.h"
#include "xcs/Analysis/PathAfter.h"
#include "xcs/Analysis/Uses.h"
#include <memory>
#include <optional>

namespace xcs {

/// What a pass did to a module. Facts are attributes that describe the program without affecting its meaning
/// (`sched.*`, `pattern.*`). Any other change is a change of the program.
enum class Change : uint8_t { Nothing, Facts, Program };

/// The analyses of a module. Each is computed when first requested and kept until the program changes.
/// References are valid until then. Thread safety: none.
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
  /// Whether everything cached equals a fresh computation: false if a change was not reported.
  bool isFresh();
  /// How many analyses have been computed so far.
  size_t computed() const { return count; }

private:
  Module &of;
  std::unique_ptr<EffectAnalysis> effectAnalysis;
  std::unique_ptr<std::vector<FunctionGraphs>> functionGraphs;
  std::unique_ptr<CostAnalysis> costAnalysis;
  std::unique_ptr<PathAfter> paths;
  std::vector<std::unique_ptr<ValueUses>> valueUses; // by function; null until requested
  size_t count = 0;
};

} // namespace xcs
