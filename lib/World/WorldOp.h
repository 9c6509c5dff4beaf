#pragma once
#include "World/Admission.h"
#include "World/Budget.h"
#include "World/Gates.h"
#include "World/WriteFate.h"
#include "xcs/Ops/JsonSchema.h"
#include "xcs/World/LiveWorld.h"
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace xcs {

class EventLoop;
struct AccessError;
class Secrets;
class WorldOp;

/// Shared by all operations of one world. Thread safety: the first part is immutable but for the seed, which
/// changes between runs; the second belongs to the event loop's thread; the third is atomic. It lives until
/// the last step that was posted for it has run, possibly after its world; then no operation is left.
struct WorldContext : std::enable_shared_from_this<WorldContext> {
  WorldContext(const PlanView &plan, const WorldOptions &options, const Secrets &secrets, WorldClient &client)
      : plan(plan), options(options), secrets(secrets), client(client) {}

  const PlanView &plan;
  const WorldOptions &options;
  const Secrets &secrets;
  WorldClient &client;
  EventLoop *loop = nullptr; // null until the first operation needs it
  uint64_t seed = 0;         // of the current run

  std::optional<PlanGates> gates;    // once there is a loop
  std::unique_ptr<Budget> budget;    // of what is spent on models; null: unlimited
  AttrSchemas schemas;               // of answers
  std::vector<WorldOp *> inFlight;   // admitted or waiting; owned
  std::vector<WorldOutcome> settled; // about to be delivered to the client
  uint64_t deadlineId = 0;           // of the run
  uint64_t running = 0;
  uint64_t finished = 0;                // operations of the current run
  std::map<uint32_t, ModelUsage> spent; // by operation of the plan, in the current run

  std::atomic<bool> wantsReconsider{false};
  std::atomic<uint64_t> mostInFlight{0}, cancelled{0}; // of the current run
  // Writes that may not be repeated which are in flight, or have ended with an unknown outcome.
  std::atomic<uint64_t> uncertain{0};
  // Operations in flight that wait for what will not come (WorldOp::giveUp).
  std::atomic<uint64_t> inVain{0};
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
  /// Stops as soon as possible: closes what is open, and notes in `fate` what may have been carried out all
  /// the same; `fail` is called by the caller.
  virtual void cancel() = 0;
  /// Its own deadline has passed: stops, and fails.
  void timedOut(int64_t timeoutNanoseconds);
  /// The process is about to exit, and this is a write in flight: ends it at once, with the outcome that this
  /// implies (`cancelRunning`). What cannot be interrupted runs on.
  virtual void abandon() {}
  /// Nothing else of the run is left to happen, and this waits for what will not come
  /// (EventLoop::waitInVain): fails.
  virtual void giveUp() {}
  /// Withdraws what was started but has not begun to take effect, such as a write that waits for a thread.
  /// False if it has begun. Otherwise nothing of it happens, and the caller calls `fail`.
  virtual bool withdraw() { return false; }
  /// The gate of the operation's own resource; null: it has none. `limit` adds others.
  virtual Gate *gate() { return nullptr; }
  /// Whether an attempt opens a socket, whose number is bounded (Descriptors.h).
  virtual bool opensSocket() const { return false; }
  /// The estimated tokens of an attempt, for a gate that paces by them.
  virtual double tokensWanted() { return 0; }
  /// What the attempt that is to be admitted needs of the budget of the run; null: nothing.
  virtual const BudgetNeed *budgetNeed() { return nullptr; }
  /// What the attempt that has ended took of it.
  virtual BudgetBill budgetBill() const { return {}; }
  /// There is not enough of that unit left, and nothing is in flight that could release some. Fails.
  void exceedsBudget(BudgetUnit unit);
  /// The operation's own deadline, in nanoseconds from its admission; 0: none.
  virtual int64_t timeoutNanoseconds() const { return 0; }
  /// For how long it may wait for a server to admit requests, before its first attempt, in nanoseconds; 0:
  /// any time.
  virtual int64_t longestPause() const { return timeoutNanoseconds(); }
  /// The server admits nothing for so many nanoseconds more, which is longer than it may wait. Fails.
  void pausedTooLong(int64_t nanoseconds);
  /// What it waits at, for people: its resource.
  std::string describeGate() const;
  /// The same, or the `limit` at whose gate it is, or the budget.
  std::string describeQueue() const;

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
  int64_t queuedAt = 0;               // monotonic; when it last came to its gates
  std::unique_ptr<WorldUsage> usage;  // of what it used outside, all that `takeUsage` does not count; or null

  /// Moves its outcome out.
  WorldOutcome takeOutcome();
  /// Moves out what it adds to the statistics of the run; null: nothing.
  virtual std::unique_ptr<WorldUsage> takeUsage() { return std::move(usage); }

protected:
  void succeed(Value value);
  /// Every way to fail tells of a write what is known of it (WriteFate).
  void fail(Diag id, std::initializer_list<std::string_view> arguments = {});
  /// `why` says in short what went wrong, for a message that names the write by itself.
  void fail(Diag id, std::initializer_list<std::string_view> arguments, std::string_view why);
  /// With an error whose message is finished.
  void fail(OpError finished);
  void failWith(const AccessError &refused);
  /// Ends it at once for a process that is about to exit: cancelled, or with an unknown outcome.
  void cancelRunning();
  /// Of what kind a field of the result is, which is a record.
  TypeKind resultFieldKind(size_t field) const;
  bool isNotRepeatable() const { return planOp().effect == Effect::WriteNever; }
  /// The counters, of which there are none before.
  WorldUsage &used() {
    if (!usage)
      usage = std::make_unique<WorldUsage>();
    return *usage;
  }
  /// Releases the slots and starts again after the delay.
  void retryAfter(int64_t nanoseconds);

  int64_t attempt = 1;
  WriteFate fate; // of a write

private:
  void failJudged(OpError found, std::string_view why);

  friend class EventLoop;
  enum class State : uint8_t { New, Waiting, Running, Sleeping, Done } state = State::New;
  uint64_t settleToken = 0; // of the slots reserved for what it makes ready
  uint64_t timer = 0, deadlineTimer = 0;
  bool isInVain = false;         // counted in WorldContext::inVain
  bool lacksDescriptors = false; // it waits until others have given some back
  size_t place = 0;              // among the world's operations in flight
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
/// The line of a `log.print`, with its line end.
std::string logLine(std::span<const Value> operands, const RequestPlace &place);

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
