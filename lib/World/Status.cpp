#include "World/EventLoop.h"
#include "xcs/Support/Clock.h"
#include <algorithm>

using namespace xcs;

void EventLoop::askStatus(const std::shared_ptr<WorldContext> &context,
                          std::function<void(const WorldStatus &)> told) {
  MutexLock lock(mutex);
  post([context, told = std::move(told)] { told(statusOf(*context)); });
}

void EventLoop::beginCounting(const std::shared_ptr<WorldContext> &context) {
  MutexLock lock(mutex);
  post([context] {
    context->finished = 0;
    context->spent.clear();
    if (context->budget)
      context->budget->beginRun();
  });
}

void EventLoop::count(WorldContext &context, const WorldOutcome &outcome) {
  ++context.finished;
  if (outcome.usage && outcome.usage->models.requests)
    context.spent[outcome.op] += outcome.usage->models;
}

WorldStatus EventLoop::statusOf(const WorldContext &context) {
  WorldStatus out;
  out.finished = context.finished;
  std::map<std::string, WorldStatus::Queue> queues;
  const int64_t time = monotonicNanoseconds();
  for (const WorldOp *op : context.inFlight) {
    out.inFlight += op->state == WorldOp::State::Running && !op->hasParts();
    out.retrying += op->state == WorldOp::State::Sleeping;
    if (op->state != WorldOp::State::Waiting)
      continue;
    WorldStatus::Queue &queue = queues[op->describeQueue()];
    ++queue.count;
    queue.longest = std::max(queue.longest, time - op->queuedAt);
  }
  for (auto &[name, queue] : queues) {
    queue.gate = name;
    out.queues.push_back(std::move(queue));
  }
  for (const auto &[op, usage] : context.spent)
    out.usage.push_back({op, usage});
  return out;
}
