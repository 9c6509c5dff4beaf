#pragma once
#include "xcs/Analysis/AnalysisCache.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// One found instance of a pattern within a region.
struct PatternMatch {
  std::string_view pattern; // the pattern's name: "ensemble", "chain", ...
  size_t function = 0;      // index in Module::functions
  RegionId region;
  std::vector<OpId> operations; // its members in program order; the first carries the remark
  OpId combiner;                // what joins the members (reduce, ensemble); none if nothing does
  std::string summary;          // for the remark: a description of the match
};

/// What a pattern examines: one region.
struct PatternContext {
  const Module &module;
  size_t functionIndex;
  RegionId region;
  const FunctionGraphs &graphs;
  DependencyGraph graph; // of the region
  const EffectAnalysis &effects;

  const ComputationGraph &operations() const { return module.functions[functionIndex]->graph; }
};

/// Recognises one shape of computation. Patterns change nothing.
class Pattern {
public:
  virtual ~Pattern() = default;
  virtual std::string_view name() const = 0;
  /// Appends every instance in the region, in program order of their first members. Linear in operations and
  /// edges.
  virtual void match(const PatternContext &context, std::vector<PatternMatch> &out) const = 0;
};

/// The patterns of XCS, one row and one file each (Patterns.def); `add` extends a library.
class PatternLibrary {
public:
  /// A library with all built-in patterns.
  static PatternLibrary builtin();
  void add(std::unique_ptr<Pattern> pattern) { patterns.push_back(std::move(pattern)); }
  std::span<const std::unique_ptr<Pattern>> all() const { return patterns; }
  /// Every match of every pattern in every region of the module: functions and regions in order, and within a
  /// region the patterns in the order of the library.
  std::vector<PatternMatch> matchAll(AnalysisCache &analyses) const;

private:
  std::vector<std::unique_ptr<Pattern>> patterns;
};

} // namespace xcs
