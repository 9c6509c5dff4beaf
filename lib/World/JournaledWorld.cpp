#include "World/JournalNames.h"
#include "World/RequestJson.h"
#include "World/SecretSearch.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Support/Visible.h"
#include "xcs/World/Journals.h"
#include <algorithm>

using namespace xcs;

namespace {

using Kind = JournalRow::Kind;

class JournaledWorld final : public World, private WorldClient {
public:
  JournaledWorld(const PlanView &plan, const Limits &limits, WorldClient &client, const MakeWorld &makeInner,
                 std::shared_ptr<Journal> journal, JournalUse use, std::shared_ptr<JournalCounts> counts);

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void settled(std::span<const uint64_t> tokens) override { inner->settled(tokens); }
  void reconsider() override;
  void abandon() override;
  void killPrograms() override { inner->killPrograms(); }
  bool hasUncertainWrites() const override { return inner->hasUncertainWrites(); }
  void askStatus(const std::function<void(const WorldStatus &)> &told) override { inner->askStatus(told); }
  void onIdle() override;
  bool keepsChoices() const override { return true; }
  void chosen(const RequestPlace &place, uint32_t op, std::span<const uint32_t> indices) override;
  std::optional<std::vector<uint32_t>> choiceOf(const RequestPlace &place, uint32_t op) override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  void shutdown() override { inner->shutdown(); }
  std::vector<std::string> secrets() const override { return inner->secrets(); }
  int64_t now() const override { return inner->now(); }

private:
  /// An operation without an outcome.
  struct Begun {
    JournalName name;
    TypeId type; // of its result
  };
  using Key = std::pair<void *, uint32_t>; // of a ticket
  static Key keyOf(Ticket ticket) { return {ticket.activation, ticket.node}; }

