#include "World/WorldOp.h"
#include "World/Access.h"
#include "World/EventLoop.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

bool WorldOp::isWrite() const { return xcs::isWrite(planOp().effect); }

void WorldOp::timedOut(int64_t timeout) {
  cancel();
  std::string what = isNotRepeatable() ? mayHaveHappened() : std::string();
  if (what.empty())
    fail(Diag::OpTimeout, {rowOf(planOp().code).name, printDuration(timeout)});
  else
    failUnknown(what, "it did not finish within its timeout of " + printDuration(timeout));
}

void WorldOp::cancelRunning() {
  cancel();
  std::string what = isNotRepeatable() ? mayHaveHappened() : std::string();
  if (what.empty())
    site.context.loop->cancel(this);
  else
    failUnknown(what, "the run was aborted before it finished");
}

void WorldOp::succeed(Value value) {
  // A completed write stays completed; everything else may fail for the memory of the run.
  if (!isWrite() && Value::bytesAlive() > site.context.options.limits[Limit::RunBytes])
    return failWith(
        limitError("what the run holds, with the result of `" + std::string(rowOf(planOp().code).name) + "`,",
                   site.context.options.limits, Limit::RunBytes));
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

void WorldOp::fail(Diag id, std::initializer_list<std::string_view> arguments) {
  error = {id, finishedMessage(id, arguments), attempt};
  site.context.loop->finished(this);
}

void WorldOp::fail(OpError finished) {
  error = std::move(finished);
  site.context.loop->finished(this);
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
  out.error = std::move(error);
  out.usage = usage;
  out.start = startedAt;
  out.end = endedAt;
  out.identity = std::move(site.identity);
  out.settleToken = settleToken;
  return out;
}

void WorldOp::retryAfter(int64_t nanoseconds) {
  ++attempt;
  ++usage.retries;
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
