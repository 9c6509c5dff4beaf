#include "World/CachedWorld.h"
#include "World/GivenOptions.h"
#include "xcs/Io/HttpLibrary.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Clock.h"
#include <algorithm>
#include <utility>

using namespace xcs;

// How long another process that asks for the same is waited for, and one that runs the same program, unless
// the operation has a `timeout`; and how often to look whether it is done. The wait between two looks
// doubles.
static constexpr int64_t longestWait = 60'000'000'000, longestWaitForProgram = 600'000'000'000;
static constexpr int64_t firstDelay = 2'000'000, longestDelay = 200'000'000;

void CacheReasons::add(uint32_t op, Reason reason) {
  MutexLock lock(mutex);
  std::vector<Reason> &known = reasons[op];
  if (known.size() < mostOfEach)
    known.push_back(std::move(reason));
}

std::map<uint32_t, std::vector<CacheReasons::Reason>> CacheReasons::all() const {
  MutexLock lock(mutex);
  return reasons;
}

CachedWorld::CachedWorld(const PlanView &plan, const WorldOptions &given, WorldClient &client,
                         const MakeWorld &makeInner, std::shared_ptr<ResultCache> cache,
                         std::shared_ptr<CacheReasons> reasons, bool isResumed)
    : plan(plan), options(given), ownSecrets(grantedSecrets(plan, options)), client(client),
      context(plan, options, ownSecrets, *this), cache(std::move(cache)), reasons(std::move(reasons)),
      files(*this->cache, context), inner(makeInner(*this)) {
  for (const PlanOp &op : plan.ops)
    caching.push_back(cachingOf(plan.constants, op.code, op.dict));
  for (uint32_t op = 0; isResumed && op < plan.ops.size(); ++op)
    noteWrite(op);
}

std::optional<OpError> CachedWorld::begin(const RunStart &start) {
  canReadUrls = plan.mayUseNet && openHttpLibrary().empty();
  return inner->begin(start);
}

WorldReport CachedWorld::end() {
  waitUntilStored();
  WorldReport report = inner->end();
  cache->flush();
  return report;
}

void CachedWorld::shutdown() {
  threads.stop();
  inner->shutdown();
}

void CachedWorld::explain(const WorldRequest &request, std::string text) {
  if (reasons && reasons->areOf(request.op))
    explain(request.op, client.placeOf(request.ticket), std::move(text));
}

void CachedWorld::explain(uint32_t op, const RequestPlace &place, std::string text) {
  if (!reasons || !reasons->areOf(op))
    return;
  std::vector<uint32_t> iterations;
  for (const RequestPlace::Step &step : place.steps)
    if (step.index != UINT32_MAX)
      iterations.push_back(step.index);
  reasons->add(op, {std::move(iterations), std::move(text)});
}

static std::string_view whyNever(Caching caching) {
  switch (caching) {
  case Caching::Never:
    return "it is not for the cache: a draw, or it changes the world";
  case Caching::Off:
    return "its `cache` is \"off\"";
  case Caching::Draw:
  case Caching::Request:
    return "it may not be asked, or names what is not there";
  }
  return {};
}

/// Writes of files by the engine change no answer of a server.
bool CachedWorld::isWriteOutside(uint32_t op) const {
  const PlanOp &it = plan.ops[op];
  return it.effect != Effect::Bodies && isWrite(it.effect) && pathOperands(it.code).empty();
}

void CachedWorld::noteWrite(uint32_t op) {
  if (isWriteOutside(op))
    writes.fetch_add(1, std::memory_order_acq_rel);
}

void CachedWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  Onward onward;
  onward.reserve(requests.size());
  for (WorldRequest &request : requests) {
    noteWrite(request.op);
    if (!take(request, atOnce, onward)) {
      explain(request, std::string(whyNever(caching[request.op])));
      onward.push_back(std::move(request));
    }
  }
  send(std::move(onward), atOnce);
}

