#include "World/Draw.h"
#include "World/RequestJson.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Support/Clock.h"
#include "xcs/World/Recordings.h"
#include <algorithm>
#include <deque>
#include <map>

using namespace xcs;

namespace {

class ReplayWorld final : public World {
public:
  ReplayWorld(const PlanView &plan, const Limits &limits, WorldClient &client,
              std::shared_ptr<const Recording> recording, std::shared_ptr<Host> host);

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;
  void settled(std::span<const uint64_t> tokens) override;
  void reconsider() override;
  void abandon() override;
  void onIdle() override;
  std::optional<OpError> begin(const RunStart &start) override;
  WorldReport end() override;
  int64_t now() const override { return monotonicNanoseconds(); }

private:
  static constexpr size_t none = SIZE_MAX;
  /// A request that has no outcome yet.
  struct Pending {
    WorldRequest request;
    size_t answer = none; // its number in the recording
  };

  void print(const WorldRequest &request, std::vector<WorldOutcome> &atOnce);
  size_t answerOf(const WorldRequest &request) XCS_REQUIRES(mutex);
  size_t onlyAnswer(const std::vector<size_t> &answers) const;
  bool comesAtAll(size_t answer) const;
  std::vector<WorldOutcome> nextOutcomes() XCS_REQUIRES(mutex);
  void cancelUnwanted(std::vector<WorldOutcome> &outcomes) XCS_REQUIRES(mutex);
  bool isStopped(const Pending &pending) const;
  WorldOutcome outcomeOf(const Pending &pending) const;
  OpError missing(const Pending &pending) const;
  const RecordedAnswer *nearest(const RecordedAnswer &asked) const;

  const PlanView &plan;
  const Limits limits;
  WorldClient &client;
  const std::shared_ptr<const Recording> recording;
  const std::shared_ptr<Host> host;
  const bool orderMatters;
  const bool isSamePlan; // operations have the numbers that they had when it was recorded
  // By identity, and by site where that counts: the answers, in their order.
  std::map<std::string, std::vector<size_t>> byRequest;

  mutable Mutex mutex;
  std::map<std::string, size_t> taken XCS_GUARDED_BY(mutex);   // how many of those have been asked for
  std::multimap<size_t, Pending> coming XCS_GUARDED_BY(mutex); // by their place in the recording
  std::deque<Pending> waiting XCS_GUARDED_BY(mutex);           // for an answer that there is not
  size_t unsettled XCS_GUARDED_BY(mutex) = 0;                  // outcomes that the engine has not taken in
  bool wantsReconsider XCS_GUARDED_BY(mutex) = false, isOver XCS_GUARDED_BY(mutex) = false;
  WorldReport report XCS_GUARDED_BY(mutex);
};

} // namespace

static std::string keyOf(const std::string &identity, const std::string &site, const std::string &at) {
  return identity + "@" + site + "@" + at;
}

/// Whether the order of answers can decide what a program gives.
static bool hasRaces(const PlanView &plan) {
  return std::any_of(plan.ops.begin(), plan.ops.end(), [&](const PlanOp &op) {
    const RegionForm *form = regionForm(op.code);
    return form && ruleOf(plan.constants, *form, op.dict).failure == RegionFailure::Forgiven;
  });
}

ReplayWorld::ReplayWorld(const PlanView &plan, const Limits &limits, WorldClient &client,
                         std::shared_ptr<const Recording> given, std::shared_ptr<Host> host)
    : plan(plan), limits(limits), client(client), recording(std::move(given)), host(std::move(host)),
      orderMatters(hasRaces(plan)), isSamePlan(recording->shape == shapeText(planShape(plan))) {
  for (size_t i = 0; i < recording->answers.size(); ++i) {
    const RecordedAnswer &answer = recording->answers[i];
    if (answer.site.empty())
      byRequest[answer.identity].push_back(i);
    else
      byRequest[keyOf(answer.identity, isSamePlan ? answer.site : "", answer.at)].push_back(i);
  }
}

/// Of reads and waits that another plan made: which of several equal ones this is cannot be told, so all must
/// have the same answer, and their order must not matter.
size_t ReplayWorld::onlyAnswer(const std::vector<size_t> &answers) const {
  const RecordedAnswer &first = recording->answers[answers.front()];
  const bool areEqual = std::all_of(answers.begin(), answers.end(), [&](size_t i) {
    const RecordedAnswer &other = recording->answers[i];
    return other.kind == first.kind && other.error.message == first.error.message &&
           equalValues(other.value, first.value);
  });
  return answers.size() == 1 || (areEqual && !orderMatters) ? answers.front() : none;
}

