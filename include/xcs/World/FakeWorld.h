#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/World.h"
#include <atomic>
#include <map>
#include <optional>

namespace xcs {

class Admission;
class Gate;
class GateTable;
class PlanGates;

/// A world without sockets, whose clock advances whenever the engine is idle: for tests, fuzzers and
/// benchmarks of the engine. A script determines the outcome and duration of each request; waits cost no real
/// time, and every run of a program is the same. The gates of resources and limits admit operations as those
/// of the real world do.
///
/// Thread safety: that of World; the script is called on the engine's threads, one call at a time.
/// Invariants: the clock advances only when every delivered outcome has been settled.
class FakeWorld final : public World {
public:
  struct Answer {
    int64_t duration = 0; // nanoseconds; 0: the answer is immediate
    Value value = Value::none();
    std::optional<OpError> error; // instead of the value
    /// Of an `ask.human`: no one answers. It gets its `default`, or fails, when its `timeout` has passed, and
    /// without one when nothing else is left to happen.
    bool isUnanswered = false;
  };
  using Script = std::function<Answer(const WorldRequest &)>;
  /// The outcome of a request, in the order of the outcomes.
  struct Entry {
    uint32_t op;
    WorldOutcome::Kind kind;
    int64_t start, end; // since the run began
  };

  FakeWorld(const PlanView &plan, WorldClient &client, Script script);
  ~FakeWorld() override;
  /// For an executor's constructor. Stores a pointer to the world in `made` when it is created.
  static MakeWorld factory(const PlanView &plan, Script script, FakeWorld *&made);

  /// Waits for `time.sleep`; answers everything else at once with none.
  static Answer sleeps(const WorldRequest &request);

  /// Not to be asked during a run.
  const std::vector<Entry> &entries() const XCS_UNCHECKED { return past; }
  /// False: slots are given away before what the freed one makes ready has asked; only to be compared with.
  bool settlesFirst = true;

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void settled(std::span<const uint64_t> tokens) override;
  void reconsider() override;
  void abandon() override;
  void onIdle() override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  int64_t now() const override { return clock.load(std::memory_order_relaxed); }

private:
  struct Pending;
  using Due = std::pair<int64_t, uint64_t>; // when, and which came first
  WorldOutcome outcomeOf(Pending &pending, WorldOutcome::Kind kind) XCS_REQUIRES(mutex);
  void cancelUnwanted(std::vector<WorldOutcome> &outcomes) XCS_REQUIRES(mutex);
  bool stops(Pending &pending, bool givesUp, std::vector<WorldOutcome> &outcomes) XCS_REQUIRES(mutex);
  std::vector<WorldOutcome> nextOutcomes(std::function<void()> &expired) XCS_REQUIRES(mutex);
  void start(std::unique_ptr<Pending> pending) XCS_REQUIRES(mutex);
  void end(Pending &pending, std::vector<WorldOutcome> &outcomes) XCS_REQUIRES(mutex);
  bool isWrite(const WorldRequest &request) const;
  void leave(Pending &pending) const;
  void giveUp(std::vector<WorldOutcome> &outcomes) XCS_REQUIRES(mutex);

  const PlanView &plan;
  WorldClient &client;
  const Script script;
  std::atomic<int64_t> clock{1'000'000'000}; // not 0, which means "none" of many times
  Mutex scriptMutex;                         // one call of the script at a time; it may stop the run
  Mutex mutex;
  const std::unique_ptr<GateTable> gateTable;
  const std::unique_ptr<PlanGates> gates;     // used with the mutex held
  const std::unique_ptr<Admission> admission; // likewise
  std::map<uint64_t, std::unique_ptr<Pending>>
      waiting XCS_GUARDED_BY(mutex); // at gates, by the order in which they came
  std::map<Due, std::unique_ptr<Pending>> inFlight XCS_GUARDED_BY(mutex);
  // Questions that fail when nothing else is left to happen.
  std::vector<std::unique_ptr<Pending>> unanswered XCS_GUARDED_BY(mutex);
  // When gates that pace are to be looked at again.
  std::multimap<int64_t, Gate *> alarms XCS_GUARDED_BY(mutex);
  uint64_t sequence XCS_GUARDED_BY(mutex) = 0;
  size_t unsettled XCS_GUARDED_BY(mutex) = 0; // delivered outcomes, except those at once
  bool wantsReconsider XCS_GUARDED_BY(mutex) = false, wantsNoWrites XCS_GUARDED_BY(mutex) = false;
  RunStart run XCS_GUARDED_BY(mutex);
  int64_t begun XCS_GUARDED_BY(mutex) = 0;
  WorldReport report XCS_GUARDED_BY(mutex);
  std::vector<Entry> past XCS_GUARDED_BY(mutex);
};

} // namespace xcs
