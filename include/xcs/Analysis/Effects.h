#pragma once
#include "xcs/IR/Module.h"
#include <vector>

namespace xcs {

/// What an effect is on. Two targets conflict when their kinds are equal and their identities are equal or one of them is
/// unknown (none). `Http` identity: the origin `scheme://host:port` in lower case, known when the url is a constant.
struct EffectTarget {
  enum class Kind : uint8_t { Model, Http, Log, Clock } kind;
  StringId identity; // a symbol or an origin; none: unknown at compile time
  bool operator==(const EffectTarget &) const = default;
};

/// One effect of an operation, regions and callees included, once per kind of effect and target.
struct EffectOn {
  Effect effect; // never Bodies or HttpMethod: those are resolved
  EffectTarget target;
};

/// The effects of every operation of a module (an operation with regions or a call has those of its bodies), found in one
/// sweep: callees first. Which merge, drop and order is allowed is language.md's table. Linear.
class EffectAnalysis {
public:
  explicit EffectAnalysis(Module &module);

  /// The effects of an operation; empty for pure ones.
  std::span<const EffectOn> effects(const Function &function, OpId op) const;
  /// The effects of calling a function.
  std::span<const EffectOn> effects(const Function &function) const;
  bool isPure(const Function &function, OpId op) const { return effects(function, op).empty(); }

private:
  struct Range {
    uint32_t first = 0, count = 0;
  };
  uint32_t functionIndex(const Function &function) const;
  const Module &module;
  std::vector<EffectOn> pool;
  std::vector<std::vector<Range>> perOp; // [function][operation]
  std::vector<Range> perFunction;
};

} // namespace xcs