/// False: the request is not for the cache.
bool CachedWorld::take(WorldRequest &request, Outcomes &out, Onward &onward) {
  const Caching how = caching[request.op];
  if (how == Caching::Never || how == Caching::Off)
    return false;
  if (plan.ops[request.op].code == OpCode::exec_run)
    return takeProgram(request);
  if (!canReadUrls)
    return false;
  IdentityParts parts(*cache);
  if (!addRequest(parts, context, client, request, how == Caching::Draw))
    return false;
  if (const FlightRef flight = join(request, parts.finish()))
    look(flight, out, onward);
  return true;
}

/// Reads files first, which may take its time.
bool CachedWorld::takeProgram(WorldRequest &request) {
  auto shared = std::make_shared<WorldRequest>(std::move(request));
  const uint64_t times = reconsidered.load(std::memory_order_acquire);
  {
    MutexLock lock(mutex);
    ++reading;
  }
  threads.post([this, shared, times] {
    lookAtProgram(std::move(*shared), times);
    MutexLock lock(mutex);
    --reading;
  });
  return true;
}

bool CachedWorld::holdsBack() const {
  MutexLock lock(mutex);
  return reading || !flights.empty();
}

/// Its request was in no flight, so that `reconsider` did not see it. `times`: how often that had been
/// called.
void CachedWorld::lookAtProgram(WorldRequest request, uint64_t times) {
  IdentityParts parts(*cache);
  Result<ProgramRun, std::string> run(std::string(whyNever(Caching::Request)));
  const std::string program = programOf(context, request);
  if (addRequest(parts, context, client, request, caching[request.op] == Caching::Draw, program))
    run = files.addInputs(parts, request, program);
  Outcomes out;
  Onward onward;
  if (!run && !client.wanted(request.ticket)) {
    out.push_back(cancelledFor({std::move(request), 0}));
  } else if (!run) {
    explain(request, "it is not for the cache: " + run.error());
    onward.push_back(std::move(request));
  } else if (const FlightRef flight = join(request, parts.finish())) {
    flight->program = std::move(*run);
    if (reconsidered.load(std::memory_order_acquire) != times)
      sweep(out);
    look(flight, out, onward);
  }
  send(std::move(onward), out);
  deliver(std::move(out));
  if (reconsidered.load(std::memory_order_acquire) != times)
    reconsider();
  inner->onIdle();
}

int64_t CachedWorld::timeoutOf(const WorldRequest &request) {
  const PlanOp &op = plan.ops[request.op];
  if (op.code == OpCode::http_request || op.code == OpCode::exec_run) {
    const WorldOp::Site site(request, context);
    return GivenOptions(site).deadline(Attribute::timeout);
  }
  const AttrId timeout = plan.attrOf(op, Attribute::timeout);
  return timeout ? plan.constants.intAttr(timeout) : 0;
}

/// Null: another request is first. One with another timeout is not: it may last longer than this one may. Nor
/// is one to a server from before a write.
CachedWorld::FlightRef CachedWorld::join(WorldRequest &request, CacheRequest identity) {
  const int64_t since = inner->now();
  RequestPlace place = client.placeOf(request.ticket);
  const int64_t timeout = timeoutOf(request);
  const uint64_t epoch = asksServer(request.op) ? writes.load(std::memory_order_acquire) : 0;
  std::string joinKey = identity.key + std::to_string(timeout) + "," + std::to_string(epoch);
  MutexLock lock(mutex);
  if (const auto found = byKey.find(joinKey); found != byKey.end()) {
    found->second->members.push_back({std::move(request), since});
    return nullptr;
  }
  auto flight = std::make_shared<Flight>();
  flight->op = request.op;
  flight->region = request.region;
  flight->isWrite = isWrite(plan.ops[request.op].effect);
  flight->place = std::move(place);
  flight->number = ++lastFlight;
  flight->members.push_back({std::move(request), since});
  flight->writes = epoch;
  flight->isAnew = epoch != 0;
  const auto equal = byKey.lower_bound(identity.key);
  flight->isAlone = flight->isAnew || (equal != byKey.end() && equal->first.starts_with(identity.key));
  flight->timeout = timeout;
  byKey.emplace(joinKey, flight);
  flight->joinKey = std::move(joinKey);
  flights.emplace(flight->number, flight);
  flight->identity = std::move(identity);
  return flight;
}

