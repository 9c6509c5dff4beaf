#include "World/RequestGroup.h"
#include "World/EventLoop.h"
#include "xcs/Ops/ConstantPool.h"

using namespace xcs;

void RequestGroup::add(std::unique_ptr<ModelRequest> part) {
  part->group = this;
  part->owner = this;
  parts.push_back(std::move(part));
  ++wanted;
}

void RequestGroup::start() {
  while (admitted < wanted && !over) {
    ModelRequest &part = *parts[admitted++];
    site.context.loop->admitPart(&part);
  }
}

void RequestGroup::partStarts() {
  if (deadlineAt)
    return;
  int64_t timeout = parts.front()->ownTimeout();
  deadlineAt = timeAfter(monotonicNanoseconds(), timeout);
  deadlineTimer = site.context.loop->timers().add(deadlineAt, [this, timeout] {
    deadlineTimer = 0;
    cancel();
    fail(Diag::OpTimeout, {rowOf(planOp().code).name, printDuration(timeout)});
  });
}

/// Stops the parts from `from` on that have not finished.
void RequestGroup::finishParts(size_t from) {
  for (size_t i = from; i < admitted; ++i)
    site.context.loop->cancelPart(parts[i].get());
}

/// Ends the group: the usage of the parts is added to the operation's own.
void RequestGroup::close() {
  if (std::exchange(over, true))
    return;
  site.context.loop->timers().remove(std::exchange(deadlineTimer, 0));
  for (const auto &part : parts)
    usage += part->usage;
  usage.models.calls = usage.models.calls ? 1 : 0;
}

void RequestGroup::cancel() {
  finishParts(0);
  close();
}

void RequestGroup::partEnded(WorldOp &part) {
  if (over || part.cancelled) // then the group is about to be cancelled as well
    return;
  if (part.ok) {
    ++succeeded;
  } else {
    size_t index = 0;
    while (parts[index].get() != &part)
      ++index;
    finishParts(index + 1);
    wanted = index;
    error = std::move(part.error);
    succeeded = 0;
    for (size_t i = 0; i < wanted; ++i)
      succeeded += parts[i]->ok;
  }
  if (succeeded < wanted)
    return;
  close();
  if (wanted == parts.size())
    gathered(parts);
  else
    fail(std::move(error));
}
