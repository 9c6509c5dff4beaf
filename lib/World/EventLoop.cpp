#include "World/EventLoop.h"
#include "World/Retry.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Io/Children.h"
#include "xcs/Io/HttpClient.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <iterator>

using namespace xcs;

EventLoop::EventLoop(const WorldOptions &options)
    : options(options), admission([this](Applicant &applicant) { begin(static_cast<WorldOp *>(&applicant)); },
                                  [this](Gate &gate, int64_t when) { wakeGate(gate, when); }),
      budget(descriptorBudget(freeDescriptors(), options.limits[Limit::OpenFiles],
                              options.limits[Limit::Children])),
      gateOfChildren(budget.programs, 0), gateOfFiles(budget.files, 0),
      gateOfSockets(budget.sockets.inFlight, 0), gateOfHost(std::max(options.hostThreads, 1u), 0) {
  auto started = Reactor::start({.turn = [this] { turn(); }, .closing = [this] { close(); }});
  if (!started) {
    why = started.error();
    return;
  }
  made = std::move(*started);
  reactor = made.get();
  childTable = std::make_unique<Children>(*reactor, options.programDescriptors);
}

EventLoop::~EventLoop() = default;

/// The last step on the reactor's thread.
void EventLoop::close() {
  blocking.reset();
  hosting.reset();
  // Programs that were terminated get their grace, and none remains.
  reactor->turnWhile([this] { return childTable->busy(); });
  http.reset();
  MutexLock lock(mutex);
  childTable.reset();
  closed = true;
}

void EventLoop::killPrograms() {
  MutexLock lock(mutex);
  if (childTable)
    childTable->killAll();
}

/// Has a step run on the reactor's thread, for as long as there is one.
void EventLoop::post(Reactor::Step step) {
  if (reactor && !closed)
    reactor->post(std::move(step));
}

BlockingPool &EventLoop::blockingPool() {
  if (!blocking)
    blocking = std::make_unique<BlockingPool>(*reactor, budget.files);
  return *blocking;
}

BlockingPool &EventLoop::hostPool() {
  if (!hosting)
    hosting = std::make_unique<BlockingPool>(*reactor, std::max(options.hostThreads, 1u));
  return *hosting;
}

HttpClient &EventLoop::httpClient() {
  if (!http)
    http = std::make_unique<HttpClient>(
        *reactor, HttpBounds{options.limits, budget.sockets,
                             [&grants = options.grants](std::string_view address, uint16_t port) {
                               return grants.mayReach(address, port);
                             }});
  return *http;
}

void EventLoop::submit(std::vector<std::unique_ptr<WorldOp>> ops) {
  MutexLock lock(mutex);
  bool first = incoming.empty() && settledTokens.empty();
  std::move(ops.begin(), ops.end(), std::back_inserter(incoming));
  if (first)
    post([this] { receive(); });
}

void EventLoop::reconsider(const std::shared_ptr<WorldContext> &context) {
  if (context->wantsReconsider.exchange(true, std::memory_order_acq_rel))
    return;
  MutexLock lock(mutex);
  post([this, context] { cancelUnwanted(*context); });
}

void EventLoop::abandonWrites(const std::shared_ptr<WorldContext> &context) {
  MutexLock lock(mutex);
  post([this, context] { abandonWritesOnLoop(*context); });
}

void EventLoop::setDeadline(const std::shared_ptr<WorldContext> &context, int64_t when,
                            std::function<void()> expired) {
  MutexLock lock(mutex);
  post([this, context, when, expired = std::move(expired)] {
    timers().remove(context->deadlineId);
    context->deadlineId = when ? timers().add(when, expired) : 0;
  });
}

void EventLoop::settled(std::span<const uint64_t> tokens) {
  MutexLock lock(mutex);
  bool first = incoming.empty() && settledTokens.empty();
  settledTokens.insert(settledTokens.end(), tokens.begin(), tokens.end());
  if (first)
    post([this] { receive(); });
}

void EventLoop::receive() {
  std::vector<std::unique_ptr<WorldOp>> ops;
  std::vector<uint64_t> tokens;
  {
    MutexLock lock(mutex);
    ops.swap(incoming);
    tokens.swap(settledTokens);
  }
  reactor->refreshNow(); // some may have come after this step was posted
  for (auto &op : ops)
    admit(op.release());
  admission.settled(tokens);
  watchHeld();
}

