#include "World/Draw.h"
#include "World/RequestJson.h"
#include "World/WorldLayer.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/World/Recordings.h"
#include "xcs/World/Redaction.h"
#include <algorithm>
#include <map>

using namespace xcs;

void RecordedAnswers::add(RecordedAnswer answer) {
  MutexLock lock(mutex);
  answers.push_back(std::move(answer));
}

void RecordedAnswers::addUnwritable(std::string op, std::string why) {
  MutexLock lock(mutex);
  if (!firstUnwritable)
    firstUnwritable.emplace(std::move(op), std::move(why));
}

/// Of texts that are as large as values, escaped.
static Limits lineLimits() {
  Limits limits;
  limits.set(Limit::ValueBytes, UINT32_MAX);
  limits.set(Limit::JsonBytes, UINT32_MAX);
  return limits;
}

/// A JSON value without the secrets; keys of objects are of the program and stay.
static bool redact(Value &json, const std::vector<std::string> &secrets, OpError &error) {
  std::string text;
  return json.empty() || secrets.empty() ||
         (appendJson(text, json, JsonLayout::Line, lineLimits(), error) &&
          parseJson(redactJson(std::move(text), secrets), lineLimits(), json, error));
}

std::string RecordedAnswers::text(const PlanView &plan, const std::vector<std::string> &secrets,
                                  std::optional<std::pair<std::string, std::string>> &unwritable) const {
  std::string out = printRecordingHead(planShape(plan));
  MutexLock lock(mutex);
  unwritable = firstUnwritable;
  for (RecordedAnswer answer : answers) {
    OpError error;
    answer.error.message = redactSecrets(std::move(answer.error.message), secrets);
    if (!redact(answer.operands, secrets, error) || !redact(answer.value, secrets, error) ||
        !appendAnswer(out, answer, lineLimits(), error))
      unwritable = unwritable ? unwritable : std::pair(answer.op, error.message);
  }
  return out;
}

namespace {

class RecordingWorld final : public WorldLayer {
public:
  RecordingWorld(const PlanView &plan, const Limits &limits, WorldClient &client, const MakeWorld &makeInner,
                 std::shared_ptr<RecordedAnswers> answers)
      : plan(plan), limits(limits), client(client), answers(std::move(answers)), inner(makeInner(*this)) {}

  void submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) override;

private:
  World &innerWorld() const override { return *inner; }
  WorldClient &outerClient() const override { return client; }

  using Key = std::pair<void *, uint32_t>; // of a ticket

  void finished(std::vector<WorldOutcome> outcomes) override;

  RecordedAnswer begun(const WorldRequest &request) const;
  void record(const WorldOutcome &outcome);

  const PlanView &plan;
  const Limits limits;
  WorldClient &client;
  const std::shared_ptr<RecordedAnswers> answers;
  Mutex mutex;
  struct Begun {
    RecordedAnswer answer;
    TypeId type; // of the result
  };
  std::map<Key, Begun> inFlight XCS_GUARDED_BY(mutex);
  const std::unique_ptr<World> inner; // last: it may call as soon as it is made
};

} // namespace

/// What is known before there is an answer.
RecordedAnswer RecordingWorld::begun(const WorldRequest &request) const {
  const PlanOp &op = plan.ops[request.op];
  RecordedAnswer out;
  out.op = rowOf(op.code).name;
  out.at = placeText(drawPlace(plan, client, request));
  out.identity = answerIdentity(plan, client, request);
  if (!hasDrawName(op.effect))
    out.site = siteText(client, request);
  out.operands = operandsAsJson(plan, limits, request);
  return out;
}

void RecordingWorld::submit(std::span<WorldRequest> requests, std::vector<WorldOutcome> &atOnce) {
  for (const WorldRequest &request : requests) {
    const PlanOp &op = plan.ops[request.op];
    if (op.code == OpCode::log_print)
      continue;
    Begun entry{begun(request), TypeId()};
    if (op.resultCount)
      entry.type = resultType(plan, request);
    MutexLock lock(mutex);
    inFlight.insert_or_assign({request.ticket.activation, request.ticket.node}, std::move(entry));
  }
  const size_t before = atOnce.size();
  inner->submit(requests, atOnce);
  std::for_each(atOnce.begin() + static_cast<ptrdiff_t>(before), atOnce.end(),
                [this](const WorldOutcome &outcome) { record(outcome); });
}

void RecordingWorld::finished(std::vector<WorldOutcome> outcomes) {
  for (const WorldOutcome &outcome : outcomes)
    record(outcome);
  client.finished(std::move(outcomes));
}

void RecordingWorld::record(const WorldOutcome &outcome) {
  Begun begun;
  {
    MutexLock lock(mutex);
    auto entry = inFlight.extract({outcome.ticket.activation, outcome.ticket.node});
    if (entry.empty())
      return;
    begun = std::move(entry.mapped());
  }
  RecordedAnswer &answer = begun.answer;
  OpError error;
  switch (outcome.kind) {
  case WorldOutcome::Kind::Done:
    if (!jsonFromValue(outcome.value, plan.constants, begun.type, limits, answer.value, error))
      return answers->addUnwritable(answer.op, error.message);
    break;
  case WorldOutcome::Kind::Failed:
    answer.kind = RecordedAnswer::Kind::Failed;
    answer.error = outcome.error;
    answer.hasHappened = outcome.hasHappened;
    break;
  case WorldOutcome::Kind::Cancelled:
    answer.kind = RecordedAnswer::Kind::Cancelled;
    break;
  }
  answers->add(std::move(answer));
}

MakeWorld xcs::recordingWorld(const PlanView &plan, const Limits &limits, MakeWorld inner,
                              std::shared_ptr<RecordedAnswers> answers) {
  return [&plan, limits, inner = std::move(inner),
          answers = std::move(answers)](WorldClient &client) -> std::unique_ptr<World> {
    return std::make_unique<RecordingWorld>(plan, limits, client, inner, answers);
  };
}
