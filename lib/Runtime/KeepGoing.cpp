#include "Runtime/KeepGoing.h"
#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>

using namespace xcs;

// A run that keeps going: what does not depend on a failure continues. An operation depends on one that
// failed, or was not started for that reason, if an edge of the plan leads from it. An edge with a value is
// found by the value, which is not there: so each operation of a node counts by itself. The others are kept
// by frame (Dependents). Operations with regions fail as a whole.

Dependents &Frame::makeDependents() {
  if (Dependents *there = dependents.load(std::memory_order_acquire))
    return *there;
  auto *made = new Dependents;
  Dependents *seen = nullptr;
  if (dependents.compare_exchange_strong(seen, made, std::memory_order_acq_rel))
    return *made;
  delete made;
  return *seen;
}

bool Frame::isStopped(uint32_t order) const {
  const Dependents *own = dependents.load(std::memory_order_acquire);
  return !own || order >= own->stopFrom.load(std::memory_order_acquire);
}

bool xcs::isCaughtAround(const Frame *frame) {
  for (const Frame *f = frame; f->parent; f = f->parent)
    if (catchesFailures(f->parentOp->code) || (f->run && f->run->forgives))
      return true;
  return false;
}

bool Engine::goesOn(const Frame *frame) const { return options.keepGoing && !isCaughtAround(frame); }

/// Calls `visit` with each slot that an operation reads, also for its regions.
template <class Visit> static void forEachRead(const PlanView &plan, const PlanOp &op, Visit visit) {
  for (uint32_t slot : plan.operandsOf(op))
    visit(slot);
  for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r)
    for (uint32_t slot : plan.captures.subspan(plan.regions[r].firstCapture, plan.regions[r].captureCount))
      visit(slot);
}

bool Engine::dependsOnFailure(const Frame *frame, const PlanOp &op) const {
  if (frame->isStopped(op.order))
    return true;
  bool lacksValue = false;
  forEachRead(plan, op, [&](uint32_t slot) { lacksValue |= frame->slots[slot].empty(); });
  return lacksValue || frame->dependents.load(std::memory_order_acquire)->holds(op.order);
}

/// What comes after an operation that failed, or was not started, by an edge without a value. Log lines only
/// keep their order.
void Engine::addDependents(Frame *frame, const PlanOp &op) const {
  Dependents &to = frame->makeDependents();
  if (op.code == OpCode::log_print)
    return;
  const PlanRegion &region = *frame->region->plan;
  const auto nodes = plan.nodes.subspan(region.firstNode, region.nodeCount);
  const auto after =
      std::upper_bound(nodes.begin(), nodes.end(), static_cast<uint32_t>(&op - plan.ops.data()),
                       [](uint32_t index, const PlanNode &node) { return index < node.firstOp; });
  const auto node = static_cast<uint32_t>(after - 1 - plan.nodes.begin());
  const std::span<const PlanOp> own = plan.opsOf(node);
  const auto isPure = [&](const PlanOp &one) { return program.kernels[static_cast<size_t>(one.code)]; };
  const auto isMadeHere = [&](uint32_t slot) {
    return std::any_of(own.begin(), own.end(), [&](const PlanOp &one) {
      return slot >= one.resultSlot && slot < one.resultSlot + one.resultCount;
    });
  };
  for (uint32_t next : plan.successorsOf(node)) {
    const std::span<const PlanOp> others = plan.opsOf(region.firstNode + next);
    bool carriesValue = false;
    for (const PlanOp &one : others)
      forEachRead(plan, one, [&](uint32_t slot) { carriesValue |= isMadeHere(slot); });
    const bool isFound = carriesValue && (isPure(op) || (!others.empty() && isPure(others.front())));
    for (const PlanOp &one : others)
      if (!isFound)
        to.add(one.order);
  }
}

/// An operation failed, or is not started because of one: what depends on it is not started either.
void Engine::stopDependents(Frame *frame, const PlanOp &op) {
  addDependents(frame, op);
  lower(frame->stopFrom, op.order + 1);
}

bool Engine::isSkipped(Frame *frame, const PlanOp &op) {
  if (!options.keepGoing)
    return true;
  if (!dependsOnFailure(frame, op))
    return false;
  if (!frame->isStopped(op.order))
    stopDependents(frame, op);
  return true;
}

// So many failures are kept: many more than are shown.
static constexpr size_t failuresKept = 1000;

static bool isBefore(const RunFailure &a, const RunFailure &b) { return a.place < b.place; }

void Engine::keepFailure(const Frame *frame, RunFailure what) {
  locate(what, frame, plan);
  MutexLock lock(writesMutex);
  ++failureCount;
  failures.push_back(std::move(what));
  if (failures.size() < 2 * failuresKept)
    return;
  std::nth_element(failures.begin(), failures.begin() + failuresKept, failures.end(), isBefore);
  failures.resize(failuresKept);
}

/// All failures but the one that is reported first, in program order.
void Engine::reportFailures(RunReport &out) {
  MutexLock lock(writesMutex);
  std::sort(failures.begin(), failures.end(), isBefore);
  out.otherFailures = failureCount - std::erase_if(failures, [&](const RunFailure &one) {
                        return one.op == out.failure.op && one.place == out.failure.place;
                      });
  failures.resize(std::min(failures.size(), failuresKept));
  out.others = std::exchange(failures, {});
  failureCount = 0;
}

/// The results of a run in which something failed on which none of them depends.
bool Engine::hasResults(const Frame *frame) const {
  const PlanRegion &region = *frame->region->plan;
  const auto slots = plan.operands.subspan(region.firstResult, region.resultCount);
  return options.keepGoing &&
         std::none_of(slots.begin(), slots.end(), [&](uint32_t slot) { return frame->slots[slot].empty(); });
}
