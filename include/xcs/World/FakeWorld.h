#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/World/World.h"
#include <atomic>
#include <map>
#include <mutex>
#include <optional>

namespace xcs {

class Admission;
class Gate;

/// A world without sockets, whose clock advances whenever the engine is idle: for tests, fuzzers and
/// benchmarks of the engine. A script determines the outcome and duration of each request; waits cost no real
/// time, and every run of a program is the same. The gates of resources and limits admit operations as those
/// of the real world do.
///
/// Thread safety: that of World; the script is called on the engine's threads, one call at a time.
/// Invariants: the clock advances only when every outcome handed over has been settled.
class FakeWorld final : public World {
public:
  struct Answer {
    int64_t duration = 0; // nanoseconds; 0: the answer is immediate
    Value value = Value::none();
    std::optional<OpError> error; // instead of the value
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
  static MakeWorld making(const PlanView &plan, Script script, FakeWorld *&made);

  /// Waits for `time.sleep`; answers everything else at once with none.
  static Answer sleeps(const WorldRequest &request);

  const std::vector<Entry> &entries() const { return past; }
  /// False: slots are reassigned before the operations made ready by the freed one have asked; for comparison
  /// only.
  bool settlesFirst = true;

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void settled(std::span<const uint64_t> tokens) override;
  void reconsider() override;
  void abandon() override;
  void quiet() override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  int64_t now() const override { return clock.load(std::memory_order_relaxed); }

private:
  struct Pending;
  using Due = std::pair<int64_t, uint64_t>; // when, and which came first
  WorldOutcome outcomeOf(Pending &pending, WorldOutcome::Kind kind);
  void cancelUnwanted(std::vector<WorldOutcome> &outcomes);
  std::vector<WorldOutcome> nextOutcomes(std::function<void()> &expired);
  void start(std::unique_ptr<Pending> pending);
  void end(Pending &pending, std::vector<WorldOutcome> &outcomes);
  bool isWrite(const WorldRequest &request) const;

  const PlanView &plan;
  WorldClient &client;
  const Script script;
  std::atomic<int64_t> clock{1'000'000'000}; // not 0, which means "none" for many times
  std::mutex scriptMutex;                    // one call of the script at a time; it may stop the run
  std::mutex mutex;                          // guards the rest
  std::unique_ptr<Admission> admission;
  std::map<uint64_t, std::unique_ptr<Pending>> waiting; // at gates, in order of arrival
  std::map<Due, std::unique_ptr<Pending>> inFlight;
  std::multimap<int64_t, Gate *> alarms; // when gates that pace must be checked again
  uint64_t sequence = 0;
  size_t unsettled = 0; // outcomes handed over, except immediate ones
  bool wantsReconsider = false, wantsNoWrites = false;
  RunStart run;
  int64_t begun = 0;
  WorldReport report;
  std::vector<Entry> past;
};

} // namespace xcs
