#include "World/EventLoop.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Io/Children.h"
#include "xcs/Io/HttpClient.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <iterator>

using namespace xcs;

EventLoop::EventLoop(WorldContext &context)
    : context(context),
      admission(
          context.plan, [this](Applicant &someone) { begin(static_cast<WorldOp *>(&someone)); },
          [this](Gate &gate, int64_t when) { wakeGate(gate, when); }),
      budget(descriptorBudget(freeDescriptors(), context.options.limits[Limit::OpenFiles],
                              context.options.limits[Limit::Children])),
      gateOfChildren(budget.programs, 0), gateOfFiles(budget.files, 0),
      gateOfSockets(budget.sockets.inFlight, 0) {
  auto started = Reactor::start({.turn = [this] { turn(); }, .closing = [this] { close(); }});
  if (!started) {
    why = started.error();
    return;
  }
  made = std::move(*started);
  reactor = made.get();
  childTable = std::make_unique<Children>(*reactor, context.options.programDescriptors);
}

EventLoop::~EventLoop() = default;

/// The last step on the reactor's thread.
void EventLoop::close() {
  blocking.reset();
  // Programs that were terminated get their grace, and none remains.
  reactor->turnWhile([this] { return childTable->busy(); });
  http.reset();
  std::lock_guard lock(mutex);
  childTable.reset();
  closed = true;
}

void EventLoop::killPrograms() {
  std::lock_guard lock(mutex);
  if (childTable)
    childTable->killAll();
}

/// Posts a step to the reactor, as long as there is one. Called with the lock held.
void EventLoop::post(Reactor::Step step) {
  if (reactor && !closed)
    reactor->post(std::move(step));
}

BlockingPool &EventLoop::blockingPool() {
  if (!blocking)
    blocking = std::make_unique<BlockingPool>(*reactor, budget.files);
  return *blocking;
}

HttpClient &EventLoop::httpClient() {
  if (!http)
    http = std::make_unique<HttpClient>(
        *reactor, HttpBounds{context.options.limits, budget.sockets,
                             [&grants = context.options.grants](std::string_view address, uint16_t port) {
                               return grants.mayReach(address, port);
                             }});
  return *http;
}

void EventLoop::submit(std::vector<std::unique_ptr<WorldOp>> ops) {
  std::lock_guard lock(mutex);
  bool first = incoming.empty() && settledTokens.empty();
  std::move(ops.begin(), ops.end(), std::back_inserter(incoming));
  if (first)
    post([this] { receive(); });
}

void EventLoop::reconsider() {
  std::lock_guard lock(mutex);
  if (!std::exchange(wantsReconsider, true))
    post([this] { cancelUnwanted(); });
}

void EventLoop::abandonWrites() {
  std::lock_guard lock(mutex);
  post([this] { abandonWritesOnLoop(); });
}

void EventLoop::setDeadline(int64_t when, std::function<void()> expired) {
  std::lock_guard lock(mutex);
  post([this, when, expired = std::move(expired)] {
    timers().remove(deadlineId);
    deadlineId = when ? timers().add(when, expired) : 0;
  });
}

void EventLoop::settled(std::span<const uint64_t> tokens) {
  std::lock_guard lock(mutex);
  bool first = incoming.empty() && settledTokens.empty();
  settledTokens.insert(settledTokens.end(), tokens.begin(), tokens.end());
  if (first)
    post([this] { receive(); });
}

void EventLoop::receive() {
  std::vector<std::unique_ptr<WorldOp>> ops;
  std::vector<uint64_t> tokens;
  {
    std::lock_guard lock(mutex);
    ops.swap(incoming);
    tokens.swap(settledTokens);
  }
  for (auto &op : ops)
    admit(op.release());
  admission.settled(tokens);
  watchHeld();
}

void EventLoop::admit(WorldOp *op) {
  if (op->state == WorldOp::State::New) {
    op->place = inFlight.size();
    inFlight.push_back(op);
    op->waitsIn = {op->site.priority, turns++};
  }
  if (!context.client.wanted(op->site.ticket)) {
    cancel(op);
    return;
  }
  op->state = WorldOp::State::Waiting;
  op->gates = gatesOf(op);
  op->tokens = op->tokensWanted();
  if (!admission.apply(*op))
    begin(op);
}

/// The gates of an operation: that of its resource and of `limit = @l`, if it has them, and that of the
/// sockets.
std::array<Gate *, 3> EventLoop::gatesOf(WorldOp *op) {
  if (op->hasParts()) // they count, not the operation
    return {};
  return {op->gate(), admission.limitOf(op->planOp()), op->opensSocket() ? &gateOfSockets : nullptr};
}