  bool wanted(Ticket ticket) const override { return client.wanted(ticket); }
  RequestPlace placeOf(Ticket ticket) const override { return client.placeOf(ticket); }
  bool isCaught(Ticket ticket) const override { return client.isCaught(ticket); }
  bool isEnding() const override { return client.isEnding(); }
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
  JournalRow rowOf(const PlanOp &op, const JournalName &name, Kind kind) const;
  void keep(const WorldOutcome &outcome);
  void noteAnswer(Ticket ticket, const JournalRow &row);
  Kind kindOf(const WorldOutcome &outcome) const;
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

} // namespace

static OpError errorOf(Diag id, std::initializer_list<std::string> texts) {
  std::vector<std::string_view> arguments(texts.begin(), texts.end());
  return {id, formatMessage(rowOf(id).text, arguments), 1};
}

/// Whether it continues without regions that fail or come too late.
static bool forgives(const PlanView &plan, uint32_t op) {
  const RegionForm *form = regionForm(plan.ops[op].code);
  return form && ruleOf(plan.constants, *form, plan.ops[op].dict).failure == RegionFailure::Forgiven;
}

static bool mayHaveHappened(const JournalEntry &entry) {
  return entry.isOnce && (entry.isDamaged || entry.kind == Kind::Started || entry.kind == Kind::Done ||
                          entry.kind == Kind::Caught || entry.kind == Kind::Unknown);
}

JournaledWorld::JournaledWorld(const PlanView &plan, const Limits &limits, WorldClient &client,
                               const MakeWorld &makeInner, std::shared_ptr<Journal> given, JournalUse use,
                               std::shared_ptr<JournalCounts> counts)
    : plan(plan), limits(limits), client(client), journal(std::move(given)), use(std::move(use)),
      counts(std::move(counts)), names(drawNames(plan)), inner(makeInner(*this)) {
  for (uint32_t op = 0; op < plan.ops.size(); ++op)
    hasRaces |= forgives(plan, op);
  for (const auto &[key, entry] : journal->content().entries) {
    if (this->use.isSameRun && mayHaveHappened(entry))
      written.insert(entry.at);
    if (!entry.request.empty() && !areAllIn(entry.at, names))
      renamed.emplace(entry.request, &entry);
    if (const std::string read = readKeyWithoutSite(key); !this->use.isSameRun && !read.empty())
      if (const auto [at, isFirst] = reads.emplace(read, &entry); !isFirst)
        at->second = nullptr;
  }
}

/// What comes after the last `:` of a name.
static std::string_view ordinalText(std::string_view at) {
  const std::string_view name = at.substr(0, at.rfind('['));
  return name.substr(name.rfind(':') + 1);
}

/// What the journal says of an execution; null if nothing.
const JournalEntry *JournaledWorld::entryOf(const JournalName &name) {
  if (name.request.empty() && !use.isSameRun) {
    const auto read = reads.find(readKeyWithoutSite(name.key));
    return read == reads.end() ? nullptr : read->second;
  }
  const auto &entries = journal->content().entries;
  const auto found = entries.find(name.key);
  const JournalEntry *own = found == entries.end() ? nullptr : &found->second;
  // One that was dropped may have another name in what was done since.
  if (name.request.empty() || (own && own->kind != Kind::Dropped))
    return own;
  const JournalEntry *entry;
  {
    MutexLock lock(mutex);
    const auto [first, last] = renamed.equal_range(name.request);
    if (first == last)
      return own;
    // Of several, the one of the same number among equals.
    auto best = std::find_if(first, last, [&](const auto &other) {
      return ordinalText(other.second->at) == ordinalText(name.at);
    });
    best = best == last ? first : best;
    entry = best->second;
    renamed.erase(best);
  }
  MutexLock lock(counts->mutex);
  counts->renamed.emplace_back(name.at, entry->at);
  return entry;
}

JournalRow JournaledWorld::rowOf(const PlanOp &op, const JournalName &name, Kind kind) const {
  JournalRow row;
  row.kind = kind;
  row.isOnce = isOnce(op);
  row.key = name.key;
  row.request = name.request;
  row.op = xcs::rowOf(op.code).name;
  row.at = name.at;
  return row;
}

/// The answer that a row has. False if it cannot be used any more.
bool JournaledWorld::answer(const JournalEntry &entry, const WorldRequest &request, const Begun &begun,
                            WorldOutcome &out) {
  const std::optional<std::string> body = journal->body(entry.row);
  Value json;
  OpError error;
  Limits whole = limits;
  whole.set(Limit::JsonBytes, UINT32_MAX);
  if (!body || !parseJson(*body, whole, json, error))
    return false;
  if (entry.kind == Kind::Done)
    return valueFromJson(json, plan.constants, begun.type, limits, out.value, error);
  out.kind = WorldOutcome::Kind::Failed;
  if (json.kind() != ValueKind::Object || json.size() != 8)
    return false;
  const auto items = json.items();
  std::optional<Diag> id = errorOfKind(items[1].kind() == ValueKind::Str ? items[1].text() : "");
  if (!id || items[3].kind() != ValueKind::Str || items[5].kind() != ValueKind::I64 ||
      items[7].kind() != ValueKind::Bool)
    return false;
  out.error = {*id, std::string(items[3].text()), items[5].asI64()};
  out.hasHappened = items[7].asBool() && isWrite(plan.ops[request.op].effect);
  return true;
}

/// What was in doubt is decided: it has a result, or, without a `body`, is carried out. An entry under
/// another name is closed.
void JournaledWorld::settleDoubt(const WorldRequest &request, const Begun &begun, const JournalEntry *entry,
                                 std::string body) {
  const PlanOp &op = plan.ops[request.op];
  if (entry && entry->key != begun.name.key) {
    JournalRow closed = rowOf(op, {entry->key, entry->request, entry->at}, Kind::Dropped);
    append(std::move(closed));
  }
  if (body.empty())
    return;
  JournalRow row = rowOf(op, begun.name, Kind::Done);
  row.body = std::move(body);
  append(std::move(row));
}

/// One of which it is not known whether it has happened.
JournaledWorld::Next JournaledWorld::inDoubt(const WorldRequest &request, const Begun &begun,
                                             const JournalEntry *entry, WorldOutcome &out) {
  if (use.isDry)
    return Next::Begins;
  // The name that the message before the run has given; a renamed one may be named by its new name too.
  const bool isRenamed = entry && entry->at != begun.name.at && !use.rules.mentions(begun.name.at);
  const std::string &at = isRenamed ? entry->at : begun.name.at;
  const std::string name(xcs::rowOf(plan.ops[request.op].code).name);
  OpError error;
  if (const auto given = use.rules.answers.find(at); given != use.rules.answers.end()) {
    if (valueFromJson(given->second, plan.constants, begun.type, limits, out.value, error)) {
      std::string body;
      appendJson(body, given->second, JsonLayout::Line, limits, error);
      settleDoubt(request, begun, entry, std::move(body));
      return Next::Answered;
    }
    out.kind = WorldOutcome::Kind::Failed;
    out.error = errorOf(Diag::DoubtAnswer, {at, error.message});
    return Next::Answered;
  }
  switch (use.rules.ruleOf(at)) {
  case DoubtRules::Rule::Retry:
    settleDoubt(request, begun, entry, {});
    return Next::Begins;
  case DoubtRules::Rule::Skip:
    if (plan.constants.kind(begun.type) == TypeKind::None) {
      settleDoubt(request, begun, entry, "null");
      out.value = Value::none();
      return Next::Answered;
    }
    out.error = errorOf(Diag::DoubtSkip, {at, printType(plan.constants, begun.type)});
    break;
  case DoubtRules::Rule::Fail:
    out.error = errorOf(Diag::DoubtFailed, {name});
    break;
  case DoubtRules::Rule::Stop:
    out.error = errorOf(Diag::InDoubt, {at});
    break;
  }
  out.kind = WorldOutcome::Kind::Failed;
  return Next::Answered;
}

JournaledWorld::Next JournaledWorld::fromEntry(const JournalEntry &entry, WorldRequest &request,
                                               const Begun &begun, WorldOutcome &out) {
  if (entry.isInDoubt())
    return inDoubt(request, begun, &entry, out);
  switch (entry.kind) {
  case Kind::Done:
  case Kind::Caught:
    if (!entry.isDamaged && answer(entry, request, begun, out))
      return Next::Answered;
    out = {};
    return entry.isOnce ? inDoubt(request, begun, &entry, out) : Next::Begins;
  case Kind::Lost:
    return Next::Waits;
  default:
    return Next::Begins;
  }
}

/// Whether others than the region around it won, in an earlier process.
bool JournaledWorld::hasLost(const WorldRequest &request) {
  if (!use.isSameRun || !journal->content().hasChoices)
    return false;
  const RequestPlace place = client.placeOf(request.ticket);
  RequestPlace around;
  for (const RequestPlace::Step &step : place.steps) {
    if (const auto choice = forgives(plan, step.op) ? choiceOf(around, step.op) : std::nullopt;
        choice && std::find(choice->begin(), choice->end(), step.index) == choice->end())
      return true;
    around.steps.push_back(step);
  }
  return false;
}

JournalMeaning JournaledWorld::meaningOf(const JournalEntry *entry, bool isMissing, Next next) const {
  if (next != Next::Begins)
    return next == Next::Answered ? JournalMeaning::Answered : JournalMeaning::Lost;
  if (!entry)
    return isMissing ? JournalMeaning::InDoubt : JournalMeaning::New;
  if (entry->isInDoubt())
    return JournalMeaning::InDoubt;
  return entry->kind == Kind::Failed ? JournalMeaning::Failed : JournalMeaning::Again;
}

void JournaledWorld::append(JournalRow row, Journal::Kept kept) {
  if (!use.isDry)
    journal->append(std::move(row), std::move(kept));
  else if (kept)
    kept(std::nullopt);
}

/// Finds out what a request is to do; what is answered at once is in `atOnce`.
JournaledWorld::Next JournaledWorld::take(WorldRequest &request, std::vector<WorldOutcome> &atOnce) {
  const PlanOp &op = plan.ops[request.op];
  if (!isJournaled(op.code))
    return Next::Begins;
  Begun begun{journalName(plan, client, request), {}};
  if (op.resultCount)
    begun.type = resultType(plan, request);
  WorldOutcome out;
  const JournalEntry *entry = entryOf(begun.name);
  // It may have happened, although the journal does not have it under this key.
  const bool isMissing =
      isOnce(op) && !entry && (journal->content().mayLackWrites || written.contains(begun.name.at));
  Next next = Next::Begins;
  const bool isLost = hasLost(request);
  if (isLost) {
    next = Next::Answered; // at once: in a serial run the winner comes after it
    out.kind = WorldOutcome::Kind::Cancelled;
  } else if (entry) {
    next = fromEntry(*entry, request, begun, out);
  } else if (isMissing) {
    next = inDoubt(request, begun, nullptr, out);
  }
  if (use.told)
    use.told(request.op, begun.name.at, isLost ? JournalMeaning::Lost : meaningOf(entry, isMissing, next));
  if (next != Next::Answered) {
    MutexLock lock(mutex);
    inFlight.insert_or_assign(keyOf(request.ticket), std::move(begun));
    return next;
  }
  if (!isLost) {
    counts->taken.fetch_add(1, std::memory_order_relaxed);
    noteAnswer(request.ticket, rowOf(op, begun.name, Kind::Done));
  }
  out.ticket = request.ticket;
  out.op = request.op;
  if (request.wantsIdentity)
    out.identity = begun.name.key.substr(0, begun.name.key.find('@'));
  atOnce.push_back(std::move(out));
  return next;
}

void JournaledWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  std::vector<WorldRequest> live;
  for (WorldRequest &request : requests) {
    const PlanOp &op = plan.ops[request.op];
    const Next next = take(request, atOnce);
    if (next == Next::Waits) {
      MutexLock lock(mutex);
      parked.push_back(std::move(request));
    } else if (next == Next::Begins && isOnce(op)) {
      beginWrite(std::move(request));
    } else if (next == Next::Begins) {
      live.push_back(std::move(request));
    }
  }
  if (!live.empty())
    pass(live, atOnce);
}

