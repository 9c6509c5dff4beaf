#include "xcs/World/FakeWorld.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Clock.h"
#include <algorithm>

using namespace xcs;

FakeWorld::FakeWorld(const PlanView &plan, WorldClient &client, Script script)
    : plan(plan), client(client), script(std::move(script)) {}

MakeWorld FakeWorld::making(const PlanView &plan, Script script, FakeWorld *&made) {
  return [&plan, script = std::move(script), &made](WorldClient &client) -> std::unique_ptr<World> {
    auto world = std::make_unique<FakeWorld>(plan, client, script);
    made = world.get();
    return world;
  };
}

FakeWorld::Answer FakeWorld::sleeps(const WorldRequest &request) {
  Answer answer;
  if (request.operands.size() == 1 && request.operands[0].kind() == ValueKind::Duration)
    answer.duration = request.operands[0].asI64();
  return answer;
}

bool FakeWorld::isWrite(const WorldRequest &request) const {
  return xcs::isWrite(plan.ops[request.op].effect);
}

WorldOutcome FakeWorld::outcomeOf(Pending &pending, WorldOutcome::Kind kind) {
  WorldOutcome out;
  out.ticket = pending.request.ticket;
  out.op = pending.request.op;
  out.kind = kind;
  if (kind == WorldOutcome::Kind::Done)
    out.value = std::move(pending.answer.value);
  if (kind == WorldOutcome::Kind::Failed)
    out.error = std::move(*pending.answer.error);
  out.start = pending.start;
  out.end = now();
  past.push_back({out.op, kind, out.start - begun, out.end - begun});
  report.cancelled += kind == WorldOutcome::Kind::Cancelled;
  return out;
}

static WorldOutcome::Kind kindOf(const FakeWorld::Answer &answer) {
  return answer.error ? WorldOutcome::Kind::Failed : WorldOutcome::Kind::Done;
}

void FakeWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  for (WorldRequest &request : requests) {
    Answer answer;
    {
      std::lock_guard lock(scriptMutex);
      answer = script(request);
    }
    std::lock_guard lock(mutex);
    Pending pending{std::move(request), std::move(answer), now()};
    if (pending.answer.duration <= 0)
      atOnce.push_back(outcomeOf(pending, kindOf(pending.answer)));
    else
      inFlight.emplace(Due{timeAfter(now(), pending.answer.duration), sequence++}, std::move(pending));
    report.peakInFlight = std::max<uint64_t>(report.peakInFlight, inFlight.size());
  }
}

void FakeWorld::settled(size_t outcomes) {
  std::lock_guard lock(mutex);
  unsettled -= outcomes;
}

void FakeWorld::reconsider() {
  std::lock_guard lock(mutex);
  wantsReconsider = true;
}

void FakeWorld::abandon() {
  std::lock_guard lock(mutex);
  wantsReconsider = wantsNoWrites = true;
}

/// Ends what nobody wants any more, but for writes; those as well when they were abandoned.
void FakeWorld::stopUnwanted(std::vector<WorldOutcome> &outcomes) {
  bool givesUp = std::exchange(wantsNoWrites, false);
  for (auto at = inFlight.begin(); at != inFlight.end();) {
    Pending &pending = at->second;
    bool write = isWrite(pending.request);
    if (write ? !givesUp : client.wanted(pending.request.ticket)) {
      ++at;
      continue;
    }
    if (write) {
      std::string_view arguments[] = {"a write", "the run was aborted before it finished"};
      pending.answer.error = {Diag::OutcomeUnknown,
                              formatMessage(rowOf(Diag::OutcomeUnknown).text, arguments), 1};
    }
    outcomes.push_back(
        outcomeOf(pending, write ? WorldOutcome::Kind::Failed : WorldOutcome::Kind::Cancelled));
    at = inFlight.erase(at);
  }
}

/// What happens next: what nobody wants any more is cancelled now, else the clock goes on to the first thing
/// that is due, and to all others that are due then.
std::vector<WorldOutcome> FakeWorld::nextOutcomes(std::function<void()> &expired) {
  std::vector<WorldOutcome> outcomes;
  if (std::exchange(wantsReconsider, false))
    stopUnwanted(outcomes);
  if (!outcomes.empty() || inFlight.empty())
    return outcomes;
  int64_t next = inFlight.begin()->first.first;
  if (run.timeout && timeAfter(begun, run.timeout) < next) {
    clock.store(timeAfter(begun, run.timeout), std::memory_order_relaxed);
    run.timeout = 0;
    expired = run.expired;
    return outcomes;
  }
  clock.store(next, std::memory_order_relaxed);
  while (!inFlight.empty() && inFlight.begin()->first.first == next) {
    auto node = inFlight.extract(inFlight.begin());
    outcomes.push_back(outcomeOf(node.mapped(), kindOf(node.mapped().answer)));
  }
  return outcomes;
}

void FakeWorld::quiet() {
  std::function<void()> expired;
  std::vector<WorldOutcome> outcomes;
  {
    std::lock_guard lock(mutex);
    if (unsettled)
      return;
    outcomes = nextOutcomes(expired);
    unsettled = outcomes.size();
  }
  if (expired) {
    expired(); // stops the run, so there is something to reconsider
    quiet();
    return;
  }
  if (outcomes.empty())
    return;
  for (WorldOutcome &outcome : outcomes)
    outcome.tellSettled = true;
  client.finished(std::move(outcomes));
}

std::optional<OpError> FakeWorld::begin(const RunStart &start) {
  std::lock_guard lock(mutex);
  run = start;
  begun = now();
  past.clear();
  report = {};
  return std::nullopt;
}

WorldReport FakeWorld::end() {
  std::lock_guard lock(mutex);
  run = {};
  return report;
}
