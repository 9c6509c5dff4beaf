#include "World/EventLoop.h"
#include "Io/BlockingPool.h"
#include "Io/Children.h"
#include "Io/Http.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <csignal>
#include <sys/timerfd.h>
#include <unistd.h>

using namespace xcs;

EventLoop::EventLoop(Pool &pool, WorldContext &context)
    : pool(pool), context(context),
      budgetOfSockets(socketBudget(raiseDescriptorLimit(), context.options.limits)),
      gateOfSockets(budgetOfSockets.inFlight, 0) {
  uv_loop_init(&loop);
  loop.data = this;
  uv_async_init(&loop, &wakeUp, [](uv_async_t *h) { static_cast<EventLoop *>(h->loop->data)->receive(); });
  alarmFile = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  uv_poll_init(&loop, &alarm, alarmFile);
  uv_poll_start(&alarm, UV_READABLE, [](uv_poll_t *h, int, int) {
    auto *self = static_cast<EventLoop *>(h->loop->data);
    uint64_t expirations;
    [[maybe_unused]] ssize_t got = read(self->alarmFile, &expirations, sizeof expirations);
    self->alarmAt = 0; // what is due runs in flush(), which sets the alarm anew
  });
  uv_prepare_init(&loop, &beforeSleep);
  uv_prepare_start(&beforeSleep, [](uv_prepare_t *h) { static_cast<EventLoop *>(h->loop->data)->flush(); });
  uv_check_init(&loop, &afterSleep);
  uv_check_start(&afterSleep, [](uv_check_t *h) { static_cast<EventLoop *>(h->loop->data)->flush(); });
  childTable = std::make_unique<Children>(*this);
  thread = std::thread([this] { run(); });
}

EventLoop::~EventLoop() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
  }
  uv_async_send(&wakeUp);
  thread.join();
}

void EventLoop::run() {
  // A peer that closes early must not kill the process; the error comes back from the write.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  blocking.reset();
  // Programs that were told to end are given their time for it, and none is left behind.
  while (childTable->busy())
    uv_run(&loop, UV_RUN_ONCE);
  http.reset();
  uv_walk(&loop, [](uv_handle_t *h, void *) { uv_is_closing(h) ? void() : uv_close(h, nullptr); }, nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
  close(alarmFile);
}

BlockingPool &EventLoop::blockingPool() {
  if (!blocking)
    blocking = std::make_unique<BlockingPool>(&loop, context.options.limits[Limit::OpenFiles]);
  return *blocking;
}

Gate &EventLoop::childGate() {
  if (!gateOfChildren)
    gateOfChildren =
        std::make_unique<Gate>(std::max<uint64_t>(context.options.limits[Limit::Children], 1), 0);
  return *gateOfChildren;
}

HttpClient &EventLoop::httpClient() {
  if (!http)
    http = std::make_unique<HttpClient>(*this, context.options);
  return *http;
}

void EventLoop::submit(std::vector<std::unique_ptr<WorldOp>> ops) {
  {
    std::lock_guard lock(mutex);
    for (auto &op : ops)
      incoming.push_back(std::move(op));
  }
  uv_async_send(&wakeUp);
}

void EventLoop::reconsider() {
  {
    std::lock_guard lock(mutex);
    wantsReconsider = true;
  }
  uv_async_send(&wakeUp);
}

void EventLoop::abandonWrites() {
  {
    std::lock_guard lock(mutex);
    wantsNoWrites = true;
  }
  uv_async_send(&wakeUp);
}

void EventLoop::setDeadline(int64_t when, std::function<void()> expired) {
  {
    std::lock_guard lock(mutex);
    deadline = when;
    deadlineExpired = std::move(expired);
    deadlineChanged = true;
  }
  uv_async_send(&wakeUp);
}

void EventLoop::receive() {
  std::vector<std::unique_ptr<WorldOp>> ops;
  bool check, giveUp, stop;
  {
    std::lock_guard lock(mutex);
    ops.swap(incoming);
    check = std::exchange(wantsReconsider, false);
    giveUp = std::exchange(wantsNoWrites, false);
    stop = stopping;
    if (std::exchange(deadlineChanged, false)) {
      timerHeap.remove(deadlineId);
      deadlineId = deadline ? timerHeap.add(deadline, std::exchange(deadlineExpired, nullptr)) : 0;
    }
  }
  for (auto &op : ops)
    admit(op.release());
  if (check)
    cancelUnwanted();
  if (giveUp)
    giveUpWrites();
  if (stop)
    uv_stop(&loop);
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
    op->waitsIn = {op->site.frame->region->nodes[op->site.node].priority, turns++};
  }
  if (!op->site.frame->wanted(op->planOp().order)) {
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
      op->deadlineTimer = timerHeap.add(timeAfter(op->startedAt, timeout), [op] {
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
  timerHeap.remove(timer.id);
  timer.when = wakeAt;
  timer.id = timerHeap.add(wakeAt, [this, gate] {
    paceTimers.erase(gate);
    toPump.push_back(gate);
  });
}

/// Takes an operation that has ended off the loop's hands.
void EventLoop::retire(WorldOp *op) {
  release(op);
  if (op->startedAt && op->mayNotBeRepeated() && op->error.id != Diag::OutcomeUnknown)
    uncertain.fetch_sub(1, std::memory_order_relaxed);
  timerHeap.remove(op->timer);
  timerHeap.remove(op->deadlineTimer);
  op->state = WorldOp::State::Done;
  op->endedAt = monotonicNanoseconds();
  inFlight[op->place] = inFlight.back();
  inFlight[op->place]->place = op->place;
  inFlight.pop_back();
}

void EventLoop::finished(WorldOp *op) {
  retire(op);
  if (op->owner)
    op->owner->partEnded(*op);
  else
    done.push_back({op, 0, Task::Kind::Finished});
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
  op->timer = timerHeap.add(timeAfter(monotonicNanoseconds(), delay), [this, op] {
    op->timer = 0;
    admit(op);
  });
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

void EventLoop::cancelUnwanted() {
  std::vector<WorldOp *> unwanted;
  for (WorldOp *op : inFlight) {
    bool underWay = op->state == WorldOp::State::Running || op->state == WorldOp::State::Sleeping;
    if (!op->owner && !(op->isWrite() && underWay) && !op->site.frame->wanted(op->planOp().order))
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

/// Once before and once after the loop sleeps: runs what is due, lets waiting operations in, hands finished
/// ones back.
void EventLoop::flush() {
  timerHeap.run(monotonicNanoseconds());
  pumpGates();
  if (!done.empty()) {
    pool.inject(done);
    done.clear();
  }
  armTimer();
}

void EventLoop::armTimer() {
  int64_t next = timerHeap.nextDeadline();
  if (next == alarmAt)
    return;
  alarmAt = next; // none, 0, disarms it
  itimerspec at{};
  at.it_value.tv_sec = next / 1'000'000'000;
  at.it_value.tv_nsec = next % 1'000'000'000;
  timerfd_settime(alarmFile, TFD_TIMER_ABSTIME, &at, nullptr);
}