/// Hands requests on, and keeps what is answered at once. What takes time is said to have started.
void JournaledWorld::pass(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  std::vector<std::pair<Key, uint32_t>> tickets;
  for (const WorldRequest &request : requests)
    if (isWrite(plan.ops[request.op].effect) || plan.ops[request.op].effect == Effect::Sample)
      tickets.emplace_back(keyOf(request.ticket), request.op);
  const size_t before = atOnce.size();
  below.fetch_add(countOf(requests), std::memory_order_acq_rel);
  inner->submit(requests, atOnce);
  below.fetch_sub(countOf(std::span(atOnce).subspan(before)), std::memory_order_acq_rel);
  std::for_each(atOnce.begin() + static_cast<ptrdiff_t>(before), atOnce.end(),
                [this](const WorldOutcome &outcome) { keep(outcome); });
  for (const auto &[key, op] : tickets) {
    MutexLock lock(mutex);
    if (const auto begun = inFlight.find(key); begun != inFlight.end() && !isOnce(plan.ops[op]))
      append(rowOf(plan.ops[op], begun->second.name, Kind::Started));
  }
}

/// The same on a thread that does not take outcomes back. True if there were any.
bool JournaledWorld::passLater(std::vector<WorldRequest> requests) {
  const uint64_t before = reconsidered.load(std::memory_order_acquire);
  std::vector<WorldOutcome> atOnce;
  pass(requests, atOnce);
  // What was cancelled while it was on its way is not known to the world yet.
  if (reconsidered.load(std::memory_order_acquire) != before)
    inner->reconsider();
  if (atOnce.empty())
    return false;
  client.finished(std::move(atOnce));
  return true;
}