void EventLoop::admit(WorldOp *op) {
  WorldContext &context = op->site.context;
  if (op->state == WorldOp::State::New) {
    op->place = context.inFlight.size();
    if (context.budget && context.inFlight.empty())
      budgeted.push_back(&context);
    context.inFlight.push_back(op);
    op->queuePlace = {op->site.priority, turns++};
  }
  if (!context.client.wanted(op->site.ticket)) {
    cancel(op);
    return;
  }
  op->state = WorldOp::State::Waiting;
  op->queuedAt = now();
  op->gates = gatesOf(op);
  op->tokens = op->tokensWanted();
  if (!admission.enqueue(*op))
    begin(op);
}

/// The gates of an operation: that of its resource and those of its `limit`, if it has them, that of the
/// sockets, and those of the budget.
GateUses EventLoop::gatesOf(WorldOp *op) {
  GateUses uses;
  if (op->hasParts()) // they count, not the operation
    return uses;
  if (Gate *own = op->gate())
    uses.push_back({own});
  op->site.context.gates->addLimits(op->planOp(), uses);
  if (op->opensSocket())
    uses.push_back({&gateOfSockets});
  if (Budget *budget = op->site.context.budget.get())
    if (const BudgetNeed *need = op->budgetNeed())
      budget->addUses(*need, uses);
  return uses;
}

void EventLoop::begin(WorldOp *op) {
  WorldContext &context = op->site.context;
  op->state = WorldOp::State::Running;
  if (!op->hasParts())
    context.mostInFlight.store(
        std::max(context.mostInFlight.load(std::memory_order_relaxed), ++context.running),
        std::memory_order_relaxed);
  if (!op->startedAt) {
    op->startedAt = now();
    timers().remove(std::exchange(op->deadlineTimer, 0)); // of a pause
    if (op->isNotRepeatable())
      context.uncertain.fetch_add(1, std::memory_order_relaxed);
    if (int64_t timeout = op->timeoutNanoseconds())
      op->deadlineTimer = timers().add(timeAfter(op->startedAt, timeout), [this, op] {
        op->deadlineTimer = 0;
        admission.withdraw(*op);
        op->timedOut(op->timeoutNanoseconds());
      });
  }
  op->start();
}

/// Checks a gate again at `wakeAt`, or earlier if that was already scheduled.
void EventLoop::wakeGate(Gate &gate, int64_t wakeAt) {
  PaceTimer &timer = paceTimers[&gate];
  watchPause(gate, timer);
  if (timer.id && timer.when <= wakeAt)
    return;
  timers().remove(timer.id);
  timer.when = wakeAt;
  timer.id = timers().add(wakeAt, [this, &gate, &timer] {
    timer.id = 0;
    admission.scheduleCheck(gate);
  });
}

/// The moment at which an operation that has not started has waited for as long as its timeout.
static int64_t lastMoment(const WorldOp &op, int64_t pausedSince) {
  return op.startedAt || !op.longestPause()
             ? INT64_MAX
             : timeAfter(std::max(pausedSince, op.queuedAt), op.longestPause());
}

/// A pause that its server makes counts towards the timeout of those that have not started: they do not wait
/// for longer than that, as they would not for an answer.
void EventLoop::watchPause(Gate &gate, PaceTimer &timer) {
  const int64_t now = monotonicNanoseconds();
  const Gate::Pause pause = gate.pauseAt(now);
  if (!pause.until)
    return;
  timer.pause.look(
      gate, pause, now,
      [](Applicant &applicant, int64_t since) {
        return lastMoment(static_cast<WorldOp &>(applicant), since);
      },
      [&](Applicant &applicant) {
        boundWait(static_cast<WorldOp *>(&applicant), gate, timer, pause.isAsked);
      });
  if (Applicant *first = gate.first())
    reportPause(timer, static_cast<WorldOp &>(*first), now);
}

