#pragma once
#include "World/Admission.h"
#include "xcs/World/LiveWorld.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace xcs {

class EventLoop;
struct AccessError;
class Secrets;
class WorldOp;

/// Shared by all operations of the world during a run. Members belong to the event loop's thread, except the
/// plan, the options and the secrets.
struct WorldContext {
  const PlanView &plan;
  const WorldOptions &options;
  const Secrets &secrets;
  WorldClient &client;
  EventLoop *loop = nullptr; // null until the first operation needs it
  uint64_t seed = 0;         // of the current run
};

/// One execution of an operation that touches the world or takes time, from its request until it has a
/// result, has an error or is cancelled. Created on a worker; everything else happens on the event loop's
/// thread, and ends with exactly one call of `succeed` or `fail`.
class WorldOp : public Applicant {
public:
  /// The request, and the context shared by all requests.
  struct Site : WorldRequest {
    Site(WorldRequest request, WorldContext &context) : WorldRequest(std::move(request)), context(context) {}
    WorldContext &context;
    /// The slots of the operation's region, which give the types of its operands and results.
    const PlanSlot *slots() const {
      return context.plan.slots.data() + context.plan.regions[region].firstSlot;
    }
  };
  explicit WorldOp(Site site) : site(std::move(site)) {}
  virtual ~WorldOp() = default;

  /// Starts an attempt. Called again after `retryAfter`.
  virtual void start() = 0;
  /// Stops as soon as possible: closes what is open; the caller calls `fail`.
  virtual void cancel() = 0;
  /// Its own deadline has passed: stops, and fails accordingly. If a write that may not be repeated may have
  /// happened, its outcome is unknown.
  void timedOut(int64_t timeoutNanoseconds);
  /// The process is about to exit, and this is a write in flight: ends it at once, with the outcome that this
  /// implies (`cancelRunning`). What cannot be interrupted runs on.
  virtual void abandon() {}
  /// Withdraws what was started but has not begun to take effect, such as a write that waits for a thread.
  /// False if it has begun. Otherwise nothing of it happens, and the caller calls `fail`.
  virtual bool withdraw() { return false; }
  /// Called after it was stopped: what may have happened anyway, as a message names it, such as "the request
  /// to `u`"; empty if nothing can have happened.
  virtual std::string mayHaveHappened() { return {}; }
  /// The gate of the operation's own resource; null if it has none. `limit = @l` adds another.
  virtual Gate *gate() { return nullptr; }
  /// Whether an attempt opens a socket, whose number is bounded (Descriptors.h).
  virtual bool opensSocket() const { return false; }
  /// The estimated tokens of an attempt, for a gate that paces by them.
  virtual double tokensWanted() { return 0; }
  /// The operation's own deadline, in nanoseconds from its admission; 0: none.
  virtual int64_t timeoutNanoseconds() const { return 0; }

  /// A part of it has ended; for operations with several requests (World/RequestGroup.h).
  virtual void partEnded(WorldOp &) {}
  /// Whether its parts, and not the operation itself, are in flight.
  virtual bool hasParts() const { return false; }

  const PlanOp &planOp() const { return site.context.plan.ops[site.op]; }
  /// Whether it is a write, which finishes once it has started.
  bool isWrite() const;

  Site site;
  WorldOp *owner = nullptr; // of which it is a part; the owner frees it and is notified when it ends
  Value result;
  bool ok = false;
  bool cancelled = false; // it was no longer wanted: no result, no error
  OpError error;
  int64_t startedAt = 0, endedAt = 0; // monotonic; of the first attempt and of the end
  WorldUsage usage;                   // its contribution to the run's statistics

  /// Moves its outcome out.
  WorldOutcome takeOutcome();

protected:
  void succeed(Value value);
  void fail(Diag id, std::initializer_list<std::string_view> arguments = {});
  /// Fails with an error whose message is finished.
  void fail(OpError finished);
  void failWith(const AccessError &refused);
  /// Ends it at once for a process that is about to exit: cancelled, or with an unknown outcome.
  void cancelRunning();
  /// Fails because it was cut off and may not be repeated, so that its outcome is unknown.
  void failUnknown(std::string_view what, std::string_view why) { fail(Diag::OutcomeUnknown, {what, why}); }
  bool isNotRepeatable() const { return planOp().effect == Effect::WriteNever; }
  /// Releases the slots and starts again after the delay.
  void retryAfter(int64_t nanoseconds);

  int64_t attempt = 1;

private:
  friend class EventLoop;
  enum class State : uint8_t { New, Waiting, Running, Sleeping, Done } state = State::New;
  uint64_t settleToken = 0; // of the slots reserved for what it makes ready
  uint64_t timer = 0, deadlineTimer = 0;
  size_t place = 0; // its index among the loop's operations in flight
};

/// The outcome of a World operation that was executed immediately: what takes no time needs no event loop.
struct ImmediateResult {
  Value value;
  bool failed = false;
  OpError error;
  std::unique_ptr<WorldOp> give(Value result) {
    value = std::move(result);
    return nullptr;
  }
  std::unique_ptr<WorldOp> fail(Diag id, std::initializer_list<std::string_view> arguments = {});
};
/// Creates the execution of a World operation; null if it was executed immediately.
std::unique_ptr<WorldOp> makeWorldOp(WorldOp::Site site, ImmediateResult &immediate);

namespace worldops {
#define XCS_PURE_OP(...)
#define XCS_CONTROL_OP(...)
#define XCS_WORLD_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)               \
  std::unique_ptr<WorldOp> id(WorldOp::Site site, ImmediateResult &immediate);
#include "xcs/Ops/Ops.def"
} // namespace worldops

} // namespace xcs
