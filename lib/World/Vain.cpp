#include "World/EventLoop.h"
#include <algorithm>

using namespace xcs;

// Operations that wait for what will not come: questions that no one answers. They fail once nothing else of
// their run can happen. That is looked at when such an operation begins to wait, and whenever the engine
// becomes idle: an outcome that is delivered wakes the engine, which is idle again later. So no end is
// missed, and nothing is looked at in between.

void EventLoop::runLater(Reactor::Step step) {
  MutexLock lock(mutex);
  post(std::move(step));
}

void EventLoop::waitInVain(WorldOp *op) {
  WorldContext &context = op->site.context;
  op->isInVain = true;
  // Either the step finds the engine idle, or the engine, which looks after it has become idle, finds this
  // (Pool::isIdle).
  context.inVain.fetch_add(1, std::memory_order_acq_rel);
  engineIdle(context.shared_from_this());
}

void EventLoop::engineIdle(const std::shared_ptr<WorldContext> &context) {
  if (!context->inVain.load(std::memory_order_acquire))
    return;
  runLater([this, context] { giveUpIfIdle(*context); });
}

/// Whether all that this world has to do waits in vain.
bool EventLoop::nothingElseIn(const WorldContext &context) {
  const auto isOurs = [&context](const auto &op) { return &op->site.context == &context; };
  if (context.inVain.load(std::memory_order_acquire) != context.inFlight.size() ||
      std::any_of(ended.begin(), ended.end(), isOurs))
    return false;
  // First the engine: what it has submitted before it became idle is here by now.
  if (!context.client.isIdle())
    return false;
  MutexLock lock(mutex);
  return std::none_of(incoming.begin(), incoming.end(), isOurs);
}

void EventLoop::giveUpIfIdle(WorldContext &context) {
  // Without an operation in flight there may be no client any more.
  if (context.inFlight.empty() || !nothingElseIn(context))
    return;
  for (WorldOp *op : std::vector<WorldOp *>(context.inFlight))
    op->giveUp();
}
