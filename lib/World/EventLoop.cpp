#include "World/EventLoop.h"
#include "xcs/Io/BlockingPool.h"
#include "xcs/Io/Children.h"
#include "xcs/Io/HttpClient.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <iterator>

using namespace xcs;

EventLoop::EventLoop(WorldContext &context)
    : context(context), budget(descriptorBudget(freeDescriptors(), context.options.limits[Limit::OpenFiles],
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

/// The last thing on the reactor's thread.
void EventLoop::close() {
  blocking.reset();
  // Programs that were told to end are given their time for it, and none is left behind.
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

/// Has a step run on the reactor's thread, for as long as there is one. The lock is held.
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
  bool first = incoming.empty();
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
  post([this] { giveUpWrites(); });
}

void EventLoop::setDeadline(int64_t when, std::function<void()> expired) {
  std::lock_guard lock(mutex);
  post([this, when, expired = std::move(expired)] {
    timers().remove(deadlineId);
    deadlineId = when ? timers().add(when, expired) : 0;
  });
}

void EventLoop::receive() {
  std::vector<std::unique_ptr<WorldOp>> ops;
  {
    std::lock_guard lock(mutex);
    ops.swap(incoming);
  }
  for (auto &op : ops)
    admit(op.release());
}

Gate &EventLoop::gateOf(uint32_t resource) {
  std::unique_ptr<Gate> &gate = gates[resource];
  if (!gate) {
    const ConstantView &c = context.plan.constants;
    DictId dict = context.plan.resources[resource].dict;
    auto rate = [&](std::string_view name) {
      AttrId pace = c.find(dict, name);
      if (!pace)
        return 0.0;
      return c.attr(pace).kind == AttrKind::F64 ? c.floatAttr(pace) : static_cast<double>(c.intAttr(pace));
    };
    AttrId most = c.find(dict, "max_in_flight");
    gate = std::make_unique<Gate>(most ? static_cast<uint64_t>(c.intAttr(most)) : 0,
                                  rate("requests_per_minute"), rate("tokens_per_minute"));
  }
  return *gate;
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
  if (takeSlots(op, true))
    begin(op);
}

/// What admits an operation: its resource's gate and that of `limit = @l`, where it has them, and that of the
/// sockets.
std::array<Gate *, 3> EventLoop::gatesOf(WorldOp *op) {
  const PlanView &plan = context.plan;
  Gate *shared = nullptr;
  if (op->hasParts()) // they count, not it
    return {};
  if (AttrId limit = plan.constants.find(op->planOp().dict, "limit"))
    shared = &gateOf(plan.resourceNamed(plan.constants.symbolOf(limit)));
  return {op->gate(), shared, op->opensSocket() ? &gateOfSockets : nullptr};
}

/// Takes a slot of each gate the operation needs, or of none: then it waits at the first that is closed, and
/// tries again when that one has opened.
bool EventLoop::takeSlots(WorldOp *op, bool isNew) {
  std::array<Gate *, 3> gates = gatesOf(op);
  int64_t now = monotonicNanoseconds();
  for (Gate *gate : gates)
    if (gate && ((isNew && gate->hasWaiting()) || !gate->isOpen(now, op->tokensWanted()))) {
      gate->wait(op, op->waitsIn, op->tokensWanted());
      op->waitsAt = gate;
      toPump.push_back(gate); // it may be pacing alone that holds the operation back
      return false;
    }
  for (Gate *gate : gates)
    if (gate)
      gate->take(op->tokensWanted());
  op->holdsSlots = true;
  return true;
}

void EventLoop::begin(WorldOp *op) {
  op->state = WorldOp::State::Running;
  if (!op->hasParts())
    mostInFlight.store(std::max(mostInFlight.load(std::memory_order_relaxed), ++running),
                       std::memory_order_relaxed);
  if (!op->startedAt) {
    op->startedAt = monotonicNanoseconds();
    if (op->mayNotBeRepeated())
      uncertain.fetch_add(1, std::memory_order_relaxed);
    if (int64_t timeout = op->timeoutNanoseconds())
      op->deadlineTimer = timers().add(timeAfter(op->startedAt, timeout), [op] {
        op->deadlineTimer = 0;
        if (Gate *gate = std::exchange(op->waitsAt, nullptr))
          gate->forget(op->waitsIn);
        op->timedOut(op->timeoutNanoseconds());
      });
  }
  op->start();
}

void EventLoop::release(WorldOp *op) {
  if (op->state == WorldOp::State::Running && !op->hasParts())
    --running;
  if (!std::exchange(op->holdsSlots, false))
    return;
  for (Gate *gate : gatesOf(op))
    if (gate) {
      gate->leave();
      toPump.push_back(gate);
    }
}

void EventLoop::pumpGates() {
  while (!toPump.empty()) {
    Gate *gate = toPump.back();
    toPump.pop_back();
    int64_t wakeAt;
    while (WorldOp *op = gate->next(monotonicNanoseconds(), wakeAt)) {
      op->waitsAt = nullptr;
      if (takeSlots(op, false))
        begin(op);
    }
    if (wakeAt)
      wakeGate(gate, wakeAt);
  }
}

/// Looks at a gate again at `wakeAt`, or earlier if that was said before.
void EventLoop::wakeGate(Gate *gate, int64_t wakeAt) {
  PaceTimer &timer = paceTimers[gate];
  if (timer.id && timer.when <= wakeAt)
    return;
  timers().remove(timer.id);
  timer.when = wakeAt;
  timer.id = timers().add(wakeAt, [this, gate] {
    paceTimers.erase(gate);
    toPump.push_back(gate);
  });
}

/// Takes an operation that has ended off the loop's hands.
void EventLoop::retire(WorldOp *op) {
  release(op);
  if (op->startedAt && op->mayNotBeRepeated() && op->error.id != Diag::OutcomeUnknown)
    uncertain.fetch_sub(1, std::memory_order_relaxed);
  timers().remove(op->timer);
  timers().remove(op->deadlineTimer);
  op->state = WorldOp::State::Done;
  op->endedAt = monotonicNanoseconds();
  inFlight[op->place] = inFlight.back();
  inFlight[op->place]->place = op->place;
  inFlight.pop_back();
}

void EventLoop::finished(WorldOp *op) {
  if (op->ok)
    lackedInVain = 0;
  retire(op);
  if (op->owner)
    op->owner->partEnded(*op);
  else
    ended.emplace_back(op); // it may be within a member of its own
}

void EventLoop::dropPart(WorldOp *part) {
  if (part->state == WorldOp::State::New || part->state == WorldOp::State::Done)
    return;
  halt(part);
  retire(part);
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
  // Those who lack some at the same time try again one after the other.
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
  if (Gate *gate = std::exchange(op->waitsAt, nullptr))
    gate->forget(op->waitsIn);
  if (op->state == WorldOp::State::Running)
    op->cancel();
}

void EventLoop::cancel(WorldOp *op) {
  halt(op);
  cancelled.fetch_add(1, std::memory_order_relaxed);
  op->cancelled = true;
  finished(op);
}

/// A write that is under way runs to its end; one that has not begun to happen is not begun.
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

void EventLoop::giveUpWrites() {
  std::vector<WorldOp *> writes;
  for (WorldOp *op : inFlight)
    if (op->isWrite())
      writes.push_back(op);
  for (WorldOp *op : writes)
    op->abandon();
  childTable->hurry();
}

/// Once before and once after the reactor sleeps: lets waiting operations in, hands finished ones back.
void EventLoop::turn() {
  pumpGates();
  handBack();
}

/// Few enough at a time that the first are settled while the others are told of.
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
}