/// Begins a write once the journal says so.
void JournaledWorld::beginWrite(WorldRequest request) {
  JournalRow row;
  {
    MutexLock lock(mutex);
    row = rowOf(plan.ops[request.op], inFlight.find(keyOf(request.ticket))->second.name, Kind::Started);
    ++beginning;
  }
  auto held = std::make_shared<WorldRequest>(std::move(request));
  append(std::move(row), [this, held](const std::optional<JournalError> &problem) {
    const bool isWanted = client.wanted(held->ticket);
    if (!problem && isWanted) {
      std::vector<WorldRequest> one;
      one.push_back(std::move(*held));
      return hasBegun(passLater(std::move(one)));
    }
    WorldOutcome out;
    out.ticket = held->ticket;
    out.op = held->op;
    out.kind = isWanted ? WorldOutcome::Kind::Failed : WorldOutcome::Kind::Cancelled;
    if (problem)
      out.error = errorOf(Diag::JournalNotWritten, {problem->why});
    keep(out);
    std::vector<WorldOutcome> outcomes;
    outcomes.push_back(std::move(out));
    client.finished(std::move(outcomes));
    hasBegun(true);
  });
}

/// A write is no longer on its way. If the engine has been idle meanwhile, the world below hears of it now;
/// `isBusy`: it is not idle any more.
void JournaledWorld::hasBegun(bool isBusy) {
  bool isIdle;
  {
    MutexLock lock(mutex);
    isIdle = !--beginning && std::exchange(wasIdle, false) && !isBusy;
  }
  if (isIdle)
    inner->onIdle();
}

void JournaledWorld::finished(std::vector<WorldOutcome> outcomes) {
  for (const WorldOutcome &outcome : outcomes)
    keep(outcome);
  below.fetch_sub(countOf(std::span(outcomes)), std::memory_order_acq_rel);
  client.finished(std::move(outcomes));
}

