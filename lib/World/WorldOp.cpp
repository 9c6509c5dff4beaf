#include "World/WorldOp.h"
#include "World/Access.h"
#include "World/EventLoop.h"
#include "World/Retry.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

bool WorldOp::isWrite() const { return xcs::isWrite(planOp().effect); }

void WorldOp::timedOut(int64_t timeout) {
  cancel();
  fail(Diag::OpTimeout, {rowOf(planOp().code).name, printDuration(timeout)},
       "it did not finish within its timeout of " + printDuration(timeout));
}

std::string WorldOp::describeGate() const {
  const PlanView &plan = site.context.plan;
  if (planOp().target == UINT32_MAX)
    return std::string(rowOf(planOp().code).name);
  return "@" + std::string(plan.constants.text(plan.resources[planOp().target].symbol));
}

std::string WorldOp::describeQueue() const {
  if (site.context.budget && site.context.budget->owns(waitingGate))
    return "the budget";
  const std::string_view limit =
      site.context.gates ? site.context.gates->limitAt(planOp(), waitingGate) : std::string_view();
  return limit.empty() ? describeGate() : "@" + std::string(limit);
}

void WorldOp::pausedTooLong(int64_t nanoseconds) {
  fail(Diag::RetryTooLate,
       {describeGate(), shownWait(nanoseconds), utcAfter(site.context.options.host->timeOfDay(), nanoseconds),
        "as it told an earlier request"});
}

void WorldOp::exceedsBudget(BudgetUnit unit) {
  const auto [needed, spent, remedy] = site.context.budget->refusal(*budgetNeed(), unit);
  fail(Diag::BudgetExceeded, {describeGate(), needed, spent, remedy});
}

void WorldOp::cancelRunning() {
  cancel();
  if (!isNotRepeatable() || fate.isUntouched())
    site.context.loop->cancel(this);
  else
    fail(Diag::Interrupted, {}, "the run was aborted before it finished");
}

TypeKind WorldOp::resultFieldKind(size_t field) const {
  const ConstantView &constants = site.context.plan.constants;
  return constants.kind(constants.fields(site.slots()[planOp().resultSlot].type)[field].type);
}

void WorldOp::succeed(Value value) {
  // A completed write stays completed; everything else may fail for the memory of the run.
  if (!isWrite() && Value::bytesAlive() > site.context.options.limits[Limit::RunBytes])
    return failWith(
        exceeded(site.context.options.limits, Limit::RunBytes,
                 "what the run holds, with the result of `" + std::string(rowOf(planOp().code).name) + "`,"));
  result = std::move(value);
  ok = true;
  site.context.loop->finished(this);
}

/// Text from the world may not be UTF-8, and a `try` makes a `str` of the message. Paths are shown
/// completely, because they are in the flags that grant them; they have 4096 bytes at most, and longer text
/// is shortened.
static std::string finishedMessage(Diag id, std::initializer_list<std::string_view> arguments) {
  static constexpr size_t most = 8192;
  std::vector<std::string> texts;
  for (std::string_view argument : arguments) {
    texts.push_back(readableText(beginningOf(argument, most)));
    if (argument.size() > most)
      texts.back() += "...";
  }
  return formatMessage(rowOf(id).text, std::vector<std::string_view>(texts.begin(), texts.end()));
}

void WorldOp::failJudged(OpError found, std::string_view why) {
  error = isWrite() ? fate.judge(std::move(found), why, !isNotRepeatable()) : std::move(found);
  site.context.loop->finished(this);
}

void WorldOp::fail(Diag id, std::initializer_list<std::string_view> arguments) {
  fail({id, finishedMessage(id, arguments), attempt});
}

void WorldOp::fail(Diag id, std::initializer_list<std::string_view> arguments, std::string_view why) {
  failJudged({id, finishedMessage(id, arguments), attempt}, readableText(why));
}

void WorldOp::fail(OpError finished) {
  const std::string why = finished.message;
  failJudged(std::move(finished), why);
}

void WorldOp::failWith(const AccessError &refused) {
  fail(refused.id, {refused.first, refused.second, refused.third, refused.fourth});
}

WorldOutcome WorldOp::takeOutcome() {
  WorldOutcome out;
  out.ticket = site.ticket;
  out.op = site.op;
  if (ok)
    out.kind = WorldOutcome::Kind::Done;
  else
    out.kind = cancelled ? WorldOutcome::Kind::Cancelled : WorldOutcome::Kind::Failed;
  out.value = std::move(result);
  out.hasHappened =
      isWrite() && (ok || (fate.isCarriedOut() && rowOf(error.id).failure != FailureClass::Unknown));
  out.error = std::move(error);
  out.usage = takeUsage();
  out.start = startedAt;
  out.end = endedAt;
  out.identity = std::move(site.identity);
  out.settleToken = settleToken;
  return out;
}

void WorldOp::retryAfter(int64_t nanoseconds) {
  ++attempt;
  site.context.loop->retry(this, nanoseconds);
}

std::unique_ptr<WorldOp> ImmediateResult::fail(Diag id, std::initializer_list<std::string_view> arguments) {
  failed = true;
  error = {id, finishedMessage(id, arguments), 1};
  return nullptr;
}

std::unique_ptr<WorldOp> xcs::makeWorldOp(WorldOp::Site site, ImmediateResult &immediate) {
  using Make = std::unique_ptr<WorldOp> (*)(WorldOp::Site, ImmediateResult &);
  struct Row {
    OpCode code;
    Make make;
  };
  static constexpr Row rows[] = {
#define XCS_PURE_OP(...)
#define XCS_CONTROL_OP(...)
#define XCS_WORLD_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)               \
  {OpCode::id, worldops::id},
#include "xcs/Ops/Ops.def"
  };
  OpCode code = site.context.plan.ops[site.op].code;
  for (const Row &row : rows)
    if (row.code == code)
      return row.make(std::move(site), immediate);
  return nullptr;
}
