#pragma once
#include "World/Flights.h"
#include "World/Secrets.h"
#include "World/WorkThreads.h"
#include "World/WorldLayer.h"
#include "xcs/Ops/Caching.h"
#include "xcs/World/ResultCaching.h"
#include <atomic>
#include <map>

namespace xcs {

/// Answers from the result cache, in front of another world: xcs::cachedWorld. A flight has one ticket in the
/// inner world, however many requests of the engine wait for its answer. What blocks (the database while it
/// is written to, the files of programs) is done by threads of its own.
///
/// Thread safety: that of World.
/// Invariants: each request has one outcome; a request in the inner world has a member that waits for it; a
/// flight that is not over is in `flights`; a claim is held by one flight and given back when that is over;
/// no call leaves with the mutex held.
class CachedWorld final : public WorldLayer {
public:
  CachedWorld(const PlanView &plan, const WorldOptions &options, WorldClient &client,
              const MakeWorld &makeInner, std::shared_ptr<ResultCache> cache,
              std::shared_ptr<CacheReasons> reasons, bool isResumed);
  ~CachedWorld() override { shutdown(); }

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void reconsider() override;
  void abandon() override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  void shutdown() override;

private:
  World &innerWorld() const override { return *inner; }
  WorldClient &outerClient() const override { return client; }

  using FlightRef = std::shared_ptr<Flight>;
  using Outcomes = std::vector<WorldOutcome>;
  /// What goes to the inner world.
  using Onward = std::vector<WorldRequest>;
  /// An answer that those who asked have, and the database has not.
  struct ToStore {
    FlightRef flight;
    NewEntry entry;
    WorldOutcome outcome;
  };

  bool wanted(Ticket ticket) const override {
    const Flight *flight = flightOf(ticket);
    return flight ? flight->isWanted.load(std::memory_order_acquire) : client.wanted(ticket);
  }
  RequestPlace placeOf(Ticket ticket) const override {
    const Flight *flight = flightOf(ticket);
    return flight ? flight->place : client.placeOf(ticket);
  }
  bool isCaught(Ticket ticket) const override { return !flightOf(ticket) && client.isCaught(ticket); }
  bool isIdle() const override { return !holdsBack() && client.isIdle() && !holdsBack(); }
  /// Whether a request is here that will have an outcome by itself.
  bool holdsBack() const;
  void finished(std::vector<WorldOutcome> outcomes) override;

  // A request until it is asked.
  bool take(WorldRequest &request, Outcomes &out, Onward &onward);
  bool takeProgram(WorldRequest &request);
  void lookAtProgram(WorldRequest request, uint64_t times);
  FlightRef join(WorldRequest &request, CacheRequest identity);
  int64_t timeoutOf(const WorldRequest &request);
  bool asksServer(uint32_t op) const { return plan.ops[op].code == OpCode::http_request; }
  bool isWriteOutside(uint32_t op) const;
  void noteWrite(uint32_t op);
  void look(const FlightRef &flight, Outcomes &out, Onward &onward);
  bool answerFromCache(const FlightRef &flight, Outcomes &out);
  bool holdClaim(const FlightRef &flight);
  void waitForOther(const FlightRef &flight);
  void lookAgain(const FlightRef &flight);
  void ask(const FlightRef &flight, Onward &onward);
  void send(Onward onward, Outcomes &out);

  // Its answer.
  void settle(WorldOutcome outcome, Outcomes &out, Onward &onward);
  void failed(const FlightRef &flight, WorldOutcome outcome, Outcomes &out, Onward &onward);
  std::string fill(NewEntry &entry, const Flight &flight, const WorldOutcome &outcome);
  void keep(const FlightRef &flight, WorldOutcome outcome);
  void storeAll();
  void waitUntilStored();
  void finishAll(const FlightRef &flight, const std::vector<Flight::Member> &members, WorldOutcome &outcome,
                 uint64_t tokens, bool isCached, Outcomes &out);
  std::vector<Flight::Member> endFlight(const FlightRef &flight);
  static WorldOutcome copyOf(const WorldOutcome &outcome);
  WorldOutcome outcomeFor(const Flight::Member &member, const WorldOutcome &like) const;
  WorldOutcome cancelledFor(const Flight::Member &member) const;
  std::unique_ptr<WorldUsage> savedUsage(const Flight &flight, uint64_t tokens) const;
  bool isShared(const WorldOutcome &outcome) const;
  TypeId typeOf(const Flight &flight) const;
  bool writeValue(const Flight &flight, const Value &value, std::string &text) const;
  bool readValue(const Flight &flight, const std::string &text, Value &value) const;

  FlightRef refOf(Ticket ticket) XCS_REQUIRES(mutex);
  void sweep(Outcomes &out);
  bool sweep(Flight &flight, Outcomes &out) XCS_REQUIRES(mutex);
  void forgetKey(const Flight &flight) XCS_REQUIRES(mutex);
  void deliver(Outcomes outcomes) {
    if (!outcomes.empty())
      client.finished(std::move(outcomes));
  }
  void explain(const WorldRequest &request, std::string text);
  void explain(uint32_t op, const RequestPlace &place, std::string text);
  std::string whyAsked(const Flight &flight);
  int64_t timeOfDay() const { return options.host->timeOfDay(); }

  const PlanView &plan;
  const WorldOptions options;
  const Secrets ownSecrets;
  WorldClient &client;
  WorldContext context; // for what grants, secrets and variables say
  const std::shared_ptr<ResultCache> cache;
  const std::shared_ptr<CacheReasons> reasons;
  ProgramFiles files;
  std::vector<Caching> caching; // by operation of the plan
  bool canReadUrls = false;
  std::atomic<uint64_t> reconsidered{0}; // how often
  std::atomic<uint64_t> writes{0};       // how often a write outside of files began or ended

  mutable Mutex mutex;
  size_t reading XCS_GUARDED_BY(mutex) = 0; // requests whose files are read
  uint64_t lastFlight XCS_GUARDED_BY(mutex) = 0;
  std::map<uint64_t, FlightRef> flights XCS_GUARDED_BY(mutex); // by their number
  std::map<std::string, FlightRef>
      byKey XCS_GUARDED_BY(mutex); // by Flight::joinKey; those that may be joined
  std::vector<ToStore> toStore XCS_GUARDED_BY(mutex);
  bool isStoring XCS_GUARDED_BY(mutex) = false;
  Condition stored;                   // neither of these
  const std::unique_ptr<World> inner; // it may call as soon as it is made
  WorkThreads threads{8};             // last: its work uses all of the above
};

} // namespace xcs
