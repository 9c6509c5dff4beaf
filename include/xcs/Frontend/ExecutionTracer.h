#pragma once
#include "xcs/IR/Builder.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// The result of a recorded operation. Ids ascend in program order and are never used twice by a tracer.
struct Recorded {
  uint64_t id = 0; // 0: none
  explicit operator bool() const { return id != 0; }
  friend bool operator==(const Recorded &, const Recorded &) = default;
};

/// The place in the user's program where an operation was asked for. Line 0: unknown.
struct TraceOrigin {
  std::string_view file;
  uint32_t line = 0, column = 1; // from 1
};

/// What an operation gets: a result recorded before, or a value of a type of `ExecutionTracer::pool`.
struct TraceOperand {
  TraceOperand(Recorded from) : recorded(from) {}
  TraceOperand(Value given, TypeId type) : value(std::move(given)), type(type) {}
  Recorded recorded; // none: `value`
  Value value;
  TypeId type;
};

/// One operation to be recorded. Types and attribute values are those of `ExecutionTracer::pool`.
struct TraceCall {
  std::string_view op; // its name in the table: `str.concat`
  std::span<const TraceOperand> operands = {};
  std::span<const Builder::Attr> attributes = {};
  std::string_view symbol = {}; // the resource that it uses, without the `@`; empty: none
  /// The type of its result, where the table leaves it open (`model.chat`, `json.cast`, ...). None: what the
  /// table says; `str` of `model.chat`, `json` of `host.call`, texts of `exec.run` and `http.request`.
  TypeId resultType = {};
  TraceOrigin origin = {};
};

/// Why nothing was recorded: the row of the diagnostic and its finished message, at the origin of the call.
struct TraceError {
  Diag id{};
  std::string message;
  // The place, where it is not that of a call; line 0: unknown.
  std::string file = {};
  uint32_t line = 0, column = 0;
};

/// What a tracer makes of what it records.
enum class TraceForm : uint8_t {
  /// A part of a program that runs while it is written down. Values become parameters, so that equal graphs
  /// are
  /// equal modules whatever the values are. What touches the world is kept, used or not: the program has
  /// asked
  /// for it. Each draw is named after the place of its call and how often that was reached in the segment.
  Segment,
  /// A whole program, as if written by hand: values become constants.
  Program,
};

/// A part of a program, ready to be compiled: one function with one parameter for each binding.
struct TraceSegment {
  /// Where the argument of a parameter comes from.
  struct Binding {
    Recorded earlier; // a result of an earlier segment; none: `value`
    Value value;      // empty: a parameter that `ExecutionTracer::parameter` has made
  };
  std::unique_ptr<Module> module; // null if nothing was recorded
  std::vector<Binding> parameters;
  std::vector<Recorded> results; // of the function, in order
  uint64_t ordinal = 0;          // of the segment: 0, 1, ...
};

/// Records operations in program order into a module, and knows nothing of runs. What is recorded until
/// `finish` is one segment. A call whose operation, operands, attributes or types are wrong gives the
/// verifier's error and records nothing. What has regions cannot be recorded.
///
/// Linear in what is recorded. After `finish` a tracer holds a few words for each wanted result, until
/// `forget`; and what it knows of shapes of calls, bounded. Thread safety: one thread.
class ExecutionTracer {
public:
  explicit ExecutionTracer(TraceForm form = TraceForm::Segment, std::string_view symbol = "segment",
                           Limits limits = {});
  ~ExecutionTracer();
  ExecutionTracer(const ExecutionTracer &) = delete;

  /// The pool of the present segment, for types and attribute values of its calls. `finish` ends it: ids of
  /// one segment mean nothing in the next.
  ConstantPool &pool();

  /// Declares a resource, such as a model, for this segment and all later ones; only segments that use it
  /// hold it. Declaring it again with the same attributes has no effect; with others, it is an error.
  Result<void, TraceError> declare(ResourceKind kind, std::string_view symbol,
                                   std::span<const Builder::Attr> attributes);
  /// A parameter of the present segment, bound by the caller. A name with anything but letters, digits
  /// and `_`, or one that is taken: a number (`p0`).
  Recorded parameter(TypeId type, std::string_view name = {});
  /// Records a call and returns its result.
  Result<Recorded, TraceError> add(const TraceCall &call);

  /// Whether it is known: recorded in this segment, or wanted in an earlier one and not forgotten.
  bool knows(Recorded recorded) const;
  /// The type of a known result, in `pool`.
  TypeId typeOf(Recorded recorded);
  /// How many operations the present segment has.
  size_t size() const;
  /// How many of them touch the world or take time.
  size_t worldSize() const;

  /// Ends the segment. `wanted` are the results of it that may be asked for, or used by later segments; all
  /// others are gone. They must be of this segment.
  TraceSegment finish(std::span<const Recorded> wanted);
  /// Drops a wanted result of an earlier segment: it will not be used again.
  void forget(Recorded recorded);
  /// Drops what was recorded since the last `finish`.
  void discard();

private:
  struct State; // lib/Frontend/TraceState.h
  std::unique_ptr<State> state;
};

} // namespace xcs
