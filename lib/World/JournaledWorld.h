#pragma once
#include "World/JournalNames.h"
#include "World/WorldLayer.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/Journals.h"
#include <algorithm>
#include <map>

namespace xcs {

/// Keeps a journal of another world: xcs::journaledWorld. JournaledWorld.cpp has the way of requests and
/// outcomes, JournalAnswers.cpp what the journal says of a request, JournalOutcomes.cpp what is kept of an
/// outcome.
///
/// Thread safety: that of World.
/// Invariants: a write that must not happen twice is below only after the journal has the row of its start;
/// each outcome is appended before the engine has it.
class JournaledWorld final : public WorldLayer {
public:
  JournaledWorld(const PlanView &plan, const Limits &limits, WorldClient &client, const MakeWorld &makeInner,
                 std::shared_ptr<Journal> journal, JournalUse use, std::shared_ptr<JournalCounts> counts);

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void reconsider() override;
  void abandon() override;
  void onIdle() override;
  bool keepsChoices() const override { return true; }
  void chosen(const RequestPlace &place, uint32_t op, std::span<const uint32_t> indices) override;
  std::optional<std::vector<uint32_t>> choiceOf(const RequestPlace &place, uint32_t op) override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;

private:
  World &innerWorld() const override { return *inner; }
  WorldClient &outerClient() const override { return client; }

  /// An operation without an outcome.
  struct Begun {
    JournalName name;
    TypeId type; // of its result
  };
  using Key = std::pair<void *, uint32_t>; // of a ticket
  static Key keyOf(Ticket ticket) { return {ticket.activation, ticket.node}; }

  bool isIdle() const override { return !holdsBack() && client.isIdle() && !holdsBack(); }
  bool holdsBack() const {
    MutexLock lock(mutex);
    return beginning || !parked.empty();
  }
  void finished(std::vector<WorldOutcome> outcomes) override;

  enum class Next : uint8_t { Answered, Waits, Begins };
  Next take(WorldRequest &request, std::vector<WorldOutcome> &atOnce);
  const JournalEntry *entryOf(const JournalName &name);
  bool hasLost(const WorldRequest &request);
  Next fromEntry(const JournalEntry &entry, WorldRequest &request, const Begun &begun, WorldOutcome &out);
  Next inDoubt(const WorldRequest &request, const Begun &begun, const JournalEntry *entry, WorldOutcome &out);
  void settleDoubt(const WorldRequest &request, const Begun &begun, const JournalEntry *entry,
                   std::string body);
  JournalMeaning meaningOf(const JournalEntry *entry, bool isMissing, Next next) const;
  void append(JournalRow row, Journal::Kept kept = nullptr);
  bool answer(const JournalEntry &entry, const WorldRequest &request, const Begun &begun, WorldOutcome &out);
  void beginWrite(WorldRequest request);
  void hasBegun(bool isBusy);
  std::vector<WorldOutcome> takeUnwanted() XCS_REQUIRES(mutex);
  void pass(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce);
  bool passLater(std::vector<WorldRequest> requests);
  JournalRow rowOf(const PlanOp &op, const JournalName &name, JournalRow::Kind kind) const;
  void keep(const WorldOutcome &outcome);
  void noteAnswer(Ticket ticket, const JournalRow &row);
  JournalRow::Kind kindOf(const WorldOutcome &outcome) const;
  std::string bodyOf(const WorldOutcome &outcome, TypeId type, bool &isUsable) const;
  /// How many of them are not questions, which wait until nothing else can happen.
  template <class T> size_t countOf(std::span<T> of) const {
    return static_cast<size_t>(std::count_if(
        of.begin(), of.end(), [&](const auto &each) { return plan.ops[each.op].code != OpCode::ask_human; }));
  }
  bool isOnce(const PlanOp &op) const { return op.effect == Effect::WriteNever; }

  const PlanView &plan;
  const Limits limits;
  WorldClient &client;
  const std::shared_ptr<Journal> journal;
  const JournalUse use;
  const std::shared_ptr<JournalCounts> counts;
  const std::set<std::string, std::less<>> names;
  bool hasRaces = false;

  mutable Mutex mutex;
  std::map<Key, Begun> inFlight XCS_GUARDED_BY(mutex);
  std::vector<WorldRequest> parked XCS_GUARDED_BY(mutex); // what an earlier process cancelled
  size_t beginning XCS_GUARDED_BY(mutex) = 0; // writes of which the journal is to say first that they begin
  bool wasIdle XCS_GUARDED_BY(mutex) = false; // the engine, while there were any
  // Answers within races that are open, by the key of the race, each with its region or element.
  std::map<std::string, std::vector<std::pair<uint32_t, JournalRow>>> undecided XCS_GUARDED_BY(mutex);
  // Entries of other names, by the request and place: for one whose own name is new.
  std::multimap<std::string, const JournalEntry *> renamed XCS_GUARDED_BY(mutex);
  // Of the same run: where writes were that must not happen twice. One that has another key now has got
  // something else from what comes before it, whose row is lost.
  std::set<std::string, std::less<>> written;
  // Of another plan: reads by their keys without numbers; null where several have the same.
  std::map<std::string, const JournalEntry *, std::less<>> reads;
  std::atomic<uint64_t> reconsidered{0};
  std::atomic<size_t> below{0};       // requests that the world below has and has no outcome for
  std::vector<std::string> searched;  // forms of secrets, which no row may hold
  const std::unique_ptr<World> inner; // last: it may call as soon as it is made
};

} // namespace xcs
