// The part of CachedWorld that begins with an outcome of the inner world.
#include "World/CachedWorld.h"
#include "World/Draw.h"
#include "World/RequestJson.h"
#include "xcs/Ops/JsonText.h"
#include <algorithm>
#include <utility>

using namespace xcs;

CachedWorld::FlightRef CachedWorld::refOf(Ticket ticket) {
  const auto found = flights.find(flightOf(ticket)->number);
  return found == flights.end() ? nullptr : found->second;
}

/// Whether the answer is one for all who ask the same: not that of a program that failed, nor one that says
/// that the server or the request did (RFC 9110, 15.5 and 15.6).
bool CachedWorld::isShared(const WorldOutcome &outcome) const {
  if (outcome.kind != WorldOutcome::Kind::Done)
    return false;
  const OpCode code = plan.ops[outcome.op].code;
  const Value &value = outcome.value;
  if (code != OpCode::exec_run && code != OpCode::http_request)
    return true;
  if (value.kind() != ValueKind::Record || value.size() == 0) // of a fake world
    return false;
  const int64_t first = value.items()[0].asI64(); // the exit code, or the status
  return code == OpCode::exec_run ? first == 0 : first < 400;
}

/// An outcome of the inner world.
void CachedWorld::settle(WorldOutcome outcome, Outcomes &out, Onward &onward) {
  noteWrite(outcome.op);
  if (!flightOf(outcome.ticket)) {
    out.push_back(std::move(outcome));
    return;
  }
  FlightRef flight;
  {
    MutexLock lock(mutex);
    flight = refOf(outcome.ticket);
    if (isShared(outcome))
      flight->stage = Flight::Stage::Keeping;
  }
  if (!isShared(outcome))
    return failed(flight, std::move(outcome), out, onward);
  auto shared = std::make_shared<WorldOutcome>(std::move(outcome));
  threads.post([this, flight, shared] { keep(flight, std::move(*shared)); });
}

/// The first member has its failure; the next one asks by itself.
void CachedWorld::failed(const FlightRef &flight, WorldOutcome outcome, Outcomes &out, Onward &onward) {
  const bool isCancelled = outcome.kind == WorldOutcome::Kind::Cancelled;
  std::vector<Flight::Member> told;
  bool isLast;
  {
    MutexLock lock(mutex);
    if (!flight->members.empty()) {
      told.push_back(std::move(flight->members.front()));
      flight->members.erase(flight->members.begin());
    }
    isLast = isCancelled || flight->members.empty();
  }
  const uint64_t token = std::exchange(outcome.settleToken, 0);
  if (isLast)
    for (Flight::Member &member : endFlight(flight))
      told.push_back(std::move(member));
  for (const Flight::Member &member : told)
    out.push_back(outcomeFor(member, outcome));
  if (!told.empty()) {
    WorldOutcome &first = out[out.size() - told.size()];
    first.usage = std::move(outcome.usage);
    first.settleToken = token;
  } else if (token) {
    inner->settled({&token, 1});
  }
  if (!isLast)
    ask(flight, onward);
}

TypeId CachedWorld::typeOf(const Flight &flight) const {
  WorldRequest like;
  like.op = flight.op;
  like.region = flight.region;
  return resultType(plan, like);
}

bool CachedWorld::writeValue(const Flight &flight, const Value &value, std::string &text) const {
  Value json;
  OpError error;
  return !ownSecrets.echoedIn(value) &&
         jsonFromValue(value, plan.constants, typeOf(flight), options.limits, json, error) &&
         appendJson(text, json, JsonLayout::Line, options.limits, error);
}

/// An answer that was harmless in another run may hold a secret of this one.
bool CachedWorld::readValue(const Flight &flight, const std::string &text, Value &value) const {
  Value json;
  OpError error;
  return parseJson(text, options.limits, json, error) &&
         valueFromJson(json, plan.constants, typeOf(flight), options.limits, value, error) &&
         !ownSecrets.echoedIn(value);
}

/// Of what a flight has, an entry; the result says why there is none.
std::string CachedWorld::fill(NewEntry &entry, const Flight &flight, const WorldOutcome &outcome) {
  if (asksServer(flight.op) && writes.load(std::memory_order_acquire) != flight.writes)
    return "its answer is not kept: this run wrote to something meanwhile";
  if (!writeValue(flight, outcome.value, entry.result.value))
    return "its answer is not kept: it has no JSON form, or a secret in it";
  std::string why = flight.program ? files.addOutputs(*flight.program, entry.result.files) : std::string();
  return why.empty() ? why : "its result is not kept: " + why;
}