Kind JournaledWorld::kindOf(const WorldOutcome &outcome) const {
  switch (outcome.kind) {
  case WorldOutcome::Kind::Done:
    return Kind::Done;
  case WorldOutcome::Kind::Cancelled:
    return !client.isEnding() && client.isCaught(outcome.ticket) ? Kind::Lost : Kind::Dropped;
  case WorldOutcome::Kind::Failed:
    break;
  }
  const FailureClass failure = xcs::rowOf(outcome.error.id).failure;
  if (isCatchable(failure) && client.isCaught(outcome.ticket))
    return Kind::Caught;
  const bool isDone = outcome.hasHappened && isOnce(plan.ops[outcome.op]);
  return failure == FailureClass::Unknown || isDone ? Kind::Unknown : Kind::Failed;
}

static std::string failureJson(const WorldOutcome &outcome) {
  Value items[] = {Value::str("kind"),     Value::str(rowOf(outcome.error.id).kind),
                   Value::str("message"),  Value::str(outcome.error.message),
                   Value::str("attempt"),  Value::i64(outcome.error.attempt),
                   Value::str("happened"), Value::boolean(outcome.hasHappened)};
  Limits whole;
  whole.set(Limit::ValueBytes, UINT32_MAX);
  std::string out;
  OpError error;
  appendJson(out, Value::object(items), JsonLayout::Line, whole, error);
  return out;
}

/// The JSON of what came of it. Not usable: it has none, or has a secret in it, which must not be kept.
std::string JournaledWorld::bodyOf(const WorldOutcome &outcome, TypeId type, bool &isUsable) const {
  std::string out;
  isUsable = true;
  if (outcome.kind == WorldOutcome::Kind::Cancelled)
    return out;
  if (outcome.kind == WorldOutcome::Kind::Failed) {
    out = failureJson(outcome);
  } else {
    Value json;
    OpError error;
    Limits whole = limits;
    whole.set(Limit::ValueBytes, UINT32_MAX);
    isUsable = jsonFromValue(outcome.value, plan.constants, type, whole, json, error) &&
               appendJson(out, json, JsonLayout::Line, whole, error);
  }
  isUsable = isUsable && (searched.empty() || !holdsSecret(out, searched));
  return isUsable ? out : std::string();
}

/// Appends the row of an outcome.
void JournaledWorld::keep(const WorldOutcome &outcome) {
  Begun begun;
  {
    MutexLock lock(mutex);
    auto entry = inFlight.extract(keyOf(outcome.ticket));
    if (entry.empty())
      return;
    begun = std::move(entry.mapped());
  }
  const PlanOp &op = plan.ops[outcome.op];
  // One that was refused or cancelled before it began was not.
  counts->carriedOut.fetch_add(outcome.kind == WorldOutcome::Kind::Done || outcome.start != 0,
                               std::memory_order_relaxed);
  JournalRow row = rowOf(op, begun.name, kindOf(outcome));
  bool isUsable = true;
  row.body = bodyOf(outcome, begun.type, isUsable);
  if (!isUsable) // a write has happened, and its result cannot be kept; anything else is asked again
    row.kind = row.isOnce ? Kind::Unknown : Kind::Dropped;
  if (row.kind == Kind::Done || row.kind == Kind::Caught)
    noteAnswer(outcome.ticket, row);
  if (!row.isOnce || row.kind == Kind::Failed || row.kind == Kind::Dropped)
    return append(std::move(row));
  append(std::move(row), [counts = counts, at = row.at](const std::optional<JournalError> &problem) {
    if (!problem)
      return;
    MutexLock lock(counts->mutex);
    counts->unkept.push_back(at);
  });
}

/// An answer within races, of which it is not known yet whether they will do without it.
void JournaledWorld::noteAnswer(Ticket ticket, const JournalRow &row) {
  if (!hasRaces)
    return;
  RequestPlace around;
  for (const RequestPlace::Step &step : client.placeOf(ticket).steps) {
    if (forgives(plan, step.op)) {
      JournalRow lost = row;
      lost.kind = Kind::Lost;
      lost.body.clear();
      MutexLock lock(mutex);
      undecided[chosenKey(around, step.op)].emplace_back(step.index, std::move(lost));
    }
    around.steps.push_back(step);
  }
}

