#pragma once
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Kernel.h"
#include "xcs/World/Budget.h"
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xcs {

// The interface between the engine and the world. The engine executes a plan and knows nothing of sockets,
// files or clocks. The world executes the operations that touch something outside and knows nothing of
// frames. A layer between the two (a cache, a journal, a recording) is a World to the engine and a
// WorldClient to the world below it.

/// The engine's handle of an operation in flight. The world returns it unchanged and never inspects it.
struct Ticket {
  void *activation = nullptr;
  uint32_t node = 0;
};

/// Where an operation is executed, from the entry of the plan inwards: the calls and repetitions around it.
/// Distinguishes the executions of one operation, whatever the schedule.
struct RequestPlace {
  struct Step {
    uint32_t op;    // the calling or repeating operation; index in PlanView::ops
    uint32_t index; // which of its activations; UINT32_MAX for a call
  };
  std::vector<Step> steps;
};

/// A request to execute an operation of the world once.
struct WorldRequest {
  Ticket ticket;
  uint32_t op = 0;     // index in PlanView::ops
  uint32_t region = 0; // the region whose slots hold its operands and results; index in PlanView::regions
  double priority = 0; // nanoseconds on the longest remaining path, including this operation
  double nextPriority = std::numeric_limits<double>::infinity(); // the highest of what it can make ready
  std::vector<Value> operands;
  bool wantsIdentity = false; // whether the outcome must contain the identity
  std::string identity;       // World/Draw.h; empty until needed
};

/// What operations used outside.
struct WorldUsage {
  uint64_t requests = 0, retries = 0, connections = 0;
  uint64_t programs = 0; // started
  uint64_t cached = 0;   // operations that the result cache answered, or another equal one in flight
  ModelUsage models;

  WorldUsage &operator+=(const WorldUsage &o) {
    requests += o.requests;
    retries += o.retries;
    connections += o.connections;
    programs += o.programs;
    cached += o.cached;
    models += o.models;
    return *this;
  }
};

/// The outcome of a request.
struct WorldOutcome {
  enum class Kind : uint8_t {
    Done,
    Failed,
    Cancelled, // it was no longer needed: no value, no error
  };
  Ticket ticket;
  uint32_t op = 0;
  Kind kind = Kind::Done;
  Value value;
  OpError error;
  bool hasHappened = false;          // a write was carried out, whether or not its result can be used
  std::unique_ptr<WorldUsage> usage; // null: it used nothing
  int64_t start = 0, end = 0;        // by the clock of the world; `start` 0: it never began
  std::string identity;              // of the request, if that was requested
  uint64_t settleToken = 0;          // not 0: World::settled must be called with it
};

/// How the world reports to the engine. Thread safety: all members, from any thread.
class WorldClient {
public:
  virtual ~WorldClient() = default;
  /// Whether the result of an operation without an outcome may still be used. Takes no lock.
  virtual bool wanted(Ticket ticket) const = 0;
  /// Where an operation without an outcome is executed.
  virtual RequestPlace placeOf(Ticket ticket) const = 0;
  /// Whether the program continues if that operation fails: a `try` or a race is around it.
  virtual bool isCaught(Ticket ticket) const = 0;
  /// Whether the whole run is to end: interrupted, or its time is over.
  virtual bool isEnding() const = 0;
  /// Whether the run cannot continue without an outcome from below: the engine has nothing left to do, and no
  /// layer holds back a request or an outcome. To be asked on the thread that delivers the outcomes; then it
  /// stays so until that thread delivers one. A layer that holds something back looks at that before and
  /// after it asks above.
  virtual bool isIdle() const = 0;
  /// Delivers outcomes: exactly one for each submitted request.
  virtual void finished(std::vector<WorldOutcome> outcomes) = 0;
};

/// What a world needs to know when a run begins.
struct RunStart {
  uint64_t seed = 0;             // of `random.*`
  int64_t timeout = 0;           // of the run, from now on, in nanoseconds; 0: none
  std::function<void()> expired; // called when the timeout has passed; from any thread
  uint32_t function = 0;         // that is run; index in PlanView::functions
};

/// What a world reports when a run is over.
struct WorldReport {
  uint64_t peakInFlight = 0, cancelled = 0;
  unsigned threads = 0;             // of its own
  std::vector<std::string> secrets; // forms of those that were used: everything printed is searched for them
  std::vector<std::string> shortSecrets; // names of those that are too short to be searched for
  std::optional<BudgetReport> budget;    // none: it was not limited
};

/// How far a run is, for people.
struct WorldStatus {
  /// Operations that wait at one gate.
  struct Queue {
    std::string gate; // `@gpt`, `exec.run`
    uint64_t count = 0;
    int64_t longest = 0; // how long the first of them has waited, in nanoseconds
  };
  uint64_t finished = 0, inFlight = 0,
           retrying = 0; // operations outside; `retrying` wait for their next attempt
  std::vector<Queue> queues;
  std::vector<OpUsage> usage; // so far, of models
};

/// Executes operations that touch something outside, or take time. Thread safety: `submit`, `settled`,
/// `reconsider`, `abandon`, `killPrograms`, `hasUncertainWrites` and `onIdle` from any thread; `begin`, `end`
/// and `shutdown` from the thread that runs the plan.
class World {
public:
  virtual ~World() = default;

  /// Takes over the requests, which are left without content. Outcomes of those that take no time are
  /// appended to `atOnce`; all others are delivered by WorldClient::finished.
  virtual void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) = 0;
  /// Outcomes with a `settleToken` have been processed, and the operations they made ready have been
  /// submitted, as far as the same worker executed them.
  virtual void settled(std::span<const uint64_t>) {}
  /// Something was cancelled: cancels requests that are no longer wanted (WorldClient::wanted), except writes
  /// that have begun.
  virtual void reconsider() = 0;
  /// The process is about to exit: abandons writes that have begun as well. They fail with an unknown outcome
  /// if they may have happened.
  virtual void abandon() = 0;
  /// The process exits now: kills at once what would outlive it (programs) and prevents new ones. Allocates
  /// nothing and waits for no thread.
  virtual void killPrograms() {}
  /// Whether a write that may not be repeated is in flight, or has ended with an unknown outcome.
  virtual bool hasUncertainWrites() const { return false; }
  /// Calls `told` with the status of the run, now or soon, on any thread; perhaps never, if the world shuts
  /// down. From any thread. Costs nothing unless it is asked for.
  virtual void askStatus(const std::function<void(const WorldStatus &)> &told) { told({}); }
  /// The engine may be idle until an outcome arrives (WorldClient::isIdle). For worlds with their own clock,
  /// and for questions that no one answers: they fail once nothing else can happen.
  virtual void onIdle() {}

  /// Whether `chosen` and `choiceOf` are to be called.
  virtual bool keepsChoices() const { return false; }
  /// These activations of operation `op`, executed at `place`, were the first to succeed, and are its result.
  virtual void chosen(const RequestPlace &, uint32_t /*op*/, std::span<const uint32_t> /*indices*/) {}
  /// Which were the first in an earlier process that executed it: they are again. None: it is open.
  virtual std::optional<std::vector<uint32_t>> choiceOf(const RequestPlace &, uint32_t /*op*/) {
    return std::nullopt;
  }
  /// Forms of the secrets that the run may use: nothing that is written down may have them in it.
  virtual std::vector<std::string> secrets() const { return {}; }

  /// A run begins; the previous one has ended. Returns an error if the deadline could not be watched.
  virtual std::optional<OpError> begin(const RunStart &) { return std::nullopt; }
  /// The run is over: all outcomes have been delivered.
  virtual WorldReport end() = 0;
  /// Between two runs: waits for what was terminated but has not exited yet (programs of an interrupted run),
  /// then ends the world's threads. Nothing is submitted afterwards, and the client is not called any more.
  /// `abandon` shortens the wait. Calling it again has no effect.
  virtual void shutdown() {}
  /// Nanoseconds of the clock that all times here refer to.
  virtual int64_t now() const = 0;
};

/// Makes the world of an executor, which is its client.
using MakeWorld = std::function<std::unique_ptr<World>(WorldClient &)>;

} // namespace xcs