size_t ReplayWorld::answerOf(const WorldRequest &request) {
  const bool isNamed = hasDrawName(plan.ops[request.op].effect);
  std::string key = answerIdentity(plan, client, request);
  if (!isNamed)
    key =
        keyOf(key, isSamePlan ? siteText(client, request) : "", placeText(drawPlace(plan, client, request)));
  const auto found = byRequest.find(key);
  if (found == byRequest.end())
    return none;
  if (!isNamed && !isSamePlan)
    return onlyAnswer(found->second);
  const size_t number = taken[key]++;
  return number < found->second.size() ? found->second[number] : none;
}

bool ReplayWorld::comesAtAll(size_t answer) const {
  return answer != none && recording->answers[answer].kind != RecordedAnswer::Kind::Cancelled;
}

void ReplayWorld::print(const WorldRequest &request, std::vector<WorldOutcome> &atOnce) {
  host->log(logLine(request.operands, client.placeOf(request.ticket)),
            [&client = client, ticket = request.ticket] { return client.wanted(ticket); });
  WorldOutcome &outcome = atOnce.emplace_back();
  outcome.ticket = request.ticket;
  outcome.op = request.op;
  outcome.value = Value::none();
}

void ReplayWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  for (WorldRequest &request : requests) {
    if (plan.ops[request.op].code == OpCode::log_print) {
      print(request, atOnce);
      continue;
    }
    MutexLock lock(mutex);
    const size_t answer = answerOf(request);
    if (comesAtAll(answer))
      coming.emplace(answer, Pending{std::move(request), answer});
    else
      waiting.push_back({std::move(request), answer});
    report.peakInFlight = std::max<uint64_t>(report.peakInFlight, coming.size() + waiting.size());
  }
}

void ReplayWorld::settled(std::span<const uint64_t> tokens) {
  MutexLock lock(mutex);
  unsettled -= tokens.size();
}

void ReplayWorld::reconsider() {
  MutexLock lock(mutex);
  wantsReconsider = true;
}

void ReplayWorld::abandon() {
  MutexLock lock(mutex);
  wantsReconsider = isOver = true;
}

/// Whether it ends without an answer: it is not wanted, and it is not a write that has taken place.
bool ReplayWorld::isStopped(const Pending &pending) const {
  const bool isWritten = isWrite(plan.ops[pending.request.op].effect) && comesAtAll(pending.answer);
  return !isWritten && !client.wanted(pending.request.ticket);
}

void ReplayWorld::cancelUnwanted(std::vector<WorldOutcome> &outcomes) {
  const bool isEnd = isOver;
  auto stop = [&](const Pending &pending) {
    if (!isEnd && !isStopped(pending))
      return false;
    WorldOutcome &outcome = outcomes.emplace_back();
    outcome.ticket = pending.request.ticket;
    outcome.op = pending.request.op;
    outcome.kind = WorldOutcome::Kind::Cancelled;
    return true;
  };
  std::erase_if(coming, [&](const auto &entry) { return stop(entry.second); });
  std::erase_if(waiting, stop);
  report.cancelled += outcomes.size();
}

/// What was asked for, in the form of a recording.
static std::string differenceOf(const RecordedAnswer &asked, const RecordedAnswer &recorded,
                                const Limits &limits) {
  const auto a = asked.operands.items(), r = recorded.operands.items();
  auto shown = [&](const Value &value) {
    std::string text;
    OpError error;
    static constexpr size_t mostShown = 80;
    if (!appendJson(text, value, JsonLayout::Line, limits, error))
      return std::string("a value that is too large");
    return text.size() <= mostShown ? text : text.substr(0, mostShown) + "..";
  };
  for (size_t i = 0; i < std::max(a.size(), r.size()); ++i) {
    if (i >= a.size() || i >= r.size())
      return "it has " + std::to_string(r.size()) + " operands, not " + std::to_string(a.size());
    if (!equalValues(a[i], r[i]))
      return "its operand " + std::to_string(i) + " is " + shown(r[i]) + ", not " + shown(a[i]);
  }
  return asked.at == recorded.at
             ? "it cannot be told whether this is the one, or its attributes, resource or type are others"
             : "it is `" + recorded.at + "`, not `" + asked.at + "`";
}