/// Looks twice: between the first look and the claim another process may have found the answer.
void CachedWorld::look(const FlightRef &flight, Outcomes &out, Onward &onward) {
  if (answerFromCache(flight, out))
    return;
  const bool hasClaim = cache->claim(flight->identity.key);
  if (!hasClaim && flight->isAlone)
    return ask(flight, onward);
  if (!hasClaim)
    return waitForOther(flight);
  if (holdClaim(flight) && !answerFromCache(flight, out))
    ask(flight, onward);
}

/// Notes the claim, which is given back if the flight is over. False then.
bool CachedWorld::holdClaim(const FlightRef &flight) {
  {
    MutexLock lock(mutex);
    if (flight->stage != Flight::Stage::Over)
      return flight->hasClaim = true;
  }
  cache->release(flight->identity.key);
  return false;
}

bool CachedWorld::answerFromCache(const FlightRef &flight, Outcomes &out) {
  if (flight->isAnew)
    return false;
  const AttrId ttl = plan.attrOf(plan.ops[flight->op], Attribute::cache_ttl);
  const int64_t time = timeOfDay();
  const int64_t since = ttl ? time - std::min(time, plan.constants.intAttr(ttl)) : INT64_MIN;
  std::optional<CachedResult> found = cache->find(flight->identity.key, since, time);
  WorldOutcome outcome;
  if (!found || !readValue(*flight, found->value, outcome.value))
    return false;
  if (flight->program)
    flight->whyNotGiven = files.restore(*flight->program, found->files);
  if (!flight->whyNotGiven.empty())
    return false;
  outcome.hasHappened = flight->isWrite;
  finishAll(flight, endFlight(flight), outcome, found->tokens, true, out);
  return true;
}

void CachedWorld::waitForOther(const FlightRef &flight) {
  {
    MutexLock lock(mutex);
    if (flight->stage == Flight::Stage::Over)
      return;
    flight->stage = Flight::Stage::Waiting;
    const int64_t usual = flight->program ? longestWaitForProgram : longestWait;
    flight->giveUpAt = timeAfter(monotonicNanoseconds(), flight->timeout ? flight->timeout : usual);
    flight->delay = firstDelay;
  }
  threads.post([this, flight] { lookAgain(flight); },
               std::chrono::steady_clock::now() + std::chrono::nanoseconds(firstDelay));
}

/// The other process may have found the answer, failed or died.
void CachedWorld::lookAgain(const FlightRef &flight) {
  Outcomes out;
  Onward onward;
  bool isLate = false;
  {
    MutexLock lock(mutex);
    if (flight->stage == Flight::Stage::Over)
      return;
    isLate = monotonicNanoseconds() >= flight->giveUpAt;
    flight->delay = std::min(2 * flight->delay, longestDelay);
  }
  const bool hasClaim = cache->claim(flight->identity.key);
  if (hasClaim && !holdClaim(flight))
    return;
  if (!answerFromCache(flight, out)) {
    if (!hasClaim && !isLate) {
      threads.post([this, flight] { lookAgain(flight); },
                   std::chrono::steady_clock::now() + std::chrono::nanoseconds(flight->delay));
      return;
    }
    ask(flight, onward);
    send(std::move(onward), out);
    inner->onIdle();
  }
  deliver(std::move(out));
}

std::string CachedWorld::whyAsked(const Flight &flight) {
  if (flight.isAnew)
    return "it is asked anew: this run has written to something before";
  const std::string_view name = rowOf(plan.ops[flight.op].code).name;
  const std::optional<std::string> part = cache->nearest(name, flight.identity.parts);
  if (!part)
    return "the cache has no entry of this operation";
  if (!flight.whyNotGiven.empty())
    return "its entry is not used: " + flight.whyNotGiven;
  if (part->empty() && cache->find(flight.identity.key, INT64_MIN, timeOfDay()))
    return "its entry is older than its `cache_ttl`, or is no answer to this program";
  if (part->empty())
    return "its entry was damaged or changed";
  return *part + " is not that of the nearest entry";
}

