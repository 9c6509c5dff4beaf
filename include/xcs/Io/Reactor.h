#pragma once
#include "xcs/Io/Timers.h"
#include "xcs/Support/Result.h"
#include <functional>
#include <memory>
#include <string>

namespace xcs {

/// A thread that sleeps until something happens (a timer is due, a descriptor is ready, a step is posted) and
/// then takes a turn: it collects the events, runs the timers that are due, and lets its owner react.
/// HttpClient, Children and BlockingPool live on it.
///
/// Thread safety: `post` from any thread; everything else on the reactor's thread, where all its callbacks
/// run.
/// Invariants: the clock of its timers is monotonicNanoseconds; a timer never runs early.
class Reactor {
public:
  using Step = std::function<void()>;
  struct Hooks {
    /// Called on the reactor's thread once before and once after each sleep, after the timers. May be empty.
    Step turn;
    /// Called last on the reactor's thread when the reactor is destroyed: the place to destroy what lives on
    /// it, and to wait with `turnWhile` for whatever must finish first. May be empty.
    Step closing;
  };

  /// Starts a reactor. On failure, the reason: the system provides no descriptor or no thread. `hooks` are
  /// not called before the first `post`, so the owner can store the reactor first.
  static Result<std::unique_ptr<Reactor>, std::string> start(Hooks hooks);
  /// Must not be called on the reactor's thread. Steps posted before are run; timers are dropped.
  ~Reactor();
  Reactor(const Reactor &) = delete;

  /// Runs a step on the reactor's thread, after those posted before.
  void post(Step step);

  Timers &timers();
  /// The time: read once for all that happens together, so that a turn with tens of thousands of events reads
  /// it once. It is never before the moment at which the step that asks was posted, or its timer was due.
  int64_t now();
  /// Has the next `now` read the clock: for what was handed over by other means than `post`.
  void refreshNow();
  /// Takes turns for as long as the condition holds. Only within `closing`.
  void turnWhile(const std::function<bool()> &condition);

  /// How many descriptors a reactor itself uses.
  static constexpr unsigned descriptors = 8;

private:
  friend struct ReactorLoop; // lib/Io/ReactorLoop.h
  struct Impl;
  explicit Reactor(std::unique_ptr<Impl> made);
  std::unique_ptr<Impl> impl;
};

} // namespace xcs
