#include "xcs/World/FakeWorld.h"
#include "World/Admission.h"
#include "World/Gates.h"
#include "World/Questions.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Clock.h"
#include <algorithm>

using namespace xcs;

struct FakeWorld::Pending : Applicant {
  WorldRequest request;
  Answer answer;
  int64_t start = 0; // 0: not admitted
};

FakeWorld::FakeWorld(const PlanView &plan, WorldClient &client, Script script)
    : plan(plan), client(client), script(std::move(script)), gateTable(std::make_unique<GateTable>()),
      gates(std::make_unique<PlanGates>(plan, *gateTable)),
      admission(std::make_unique<Admission>(
          [this](Applicant &applicant)
              XCS_REQUIRES(mutex) { start(std::move(waiting.extract(applicant.queuePlace.turn).mapped())); },
          [this](Gate &gate, int64_t when) XCS_REQUIRES(mutex) { alarms.emplace(when, &gate); })) {}

FakeWorld::~FakeWorld() = default;

MakeWorld FakeWorld::factory(const PlanView &plan, Script script, FakeWorld *&made) {
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

/// What becomes of a question that no one answers, for a duration of 0 when nothing else is left to happen.
void FakeWorld::leave(Pending &pending) const {
  const QuestionText question = questionOf(plan, client, pending.request);
  Answer &answer = pending.answer;
  answer.duration = question.timeout;
  answer.value = defaultAnswer(plan, pending.request);
  if (!question.timeout)
    answer.error = waitingError(question);
  else if (answer.value.empty())
    answer.error = timeoutError(question);
}

void FakeWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  for (WorldRequest &request : requests) {
    auto pending = std::make_unique<Pending>();
    pending->request = std::move(request);
    {
      MutexLock lock(scriptMutex);
      pending->answer = script(pending->request);
    }
    const bool isLeft =
        pending->answer.isUnanswered && plan.ops[pending->request.op].code == OpCode::ask_human;
    if (isLeft)
      leave(*pending);
    MutexLock lock(mutex);
    if (isLeft && !pending->answer.duration) {
      pending->start = now();
      unanswered.push_back(std::move(pending));
      continue;
    }
    if (pending->answer.duration <= 0) {
      pending->start = now();
      atOnce.push_back(outcomeOf(*pending, kindOf(pending->answer)));
      continue;
    }
    const PlanOp &op = plan.ops[pending->request.op];
    if (op.target != UINT32_MAX)
      pending->gates.push_back({&gates->gateOf(op.target)});
    gates->addLimits(op, pending->gates);
    pending->queuePlace = {pending->request.priority, sequence++};
    if (admission->enqueue(*pending))
      waiting.emplace(pending->queuePlace.turn, std::move(pending));
    else
      start(std::move(pending));
  }
}

void FakeWorld::start(std::unique_ptr<Pending> pending) {
  pending->start = now();
  Due due{timeAfter(now(), pending->answer.duration), pending->queuePlace.turn};
  inFlight.emplace(due, std::move(pending));
  report.peakInFlight = std::max<uint64_t>(report.peakInFlight, inFlight.size());
}

/// Produces the outcome of an operation in flight; its slots are released when that is settled. The lowest
/// bit makes every outcome have a token.
void FakeWorld::end(Pending &pending, std::vector<WorldOutcome> &outcomes) {
  uint64_t token = 0;
  if (settlesFirst)
    token = admission->releaseWhenSettled(pending, pending.request.nextPriority, now());
  else
    admission->release(pending);
  outcomes.back().settleToken = token << 1 | 1;
}

void FakeWorld::settled(std::span<const uint64_t> tokens) {
  MutexLock lock(mutex);
  unsettled -= tokens.size();
  for (uint64_t token : tokens)
    if (uint64_t held = token >> 1)
      admission->settled({&held, 1});
}

void FakeWorld::reconsider() {
  MutexLock lock(mutex);
  wantsReconsider = true;
}

void FakeWorld::abandon() {
  MutexLock lock(mutex);
  wantsReconsider = wantsNoWrites = true;
}