/// Ends an operation where the pause ends too late for it: at once where the server asked for the pause, else
/// when it cannot wait any longer, since a later answer may tell of more.
void EventLoop::boundWait(WorldOp *op, Gate &gate, PaceTimer &timer, bool isAsked) {
  if (op->startedAt || op->deadlineTimer)
    return;
  int64_t when = isAsked ? monotonicNanoseconds() : lastMoment(*op, timer.pause.since());
  op->deadlineTimer = timers().add(when, [this, op, &gate, &timer] {
    op->deadlineTimer = 0;
    int64_t now = monotonicNanoseconds();
    Gate::Pause pause = gate.pauseAt(now);
    int64_t last = lastMoment(*op, timer.pause.since());
    if (op->state != WorldOp::State::Waiting)
      return;
    if (pause.until <= last) {
      timer.pause.add(op->queuePlace, last);
    } else if (!pause.isAsked && now < last) {
      boundWait(op, gate, timer, false);
    } else {
      admission.withdraw(*op);
      op->pausedTooLong(pause.until - now);
    }
  });
}

/// A silent program looks broken.
void EventLoop::reportPause(PaceTimer &timer, const WorldOp &first, int64_t now) {
  static constexpr int64_t worthTelling = 3'000'000'000, between = 60'000'000'000;
  const int64_t wait = timer.pause.until() - now;
  if (wait < worthTelling ||
      (timer.reportedAt && now - timer.reportedAt < between && wait < 10 * timer.reportedWait))
    return;
  timer.reportedAt = now;
  timer.reportedWait = wait;
  Host &host = *first.site.context.options.host;
  host.log("note: `" + first.describeGate() + "` waits for " + shownWait(wait) + ", until " +
               utcAfter(host.timeOfDay(), wait) + ", as its server asks\n",
           [] { return false; });
}

/// Takes an operation that has ended off the loop's hands.
void EventLoop::retire(WorldOp *op) {
  WorldContext &context = op->site.context;
  if (op->state == WorldOp::State::Running && !op->hasParts())
    --context.running;
  if (op->startedAt && op->isNotRepeatable() && rowOf(op->error.id).failure != FailureClass::Unknown)
    context.uncertain.fetch_sub(1, std::memory_order_relaxed);
  lacking -= std::exchange(op->lacksDescriptors, false);
  if (std::exchange(op->isInVain, false))
    context.inVain.fetch_sub(1, std::memory_order_acq_rel);
  timers().remove(op->timer);
  timers().remove(op->deadlineTimer);
  op->state = WorldOp::State::Done;
  op->endedAt = now();
  context.inFlight[op->place] = context.inFlight.back();
  context.inFlight[op->place]->place = op->place;
  context.inFlight.pop_back();
  if (context.budget && context.inFlight.empty())
    std::erase(budgeted, &context);
}

/// The longest time for which the slots of an operation are reserved for what it makes ready, in case busy
/// workers do not settle its outcome: long compared with settling, and an eighth of the operation's duration.
static int64_t longestHold(const WorldOp &op) {
  static constexpr int64_t least = 2'000'000, most = 100'000'000;
  return std::clamp((op.endedAt - op.startedAt) / 8, least, most);
}

void EventLoop::finished(WorldOp *op) {
  if (op->ok)
    lackedInVain = 0;
  retire(op);
  settleBudget(op);
  uint64_t token =
      admission.releaseWhenSettled(*op, op->site.nextPriority, timeAfter(op->endedAt, longestHold(*op)));
  if (!op->owner) {
    op->settleToken = op->settleToken ? op->settleToken : token;
    ended.emplace_back(op); // it may be inside a member function of its own
    return;
  }
  WorldOp &owner = *op->owner; // the owner frees the part
  owner.partEnded(*op);
  // The slots of the last part are for what the whole operation makes ready; all others are free.
  if (token && owner.state == WorldOp::State::Done && !owner.settleToken)
    owner.settleToken = token;
  else if (token)
    admission.settled({&token, 1});
}

void EventLoop::cancelPart(WorldOp *part) {
  if (part->state == WorldOp::State::New || part->state == WorldOp::State::Done)
    return;
  halt(part);
  retire(part);
  settleBudget(part);
  admission.release(*part);
}

/// Releases its slots at once: it will be admitted again.
void EventLoop::release(WorldOp *op) {
  if (op->state == WorldOp::State::Running && !op->hasParts())
    --op->site.context.running;
  settleBudget(op);
  admission.release(*op);
}