/// Those who wait have the answer as soon as what a program wrote is copied. The flight lasts until the
/// database has the entry, so that no one asks meanwhile.
void CachedWorld::keep(const FlightRef &flight, WorldOutcome outcome) {
  NewEntry entry;
  CachedResult &result = entry.result;
  std::string why = fill(entry, *flight, outcome);
  if (outcome.usage)
    result.tokens = outcome.usage->models.prompt.sum + outcome.usage->models.completion.sum;
  Outcomes out;
  if (!why.empty()) {
    explain(flight->op, flight->place, std::move(why));
    finishAll(flight, endFlight(flight), outcome, result.tokens, false, out);
    return deliver(std::move(out));
  }
  result.made = timeOfDay();
  entry.key = flight->identity.key;
  entry.op = rowOf(plan.ops[flight->op].code).name;
  entry.parts = flight->identity.parts;
  WorldOutcome later = copyOf(outcome);
  std::vector<Flight::Member> members;
  {
    MutexLock lock(mutex);
    members.swap(flight->members);
    toStore.push_back({flight, std::move(entry), std::move(later)});
  }
  finishAll(flight, members, outcome, result.tokens, false, out);
  deliver(std::move(out));
  storeAll();
}

/// Stores what there is, again and again while there is more: the more comes at once, the more goes into one
/// transaction.
void CachedWorld::storeAll() {
  {
    MutexLock lock(mutex);
    if (isStoring)
      return;
    isStoring = true;
  }
  while (true) {
    std::vector<ToStore> batch;
    {
      MutexLock lock(mutex);
      batch.swap(toStore);
      if (batch.empty()) {
        isStoring = false;
        stored.notifyAll();
        return;
      }
    }
    std::vector<NewEntry> entries;
    for (ToStore &each : batch)
      entries.push_back(std::move(each.entry));
    cache->store(entries);
    Outcomes out;
    for (size_t i = 0; i < batch.size(); ++i)
      finishAll(batch[i].flight, endFlight(batch[i].flight), batch[i].outcome, entries[i].result.tokens, true,
                out);
    deliver(std::move(out));
  }
}

void CachedWorld::waitUntilStored() {
  MutexLock lock(mutex);
  while (isStoring || !toStore.empty())
    stored.wait(mutex);
}

void CachedWorld::forgetKey(const Flight &flight) {
  if (const auto found = byKey.find(flight.joinKey); found != byKey.end() && found->second.get() == &flight)
    byKey.erase(found);
}

/// Nobody joins it any more.
std::vector<Flight::Member> CachedWorld::endFlight(const FlightRef &flight) {
  std::vector<Flight::Member> members;
  bool hadClaim;
  {
    MutexLock lock(mutex);
    flight->stage = Flight::Stage::Over;
    forgetKey(*flight);
    flights.erase(flight->number);
    members.swap(flight->members);
    hadClaim = std::exchange(flight->hasClaim, false);
  }
  if (hadClaim)
    cache->release(flight->identity.key);
  return members;
}

/// What of it others may have too.
WorldOutcome CachedWorld::copyOf(const WorldOutcome &outcome) {
  WorldOutcome out;
  out.op = outcome.op;
  out.value = outcome.value;
  out.hasHappened = outcome.hasHappened;
  return out;
}

/// The same outcome for a member, without what was used.
WorldOutcome CachedWorld::outcomeFor(const Flight::Member &member, const WorldOutcome &like) const {
  WorldOutcome out;
  out.ticket = member.request.ticket;
  out.op = member.request.op;
  out.kind = like.kind;
  out.value = like.value;
  out.error = like.error;
  out.hasHappened = like.hasHappened;
  out.start = like.start ? std::max(like.start, member.since) : 0;
  out.end = like.end;
  if (member.request.wantsIdentity)
    out.identity = answerIdentity(plan, client, member.request);
  return out;
}

WorldOutcome CachedWorld::cancelledFor(const Flight::Member &member) const {
  WorldOutcome cancelled;
  cancelled.kind = WorldOutcome::Kind::Cancelled;
  return outcomeFor(member, cancelled);
}

std::unique_ptr<WorldUsage> CachedWorld::savedUsage(const Flight &flight, uint64_t tokens) const {
  auto usage = std::make_unique<WorldUsage>();
  usage->cached = 1;
  const OpCode code = plan.ops[flight.op].code;
  if (code == OpCode::model_chat || code == OpCode::model_embed) {
    usage->models.savedCalls = 1;
    usage->models.savedTokens = tokens;
  }
  return usage;
}

/// `isCached`: nothing was asked, so all members have saved it; else all but the first.
void CachedWorld::finishAll(const FlightRef &flight, const std::vector<Flight::Member> &members,
                            WorldOutcome &outcome, uint64_t tokens, bool isCached, Outcomes &out) {
  if (isCached)
    outcome.start = outcome.end = inner->now();
  for (size_t i = 0; i < members.size(); ++i) {
    if (isCached)
      explain(members[i].request, "answered from the cache");
    out.push_back(outcomeFor(members[i], outcome));
    if (i == 0 && !isCached) {
      out.back().usage = std::move(outcome.usage);
      out.back().settleToken = outcome.settleToken;
    } else {
      out.back().usage = savedUsage(*flight, tokens);
    }
  }
  if (members.empty() && outcome.settleToken)
    inner->settled({&outcome.settleToken, 1});
}
