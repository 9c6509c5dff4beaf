#include "World/JournaledWorld.h"

using namespace xcs;

using Kind = JournalRow::Kind;

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
