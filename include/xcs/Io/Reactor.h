#pragma once
#include "xcs/Io/Timers.h"
#include "xcs/Support/Result.h"
#include <functional>
#include <memory>
#include <string>

namespace xcs {

/// A thread that sleeps until something happens (a timer is due, a descriptor is ready, somebody posts a
/// step) and then makes a turn: what happened is taken in, timers that are due run, and its owner does what
/// follows from that. HttpClient, Children and BlockingPool live on it.
///
/// Thread safety: `post` from any thread; the rest on the reactor's own, where all its callbacks run.
/// Invariants: the clock of its timers is monotonicNanoseconds; a timer never runs early.
class Reactor {
public:
  using Step = std::function<void()>;
  struct Hooks {
    /// Called on the reactor's thread once before and once after each sleep, behind the timers. May be empty.
    Step turn;
    /// Called on the reactor's thread as the last thing, when the reactor is destroyed: the place to destroy
    /// what lives on it, and to wait with `turnWhile` for what must have ended. May be empty.
    Step closing;
  };

  /// Starts a reactor; without one, the reason: the system gives no descriptor or no thread. `hooks` are not
  /// called before the first `post`, so that the owner can keep the reactor first.
  static Result<std::unique_ptr<Reactor>, std::string> start(Hooks hooks);
  /// Not on its own thread. Steps posted before are run; timers are dropped.
  ~Reactor();
  Reactor(const Reactor &) = delete;

  /// Has a step run on the reactor's thread, after those posted before.
  void post(Step step);

  Timers &timers();
  /// Makes turns for as long as a condition holds; within `closing` alone.
  void turnWhile(const std::function<bool()> &condition);

  /// How many descriptors a reactor itself takes.
  static constexpr unsigned descriptors = 8;

private:
  friend struct ReactorLoop; // lib/Io/ReactorLoop.h
  struct Impl;
  explicit Reactor(std::unique_ptr<Impl> made);
  std::unique_ptr<Impl> impl;
};

} // namespace xcs
