#include "Runtime/Engine.h"
#include "World/Access.h"
#include "World/Draw.h"
#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

using namespace xcs;

bool WorldOp::isWrite() const { return xcs::isWrite(planOp().effect); }

void WorldOp::timedOut(int64_t timeout) {
  cancel();
  std::string what = mayNotBeRepeated() ? mayHaveHappened() : std::string();
  if (what.empty())
    fail(Diag::OpTimeout, {rowOf(planOp().code).name, printDuration(timeout)});
  else
    failUnknown(what, "it did not finish within its timeout of " + printDuration(timeout));
}

void WorldOp::cutOff() {
  cancel();
  std::string what = mayNotBeRepeated() ? mayHaveHappened() : std::string();
  if (what.empty())
    site.context.loop->cancel(this);
  else
    failUnknown(what, "the run was aborted before it finished");
}

void WorldOp::succeed(Value value) {
  result = std::move(value);
  ok = true;
  site.context.loop->finished(this);
}

/// What the world says may be no UTF-8, and a `try` makes a `str` of the message. Paths are shown whole, in
/// the flags that grant them, and are of 4096 bytes at most; what is longer than any is shortened.
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

EventLoop &Executor::Impl::eventLoop() {
  if (EventLoop *there = startedLoop.load(std::memory_order_acquire))
    return *there;
  std::lock_guard lock(loopMutex);
  if (!loop) {
    loop = std::make_unique<EventLoop>(pool, context);
    context.loop = loop.get();
    startedLoop.store(loop.get(), std::memory_order_release);
  }
  return *loop;
}

/// Whether a text that contains a secret would go where no grant lets it: to a prompt, a request, a file, a
/// program. A log is redacted instead.
static bool mayNotLeave(const WorldOp::Site &site) {
  const Secrets &secrets = site.context.secrets;
  if (secrets.empty() || site.context.plan.ops[site.op].code == OpCode::log_print)
    return false;
  return std::any_of(site.operands.begin(), site.operands.end(),
                     [&](const Value &operand) { return secrets.echoedIn(operand); });
}

/// Makes the operation and leaves it for the event loop; those of one turn are handed over together.
Progress Executor::Impl::runWorld(Worker &w, Frame *frame, uint32_t node, uint32_t index) {
  const PlanOp &op = plan.ops[index];
  if (!frame->wanted(op.order)) {
    // Pure operations look at their own frame alone.
    leaveOut(frame, op);
    return Progress::Settled;
  }
  ++w.stats.dispatches;
  ++w.stats.operations;
  ++w.stats.worldOperations;
  WorldOp::Site site{context, frame, node, index, {}};
  site.operands.reserve(op.operandCount);
  for (uint32_t slot : plan.operandsOf(op))
    site.operands.push_back(frame->slots[slot]);
  if (mayNotLeave(site)) {
    freeOperands(frame, op);
    std::string_view name[] = {rowOf(op.code).name};
    fail(frame, op, {Diag::SecretInOperand, formatMessage(rowOf(Diag::SecretInOperand).text, name)});
    return Progress::Settled;
  }
  ImmediateResult immediate;
  std::string draw = options.trace ? drawDigest(site) : std::string();
  int64_t start = options.trace ? monotonicNanoseconds() : 0;
  std::unique_ptr<WorldOp> made = makeWorldOp(std::move(site), immediate);
  freeOperands(frame, op);
  if (!made) {
    if (options.trace)
      record(w, {index, 1, start, monotonicNanoseconds(), 0, 0, false, !immediate.failed, std::move(draw)},
             frame);
    if (immediate.failed)
      fail(frame, op, std::move(immediate.error));
    else
      frame->slots[op.resultSlot] = std::move(immediate.value);
    return Progress::Settled;
  }
  made->draw = std::move(draw);
  outgoing[w.index].push_back(std::move(made));
  return Progress::Pending;
}

void Executor::Impl::flushWorld(Worker &w) {
  auto &ops = outgoing[w.index];
  if (ops.empty())
    return;
  eventLoop().submit(std::exchange(ops, {}));
}

void xcs::addUsage(RunStats &to, const RunStats &from) {
  to.requests += from.requests;
  to.retries += from.retries;
  to.connections += from.connections;
  to.models += from.models;
}

void Executor::Impl::worldFinished(Worker &w, WorldOp *finished) {
  std::unique_ptr<WorldOp> op(finished);
  Frame *frame = op->site.frame;
  const PlanOp &planOp = op->planOp();
  addUsage(w.stats, op->usage);
  if (op->usage.models.calls)
    w.usage[op->site.op] += op->usage.models;
  if (options.trace && op->startedAt)
    record(w, {op->site.op, 1, op->startedAt, op->endedAt, 0, 0, true, op->ok, std::move(op->draw)}, frame);
  if (op->ok && op->isWrite())
    wrote(frame, planOp);
  if (op->ok)
    frame->slots[planOp.resultSlot] = std::move(op->result);
  else if (!op->cancelled)
    fail(frame, planOp, std::move(op->error));
  else
    leaveOut(frame, planOp);
  goOn(w, settle(w, frame, op->site.node));
}