void EventLoop::retry(WorldOp *op, int64_t delay) {
  release(op);
  op->state = WorldOp::State::Sleeping;
  op->timer = timers().add(timeAfter(monotonicNanoseconds(), delay), [this, op] {
    op->timer = 0;
    admit(op);
  });
}

bool EventLoop::waitForDescriptors(WorldOp *op) {
  // Operations that lack descriptors at the same time retry one after another.
  static constexpr int64_t interval = 5'000'000; // 5 ms
  static constexpr unsigned mostInVain = 3;
  const bool othersHold = childTable->size() || (blocking && blocking->size()) || (http && http->sockets());
  lackedInVain = othersHold ? 0 : lackedInVain + 1;
  if (lackedInVain > mostInVain)
    return false;
  release(op);
  op->state = WorldOp::State::Sleeping;
  op->lacksDescriptors = true;
  ++lacking;
  op->timer = timers().add(monotonicNanoseconds() + interval * static_cast<int64_t>(lacking), [this, op] {
    op->timer = 0;
    lacking -= std::exchange(op->lacksDescriptors, false);
    admit(op);
  });
  return true;
}

void EventLoop::halt(WorldOp *op) {
  admission.withdraw(*op);
  if (op->state == WorldOp::State::Running)
    op->cancel();
}

void EventLoop::cancel(WorldOp *op) {
  halt(op);
  op->site.context.cancelled.fetch_add(1, std::memory_order_relaxed);
  op->cancelled = true;
  finished(op);
}

/// A write in flight finishes; one that has not begun to take effect is not started.
static bool mayBeCancelled(WorldOp *op, bool underWay) {
  return !op->isWrite() || !underWay || op->withdraw();
}

void EventLoop::cancelUnwanted(WorldContext &context) {
  context.wantsReconsider.exchange(false, std::memory_order_acq_rel);
  std::vector<WorldOp *> unwanted;
  for (WorldOp *op : context.inFlight) {
    bool underWay = op->state == WorldOp::State::Running || op->state == WorldOp::State::Sleeping;
    if (!op->owner && !context.client.wanted(op->site.ticket) && mayBeCancelled(op, underWay))
      unwanted.push_back(op);
  }
  for (WorldOp *op : unwanted)
    cancel(op);
}

void EventLoop::abandonWritesOnLoop(WorldContext &context) {
  std::vector<WorldOp *> writes;
  for (WorldOp *op : context.inFlight)
    if (op->isWrite())
      writes.push_back(op);
  for (WorldOp *op : writes)
    op->abandon();
  childTable->shortenGrace();
}

/// Once before and once after the reactor sleeps: admits waiting operations, delivers finished ones.
void EventLoop::turn() {
  do
    admission.pump(now());
  while (!budgeted.empty() && reviewBudgets());
  deliverEnded();
}

/// All of a turn together. In parts, the workers would settle the first while the others are still freed
/// here, and both would wait for each other in `malloc`: that costs more than it brings.
void EventLoop::deliverEnded() {
  std::vector<std::unique_ptr<WorldOp>> ops = std::exchange(ended, {});
  std::vector<WorldContext *> contexts;
  for (std::unique_ptr<WorldOp> &op : ops) {
    WorldContext &context = op->site.context;
    if (context.settled.empty())
      contexts.push_back(&context);
    context.settled.push_back(op->takeOutcome());
    count(context, context.settled.back());
    op.reset();
  }
  for (WorldContext *context : contexts) {
    // The run may be over, and its world gone, before this returns.
    std::vector<WorldOutcome> outcomes = std::exchange(context->settled, {});
    context->client.finished(std::move(outcomes));
  }
  watchHeld();
}

/// While slots are reserved, the timer is set for the latest end. Operations that this admits start in the
/// turn after the timers.
void EventLoop::watchHeld() {
  int64_t next = admission.nextRelease();
  if (next == heldUntil)
    return;
  heldUntil = next;
  timers().remove(std::exchange(heldTimer, 0));
  if (next)
    heldTimer = timers().add(next, [this, next] {
      heldTimer = 0;
      heldUntil = 0;
      admission.endHolds(next);
    });
}