/// The flight's first member is asked for. Its request stays, since others may have to be asked again.
void CachedWorld::ask(const FlightRef &flight, Onward &onward) {
  if (reasons && reasons->areOf(flight->op))
    explain(flight->op, flight->place, whyAsked(*flight));
  bool isWanted;
  {
    MutexLock lock(mutex);
    isWanted = !flight->members.empty();
    if (isWanted) {
      flight->stage = Flight::Stage::Asking;
      WorldRequest &request = onward.emplace_back(flight->members.front().request);
      request.ticket = ticketOf(*flight);
      request.wantsIdentity = false;
    }
  }
  if (!isWanted)
    endFlight(flight);
}

void CachedWorld::send(Onward onward, Outcomes &out) {
  while (!onward.empty()) {
    Outcomes answers;
    inner->submit(onward, answers);
    onward.clear();
    for (WorldOutcome &answer : answers)
      settle(std::move(answer), out, onward);
  }
}

void CachedWorld::finished(std::vector<WorldOutcome> outcomes) {
  Outcomes out;
  Onward onward;
  for (WorldOutcome &outcome : outcomes)
    settle(std::move(outcome), out, onward);
  send(std::move(onward), out);
  deliver(std::move(out));
}

/// Takes out the members that are no longer wanted. One stays as long as the inner world has the request: the
/// run must not end before that has its outcome. So does the first one of a write: whether that has begun,
/// the inner world knows. Whether the flight is over.
bool CachedWorld::sweep(Flight &flight, Outcomes &out) {
  if (flight.stage == Flight::Stage::Keeping && flight.members.empty())
    return false; // all have the answer
  const bool isInside = flight.stage == Flight::Stage::Asking || flight.stage == Flight::Stage::Keeping;
  std::vector<Flight::Member> left, gone;
  bool isWanted = false;
  for (Flight::Member &member : flight.members) {
    const bool wants = client.wanted(member.request.ticket);
    isWanted |= wants;
    const bool stays = wants || (isInside && flight.isWrite && left.empty() && gone.empty());
    (stays ? left : gone).push_back(std::move(member));
  }
  if (isInside && left.empty() && !gone.empty()) {
    left.push_back(std::move(gone.front()));
    gone.erase(gone.begin());
  }
  for (const Flight::Member &member : gone)
    out.push_back(cancelledFor(member));
  flight.members = std::move(left);
  if (isWanted)
    return false;
  flight.isWanted.store(false, std::memory_order_release);
  forgetKey(flight);
  return !isInside;
}

void CachedWorld::sweep(Outcomes &out) {
  std::vector<FlightRef> ended;
  {
    MutexLock lock(mutex);
    for (const auto &[number, flight] : flights)
      if (sweep(*flight, out))
        ended.push_back(flight);
  }
  for (const FlightRef &flight : ended)
    endFlight(flight);
}

void CachedWorld::reconsider() {
  reconsidered.fetch_add(1, std::memory_order_acq_rel);
  Outcomes out;
  sweep(out);
  deliver(std::move(out));
  inner->reconsider();
}

void CachedWorld::abandon() {
  reconsidered.fetch_add(1, std::memory_order_acq_rel);
  Outcomes out;
  sweep(out);
  deliver(std::move(out));
  inner->abandon();
}

MakeWorld xcs::cachedWorld(const PlanView &plan, WorldOptions options, MakeWorld inner,
                           std::shared_ptr<ResultCache> cache, std::shared_ptr<CacheReasons> reasons,
                           bool isResumed) {
  return [&plan, options = std::move(options), inner = std::move(inner), cache = std::move(cache),
          reasons = std::move(reasons), isResumed](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<CachedWorld>(plan, options, client, inner, cache, reasons, isResumed);
  };
}