/// The recorded answer that is most like it: at the same place, else of the same operation with the same
/// operands, else of the same operation.
const RecordedAnswer *ReplayWorld::nearest(const RecordedAnswer &asked) const {
  const RecordedAnswer *best = nullptr;
  int bestRank = 0;
  for (const RecordedAnswer &answer : recording->answers) {
    if (answer.op != asked.op)
      continue;
    const int rank = answer.at == asked.at ? 3 : equalValues(answer.operands, asked.operands) ? 2 : 1;
    if (rank > bestRank) {
      best = &answer;
      bestRank = rank;
    }
  }
  return best;
}

/// Of one that has no answer. What was cancelled can be forgiven, as any failure: a `map {take = 1}` that
/// starts its elements one by one continues with the next.
OpError ReplayWorld::missing(const Pending &pending) const {
  if (pending.answer != none) {
    const std::string line = std::to_string(recording->answers[pending.answer].line);
    std::string_view arguments[] = {line};
    return {Diag::ReplayCancelled, formatMessage(rowOf(Diag::ReplayCancelled).text, arguments), 1};
  }
  RecordedAnswer asked;
  asked.op = rowOf(plan.ops[pending.request.op].code).name;
  asked.at = placeText(drawPlace(plan, client, pending.request));
  asked.operands = operandsAsJson(plan, limits, pending.request);
  std::string why;
  if (const RecordedAnswer *near = nearest(asked))
    why = "the nearest one is in line " + std::to_string(near->line) + ", and " +
          differenceOf(asked, *near, limits);
  else
    why = "none of a `" + asked.op + "` was recorded";
  std::string_view arguments[] = {why};
  return {Diag::ReplayMiss, formatMessage(rowOf(Diag::ReplayMiss).text, arguments), 1};
}

WorldOutcome ReplayWorld::outcomeOf(const Pending &pending) const {
  WorldOutcome out;
  out.ticket = pending.request.ticket;
  out.op = pending.request.op;
  out.start = out.end = now();
  if (!comesAtAll(pending.answer)) {
    out.kind = WorldOutcome::Kind::Failed;
    out.error = missing(pending);
    return out;
  }
  const RecordedAnswer &answer = recording->answers[pending.answer];
  out.hasHappened = answer.hasHappened;
  if (answer.kind == RecordedAnswer::Kind::Failed) {
    out.kind = WorldOutcome::Kind::Failed;
    out.error = answer.error;
    return out;
  }
  OpError error;
  if (valueFromJson(answer.value, plan.constants, resultType(plan, pending.request), limits, out.value,
                    error))
    return out;
  out.kind = WorldOutcome::Kind::Failed;
  const std::string line = std::to_string(answer.line);
  std::string_view arguments[] = {line, error.message};
  out.error = {Diag::RecordedAnswerUnfit, formatMessage(rowOf(Diag::RecordedAnswerUnfit).text, arguments), 1};
  return out;
}

/// What happens next, now that the engine waits: what is no longer wanted ends, else the first answer of the
/// recording comes, else what waits in vain fails.
std::vector<WorldOutcome> ReplayWorld::nextOutcomes() {
  std::vector<WorldOutcome> outcomes;
  if (std::exchange(wantsReconsider, false))
    cancelUnwanted(outcomes);
  if (outcomes.empty() && !coming.empty()) {
    outcomes.push_back(outcomeOf(coming.begin()->second));
    coming.erase(coming.begin());
  } else if (outcomes.empty() && !waiting.empty()) {
    // One by one: what follows from the first may make the others unwanted.
    outcomes.push_back(outcomeOf(waiting.front()));
    waiting.pop_front();
  }
  for (WorldOutcome &outcome : outcomes)
    outcome.settleToken = 1;
  return outcomes;
}

void ReplayWorld::onIdle() {
  std::vector<WorldOutcome> outcomes;
  {
    MutexLock lock(mutex);
    if (unsettled)
      return;
    outcomes = nextOutcomes();
    unsettled = outcomes.size();
  }
  if (!outcomes.empty())
    client.finished(std::move(outcomes));
}

std::optional<OpError> ReplayWorld::begin(const RunStart &) {
  MutexLock lock(mutex);
  taken.clear();
  report = {};
  isOver = wantsReconsider = false;
  return std::nullopt;
}

WorldReport ReplayWorld::end() {
  MutexLock lock(mutex);
  return report;
}

MakeWorld xcs::replayWorld(const PlanView &plan, const Limits &limits,
                           std::shared_ptr<const Recording> recording, std::shared_ptr<Host> host) {
  return [&plan, limits, recording = std::move(recording),
          host = std::move(host)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<ReplayWorld>(plan, limits, client, recording, host);
  };
}
