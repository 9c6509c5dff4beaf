#pragma once
#include <cstddef>
#include <cstdint>

namespace xcs {

class ExecutionTracer;

/// Says when what was recorded becomes a segment that runs: before the program looks at a value that is not
/// there yet, and before so much or so long was recorded that the world waits for the program. Thread safety:
/// one thread.
class TracingStrategy {
public:
  struct Bounds {
    /// An operation more costs less than starting another run; this many cost a few milliseconds to compile.
    size_t mostOperations = 1024;
    /// For how long a recorded operation of the world may wait for the program to look, in nanoseconds: much
    /// less than such an operation takes.
    int64_t longestWait = 500'000;
  };
  TracingStrategy() = default;
  explicit TracingStrategy(Bounds bounds) : bounds(bounds) {}

  /// After a call was recorded, at `now` by any monotonic clock: whether the segment ends here.
  bool endsAfterCall(const ExecutionTracer &tracer, int64_t now);
  /// Before the program waits for a value: whether there is a segment to end.
  bool endsBeforeWait(const ExecutionTracer &tracer);
  /// The segment was ended.
  void begin() { firstWaits = false; }

private:
  Bounds bounds;
  bool firstWaits = false; // an operation of the world was recorded, at `since`
  int64_t since = 0;
};

} // namespace xcs
