#pragma once
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Kernel.h"
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xcs {

// The door between the engine and the world. The engine carries a plan out and knows nothing of sockets,
// files or clocks; the world carries out the operations that touch something outside, and knows nothing of
// frames. What stands between the two (a cache, a journal, a recording) is a World to the engine and a
// WorldClient to the world below it.

/// An operation under way, as the engine knows it. The world hands it back, and never looks into it.
struct Ticket {
  void *activation = nullptr;
  uint32_t node = 0;
};

/// Where an operation is carried out, from the entry of the plan inwards: the calls and the repetitions
/// around it. Tells the executions of one operation apart, whatever the schedule.
struct RequestPlace {
  struct Step {
    uint32_t op;    // that calls or repeats; index in PlanView::ops
    uint32_t index; // which of its activations; UINT32_MAX for a call
  };
  std::vector<Step> steps;
};

/// One execution of an operation of the world, to be carried out.
struct WorldRequest {
  Ticket ticket;
  uint32_t op = 0;     // index in PlanView::ops
  uint32_t region = 0; // in whose slots its operands and results are; index in PlanView::regions
  double priority = 0; // nanoseconds that remain on the longest path from it on, itself included
  double nextPriority = std::numeric_limits<double>::infinity(); // the highest of what it can make ready
  std::vector<Value> operands;
  bool wantsIdentity = false; // the outcome brings the identity along
  std::string identity;       // World/Draw.h; empty until somebody asks for it
};

/// What operations took, outside.
struct WorldUsage {
  uint64_t requests = 0, retries = 0, connections = 0;
  ModelUsage models;

  WorldUsage &operator+=(const WorldUsage &o) {
    requests += o.requests;
    retries += o.retries;
    connections += o.connections;
    models += o.models;
    return *this;
  }
};

/// What became of a request.
struct WorldOutcome {
  enum class Kind : uint8_t {
    Done,
    Failed,
    Cancelled, // nobody wanted it any more: no value, no error
  };
  Ticket ticket;
  uint32_t op = 0;
  Kind kind = Kind::Done;
  Value value;
  OpError error;
  bool hasHappened = false; // a write was carried out, whether or not its result can be used
  WorldUsage usage;
  int64_t start = 0, end = 0; // by the clock of the world; `start` 0: it never began
  std::string identity;       // of the request, where that was wanted
  uint64_t settleToken = 0;   // not 0: the world wants to hear when it has been settled (World::settled)
};

/// What the world asks and tells. Thread safety: all members, from any thread.
class WorldClient {
public:
  virtual ~WorldClient() = default;
  /// Whether the result of an operation that has no outcome yet may still be used. Takes no lock.
  virtual bool wanted(Ticket ticket) const = 0;
  /// Where an operation that has no outcome yet is carried out.
  virtual RequestPlace placeOf(Ticket ticket) const = 0;
  /// Outcomes, of each submitted request exactly one.
  virtual void finished(std::vector<WorldOutcome> outcomes) = 0;
};

/// What a run says to its world when it begins.
struct RunStart {
  uint64_t seed = 0;             // of `random.*`
  int64_t timeout = 0;           // of the run, from now on, in nanoseconds; 0: none
  std::function<void()> expired; // called when that is over; from any thread
};

/// What a world has to say when a run is over.
struct WorldReport {
  uint64_t peakInFlight = 0, cancelled = 0;
  unsigned threads = 0;             // of its own
  std::vector<std::string> secrets; // forms of those that were used: what is printed is searched for them
  std::vector<std::string> shortSecrets; // names of those that are too short to be searched for
};

/// Carries out operations that touch something outside, or take time. Thread safety: `submit`, `settled`,
/// `reconsider`, `abandon`,
/// `killPrograms`, `hasUncertainWrites` and `quiet` from any thread; `begin`, `end` and `shutdown` from the
/// thread that runs the plan.
class World {
public:
  virtual ~World() = default;

  /// Takes requests over, which are left without content. Outcomes of those that take no time are appended to
  /// `atOnce`; all others come by WorldClient::finished.
  virtual void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) = 0;
  /// Outcomes that asked for it (`settleToken`) have been taken in, and what they made ready has been
  /// submitted, as far as the same worker carried it out.
  virtual void settled(std::span<const uint64_t>) {}
  /// Something was stopped: requests that are not wanted any more (WorldClient::wanted) are cancelled, but
  /// for writes that have begun.
  virtual void reconsider() = 0;
  /// The process is about to end: writes that have begun are given up as well, and fail with an unknown
  /// outcome where they may have happened.
  virtual void abandon() = 0;
  /// The process ends now: kills at once what would live on without it (programs), and lets no more of it
  /// start. Takes no memory and waits for no thread.
  virtual void killPrograms() {}
  /// Whether a write that may not be repeated is under way, or has ended with an unknown outcome.
  virtual bool hasUncertainWrites() const { return false; }
  /// The engine has nothing to do until an outcome comes. For a world whose clock is its own; others ignore
  /// it.
  virtual void quiet() {}

  /// A run begins; the one before has ended. An error where nothing could watch its deadline.
  virtual std::optional<OpError> begin(const RunStart &) { return std::nullopt; }
  /// It is over: all outcomes have come.
  virtual WorldReport end() = 0;
  /// Between two runs: waits for what was told to end and has not (programs of an interrupted run), and ends
  /// the world's threads. Nothing is submitted afterwards, and the client is called no more; `abandon` cuts
  /// the wait short. Again: does nothing.
  virtual void shutdown() {}
  /// Nanoseconds of the clock that all times here are of.
  virtual int64_t now() const = 0;
};

/// Makes the world of an executor, which is its client.
using MakeWorld = std::function<std::unique_ptr<World>(WorldClient &)>;

} // namespace xcs