void EventLoop::begin(WorldOp *op) {
  op->state = WorldOp::State::Running;
  if (!op->hasParts())
    mostInFlight.store(std::max(mostInFlight.load(std::memory_order_relaxed), ++running),
                       std::memory_order_relaxed);
  if (!op->startedAt) {
    op->startedAt = monotonicNanoseconds();
    if (op->isNotRepeatable())
      uncertain.fetch_add(1, std::memory_order_relaxed);
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
  if (timer.id && timer.when <= wakeAt)
    return;
  timers().remove(timer.id);
  timer.when = wakeAt;
  timer.id = timers().add(wakeAt, [this, &gate] {
    paceTimers.erase(&gate);
    admission.lookAt(gate);
  });
}

/// Removes an operation that has ended from the loop.
void EventLoop::retire(WorldOp *op) {
  if (op->state == WorldOp::State::Running && !op->hasParts())
    --running;
  if (op->startedAt && op->isNotRepeatable() && op->error.id != Diag::OutcomeUnknown)
    uncertain.fetch_sub(1, std::memory_order_relaxed);
  timers().remove(op->timer);
  timers().remove(op->deadlineTimer);
  op->state = WorldOp::State::Done;
  op->endedAt = monotonicNanoseconds();
  inFlight[op->place] = inFlight.back();
  inFlight[op->place]->place = op->place;
  inFlight.pop_back();
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

void EventLoop::dropPart(WorldOp *part) {
  if (part->state == WorldOp::State::New || part->state == WorldOp::State::Done)
    return;
  halt(part);
  retire(part);
  admission.leave(*part);
}

/// Releases its slots at once: it will be admitted again.
void EventLoop::release(WorldOp *op) {
  if (op->state == WorldOp::State::Running && !op->hasParts())
    --running;
  admission.leave(*op);
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
  const bool othersHold = childTable->size() || (blocking && blocking->size()) || (http && http->size());
  lackedInVain = othersHold ? 0 : lackedInVain + 1;
  if (lackedInVain > mostInVain)
    return false;
  release(op);
  op->state = WorldOp::State::Sleeping;
  ++lacking;
  op->timer = timers().add(monotonicNanoseconds() + interval * static_cast<int64_t>(lacking), [this, op] {
    op->timer = 0;
    --lacking;
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
  cancelled.fetch_add(1, std::memory_order_relaxed);
  op->cancelled = true;
  finished(op);
}

/// A write in flight finishes; one that has not begun to take effect is not started.
static bool mayBeCancelled(WorldOp *op, bool underWay) {
  return !op->isWrite() || !underWay || op->withdraw();
}

void EventLoop::cancelUnwanted() {
  {
    std::lock_guard lock(mutex);
    wantsReconsider = false;
  }
  std::vector<WorldOp *> unwanted;
  for (WorldOp *op : inFlight) {
    bool underWay = op->state == WorldOp::State::Running || op->state == WorldOp::State::Sleeping;
    if (!op->owner && !context.client.wanted(op->site.ticket) && mayBeCancelled(op, underWay))
      unwanted.push_back(op);
  }
  for (WorldOp *op : unwanted)
    cancel(op);
}

void EventLoop::abandonWritesOnLoop() {
  std::vector<WorldOp *> writes;
  for (WorldOp *op : inFlight)
    if (op->isWrite())
      writes.push_back(op);
  for (WorldOp *op : writes)
    op->abandon();
  childTable->hurry();
}

/// Once before and once after the reactor sleeps: admits waiting operations, delivers finished ones.
void EventLoop::turn() {
  admission.pump(monotonicNanoseconds());
  handBack();
}

/// Small enough that the first ones are settled while the others are being delivered.
static constexpr size_t outcomesAtOnce = 512;

void EventLoop::handBack() {
  std::vector<std::unique_ptr<WorldOp>> ops = std::exchange(ended, {});
  for (size_t first = 0; first < ops.size(); first += outcomesAtOnce) {
    size_t last = std::min(ops.size(), first + outcomesAtOnce);
    std::vector<WorldOutcome> outcomes;
    outcomes.reserve(last - first);
    for (size_t i = first; i < last; ++i) {
      outcomes.push_back(ops[i]->takeOutcome());
      ops[i].reset();
    }
    context.client.finished(std::move(outcomes));
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
