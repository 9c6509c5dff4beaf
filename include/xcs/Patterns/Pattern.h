#pragma once
#include "xcs/Analysis/DependencyGraph.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// One found instance of a pattern within a region.
struct PatternMatch {
  std::string_view pattern;         // the pattern's name: "ensemble", "chain", ...
  const Function *function = nullptr;
  RegionId region;
  std::vector<OpId> operations;     // its members in program order; the first carries the attribute and the remark
  OpId combiner;                    // what joins the members (reduce, ensemble); none where there is none
  std::string summary;              // for the remark: what matched, in words
};

/// What a pattern looks at.
struct PatternContext {
  const Module &module;
  const Function &function;
  RegionId region;
  const DependencyGraph &graph;
  const EffectAnalysis &effects;
};

/// Recognises one shape of computation. Patterns look only, they change nothing.
class Pattern {
public:
  virtual ~Pattern() = default;
  virtual std::string_view name() const = 0;
  /// Appends every instance in the region, in program order. Linear in operations and edges.
  virtual void match(const PatternContext &context, std::vector<PatternMatch> &out) const = 0;
};

/// The patterns XCS knows, one row and one file each (Patterns.def); `add` extends a library by one's own.
class PatternLibrary {
public:
  /// A library with all built-in patterns.
  static PatternLibrary builtin();
  void add(std::unique_ptr<Pattern> pattern) { patterns.push_back(std::move(pattern)); }
  /// Every match of every pattern in every region of the module, functions and regions in order.
  std::vector<PatternMatch> matchAll(const Module &module, const EffectAnalysis &effects) const;

private:
  std::vector<std::unique_ptr<Pattern>> patterns;
};

} // namespace xcs
