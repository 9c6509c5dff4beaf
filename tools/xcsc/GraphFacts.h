#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include <string>
#include <vector>

namespace xcs::compiler {

/// The dependency graph of one region with derived facts for readers.
struct RegionFacts {
  DependencyGraph graph;
  Levels levels;
  std::vector<double> costs;
  std::vector<uint32_t> criticalNext; // by node: the next one on the critical path; none: UINT32_MAX
  std::vector<bool> critical;         // by node: on the critical path
};

/// The analyses for every form of the dependency graph. The module must not change while this lives.
class GraphFacts {
public:
  explicit GraphFacts(Module &module) : module(module), known(module) {}
  AnalysisCache &analyses() { return known; }
  const EffectAnalysis &effects() const { return known.effects(); }
  const FunctionGraphs &graphs(size_t function) const { return known.graphs()[function]; }
  const CostAnalysis &costs() const { return known.costs(); }
  RegionFacts of(size_t function, RegionId region) const;

  /// `%a = model.chat @gpt`, without operands and attributes: the label of a node.
  std::string nodeText(size_t function, OpId op) const;
  /// `meta.stage = "draft", meta.owner = "me"`; empty if it has none.
  std::string metaText(size_t function, OpId op) const;
  /// `func @main(%question: str) -> str`.
  std::string headText(size_t function) const;
  /// The line of an operation; 0 if it is unknown.
  uint32_t line(size_t function, OpId op) const;

private:
  Module &module;
  mutable AnalysisCache known;
};

/// A time for people, with three digits: `2.5 s`, `100 ms`, `40 ns`.
std::string timeText(double nanoseconds);

} // namespace xcs::compiler