/// Ends one that no one wants any more, but for a write that has begun; that as well where writes are given
/// up. Whether it has ended.
bool FakeWorld::stops(Pending &pending, bool givesUp, std::vector<WorldOutcome> &outcomes) {
  bool write = pending.start && isWrite(pending.request);
  if (write ? !givesUp : client.wanted(pending.request.ticket))
    return false;
  if (write) {
    std::string_view arguments[] = {"a write", "the run was aborted before it finished"};
    pending.answer.error = {Diag::OutcomeUnknown, formatMessage(rowOf(Diag::OutcomeUnknown).text, arguments),
                            1};
  }
  admission->withdraw(pending);
  outcomes.push_back(outcomeOf(pending, write ? WorldOutcome::Kind::Failed : WorldOutcome::Kind::Cancelled));
  end(pending, outcomes);
  return true;
}

void FakeWorld::cancelUnwanted(std::vector<WorldOutcome> &outcomes) {
  bool givesUp = std::exchange(wantsNoWrites, false);
  auto hasStopped = [&](auto &entry) XCS_REQUIRES(mutex) { return stops(*entry.second, givesUp, outcomes); };
  std::erase_if(inFlight, hasStopped);
  std::erase_if(waiting, hasStopped);
  std::erase_if(unanswered,
                [&](auto &pending) XCS_REQUIRES(mutex) { return stops(*pending, givesUp, outcomes); });
}

/// Nothing else is left to happen.
void FakeWorld::giveUp(std::vector<WorldOutcome> &outcomes) {
  for (const std::unique_ptr<Pending> &pending : unanswered) {
    outcomes.push_back(outcomeOf(*pending, WorldOutcome::Kind::Failed));
    end(*pending, outcomes);
  }
  unanswered.clear();
}

/// The next outcomes: cancels what is no longer wanted; otherwise advances the clock to the next event and
/// returns everything due then.
std::vector<WorldOutcome> FakeWorld::nextOutcomes(std::function<void()> &expired) {
  std::vector<WorldOutcome> outcomes;
  if (std::exchange(wantsReconsider, false))
    cancelUnwanted(outcomes);
  while (outcomes.empty()) {
    admission->pump(now());
    int64_t due = inFlight.empty() ? INT64_MAX : inFlight.begin()->first.first;
    int64_t alarm = alarms.empty() ? INT64_MAX : alarms.begin()->first;
    int64_t next = std::min(due, alarm);
    if (next == INT64_MAX && !unanswered.empty()) { // no time passes until then
      giveUp(outcomes);
      return outcomes;
    }
    if (run.timeout && timeAfter(begun, run.timeout) < next) {
      clock.store(timeAfter(begun, run.timeout), std::memory_order_relaxed);
      run.timeout = 0;
      expired = run.expired;
      return outcomes;
    }
    if (next == INT64_MAX)
      return outcomes;
    clock.store(std::max(now(), next), std::memory_order_relaxed);
    for (; !alarms.empty() && alarms.begin()->first <= now(); alarms.erase(alarms.begin()))
      admission->scheduleCheck(*alarms.begin()->second);
    while (!inFlight.empty() && inFlight.begin()->first.first <= now()) {
      auto node = inFlight.extract(inFlight.begin());
      outcomes.push_back(outcomeOf(*node.mapped(), kindOf(node.mapped()->answer)));
      end(*node.mapped(), outcomes);
    }
    if (!settlesFirst)
      admission->pump(now());
  }
  return outcomes;
}

void FakeWorld::onIdle() {
  std::function<void()> expired;
  std::vector<WorldOutcome> outcomes;
  {
    MutexLock lock(mutex);
    if (unsettled)
      return;
    outcomes = nextOutcomes(expired);
    unsettled = outcomes.size();
  }
  if (expired) {
    expired(); // aborts the run, so something must be reconsidered
    onIdle();
    return;
  }
  if (outcomes.empty())
    return;
  client.finished(std::move(outcomes));
}

std::optional<OpError> FakeWorld::begin(const RunStart &start) {
  MutexLock lock(mutex);
  run = start;
  begun = now();
  past.clear();
  report = {};
  return std::nullopt;
}

WorldReport FakeWorld::end() {
  MutexLock lock(mutex);
  run = {};
  return report;
}
