#pragma once
#include "xcs/IR/Module.h"
#include "xcs/IR/OpEffects.h"
#include <string>
#include <vector>

namespace xcs {

/// The target of an effect. Two targets conflict when their kinds are equal and their identities are equal or
/// one of them is unknown (none). `Http` identity: the origin `scheme://host:port` in lower case, known when
/// the url is a constant. `File`: the normal path, known when it is a constant, from the directory in which
/// the run starts where the module knows that; two of them conflict as Paths.h says, since a directory counts
/// for all beneath it. `Env`: the name of the variable. `Process`: all
/// that commands do beside files. `Host`: what
/// the host's functions touch, by the names that their effects give it. `Random`, `Clock` and
/// `Person`, who answers questions, are what no one writes. `Control` is the target of
/// guards: whether the program continues.
struct EffectTarget {
  enum class Kind : uint8_t { Model, Http, Log, Clock, Control, File, Process, Env, Random, Host, Person };
  static constexpr size_t kindCount = 11;
  /// Longer or deeper paths count as unknown, since each part costs a step on every access. Linux does not
  /// accept a path of 4096 bytes (PATH_MAX, limits.h).
  static constexpr size_t maxPathBytes = 4095, maxPathParts = 256;
  /// The same of relative paths that go up further: they have up to a square of that many aliases
  /// (PathOrder).
  static constexpr size_t maxStepsUp = 8;
  Kind kind = Kind::Control;
  StringId identity; // a symbol, an origin, a path, a name; none: unknown at compile time
  bool operator==(const EffectTarget &) const = default;
  /// Of files only whether they may conflict: their paths say more.
  bool conflicts(const EffectTarget &other) const {
    return kind == other.kind &&
           (kind == Kind::File || identity == other.identity || !identity || !other.identity);
  }
};

/// One effect of an operation, including those of its regions and callees, once per kind of effect and
/// target.
struct EffectOn {
  Effect effect = Effect::Pure; // never Pure, Bodies, HttpMethod, Exec, Host: those are resolved
  EffectTarget target;
  bool operator==(const EffectOn &) const = default;
};

/// The origin `scheme://host:port` of an absolute http or https url, in lower case, the port always written;
/// empty when the text is not one.
std::string originOf(std::string_view url);

/// The effects of every operation of a module; an operation with regions, or a call, has those of its bodies.
/// Computed in one sweep, callees first; functions on a cycle of calls have the effects of all of them. The
/// table in language.md says which merges, drops and reorderings are allowed. An operation with bodies that
/// has more than `maxTargets` targets of one kind is assumed to have an unknown one. Linear. Functions are
/// named by their index in Module::functions. Invalid once the module has changed. Thread safety: concurrent
/// reads are safe.
class EffectAnalysis {
public:
  static constexpr size_t maxTargets = 64;

  /// Interns the names of origins in the module's pool; changes nothing else.
  explicit EffectAnalysis(Module &module);

  /// The effects of an operation; empty for pure ones.
  std::span<const EffectOn> effects(size_t function, OpId op) const {
    const Range &r = perOp[function][op.index];
    return {pool.data() + r.first, r.count};
  }
  /// The effects of calling a function.
  std::span<const EffectOn> effects(size_t function) const {
    return {pool.data() + perFunction[function].first, perFunction[function].count};
  }
  bool isPure(size_t function, OpId op) const { return perOp[function][op.index].count == 0; }
  /// Whether both have the same effects for every operation and function.
  bool operator==(const EffectAnalysis &other) const;

private:
  struct Range {
    uint32_t first = 0, count = 0;
  };
  class Sweep; // lib/Analysis/Effects.cpp
  std::vector<EffectOn> pool;
  std::vector<std::vector<Range>> perOp; // [function][operation]
  std::vector<Range> perFunction;
};

} // namespace xcs