/// Takes out of the parked requests those that are no longer wanted; they end.
std::vector<WorldOutcome> JournaledWorld::takeUnwanted() {
  std::vector<WorldOutcome> unwanted;
  std::vector<WorldRequest> wanted;
  for (WorldRequest &request : parked) {
    if (client.wanted(request.ticket)) {
      wanted.push_back(std::move(request));
      continue;
    }
    WorldOutcome &out = unwanted.emplace_back();
    out.ticket = request.ticket;
    out.op = request.op;
    out.kind = WorldOutcome::Kind::Cancelled;
    inFlight.erase(keyOf(request.ticket)); // the journal says so already
  }
  parked = std::move(wanted);
  return unwanted;
}

void JournaledWorld::reconsider() {
  reconsidered.fetch_add(1, std::memory_order_acq_rel);
  std::vector<WorldOutcome> unwanted;
  {
    MutexLock lock(mutex);
    unwanted = takeUnwanted();
  }
  inner->reconsider();
  if (!unwanted.empty())
    client.finished(std::move(unwanted));
}

void JournaledWorld::abandon() {
  reconsider();
  inner->abandon();
}

/// Nothing is left to happen. What an earlier process cancelled is wanted after all: it begins.
void JournaledWorld::onIdle() {
  std::vector<WorldRequest> requests;
  std::vector<WorldOutcome> unwanted;
  {
    MutexLock lock(mutex);
    if ((wasIdle = beginning > 0))
      return;
    unwanted = takeUnwanted();
    if (unwanted.empty() && !below.load(std::memory_order_acquire))
      requests.swap(parked);
  }
  if (!unwanted.empty())
    return client.finished(std::move(unwanted));
  if (requests.empty() || !passLater(std::move(requests)))
    inner->onIdle();
}

void JournaledWorld::chosen(const RequestPlace &place, uint32_t op, std::span<const uint32_t> indices) {
  JournalRow row;
  row.kind = Kind::Chosen;
  row.key = chosenKey(place, op);
  row.op = xcs::rowOf(plan.ops[op].code).name;
  row.body = "[";
  for (size_t i = 0; i < indices.size(); ++i)
    row.body += (i ? "," : "") + std::to_string(indices[i]);
  row.body += "]";
  std::vector<std::pair<uint32_t, JournalRow>> answers;
  {
    MutexLock lock(mutex);
    if (auto known = undecided.extract(chosenKey(place, op)); !known.empty())
      answers = std::move(known.mapped());
  }
  append(std::move(row));
  // Answers that were too late must not win either where another plan numbers its operations otherwise.
  for (auto &[index, lost] : answers)
    if (std::find(indices.begin(), indices.end(), index) == indices.end())
      append(std::move(lost));
}

std::optional<std::vector<uint32_t>> JournaledWorld::choiceOf(const RequestPlace &place, uint32_t op) {
  const auto &entries = journal->content().entries;
  if (!use.isSameRun || entries.empty())
    return std::nullopt;
  const auto found = entries.find(chosenKey(place, op));
  if (found == entries.end() || found->second.isDamaged || found->second.kind != Kind::Chosen)
    return std::nullopt;
  const std::optional<std::string> body = journal->body(found->second.row);
  Value json;
  OpError error;
  if (!body || !parseJson(*body, limits, json, error) || json.kind() != ValueKind::List)
    return std::nullopt;
  std::vector<uint32_t> out;
  for (const Value &index : json.items()) {
    if (index.kind() != ValueKind::I64 || index.asI64() < 0 || index.asI64() >= UINT32_MAX)
      return std::nullopt;
    out.push_back(static_cast<uint32_t>(index.asI64()));
  }
  return out;
}

std::optional<OpError> JournaledWorld::begin(const RunStart &start) {
  searched = inner->secrets();
  return inner->begin(start);
}

WorldReport JournaledWorld::end() {
  static_cast<void>(journal->flush()); // its owner asks for what is wrong
  return inner->end();
}

MakeWorld xcs::journaledWorld(const PlanView &plan, const Limits &limits, MakeWorld inner,
                              std::shared_ptr<Journal> journal, JournalUse use,
                              std::shared_ptr<JournalCounts> counts) {
  return [&plan, limits, inner = std::move(inner), journal = std::move(journal), use = std::move(use),
          counts = std::move(counts)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<JournaledWorld>(plan, limits, client, inner, journal, use, counts);
  };
}
