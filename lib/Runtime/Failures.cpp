#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Runtime/Executor.h"
#include <algorithm>

using namespace xcs;

// The place of an operation is its order in each enclosing region, with the iteration of each loop in
// between. A failure finds it on its way out, one step for each region it leaves: a failure that is caught at
// once takes no longer where it is nested deeply.

/// The step out of a frame.
static void stepOut(RunFailure &what, const Frame *frame, const PlanView &plan) {
  if (frame->run) {
    what.indices.push_back(frame->index);
    what.place.push_back(frame->index);
  }
  if (!frame->parent)
    return;
  what.place.push_back(frame->parentOp->order);
  if (frame->parentOp->code == OpCode::core_call)
    what.calls.push_back(static_cast<uint32_t>(frame->parentOp - plan.ops.data()));
}

/// A place that is known as far as the entry, from the outside in.
static void turnAround(RunFailure &what) {
  std::reverse(what.indices.begin(), what.indices.end());
  std::reverse(what.place.begin(), what.place.end());
}

void xcs::locate(RunFailure &what, const Frame *frame, const PlanView &plan) {
  for (const Frame *f = frame; f; f = f->parent)
    stepOut(what, f, plan);
  turnAround(what);
}

FailureRecord *xcs::takeFailure(Frame *frame) {
  // All of it has settled, so none is on its way in.
  if (!frame->failure.load(std::memory_order_acquire))
    return nullptr;
  FailureRecord *record = frame->failure.exchange(nullptr, std::memory_order_acq_rel);
  if (record)
    stepOut(record->what, frame, frame->engine->plan);
  if (record && !frame->parent)
    turnAround(record->what);
  return record;
}

FailureRecord *Engine::makeRecord(const PlanOp &op, OpError error) const {
  auto *record = new FailureRecord{op.order, {}};
  record->what.id = error.id;
  record->what.message = std::move(error.message);
  record->what.op = static_cast<uint32_t>(&op - plan.ops.data());
  record->what.attempt = error.attempt;
  record->what.place.push_back(op.order);
  return record;
}

/// An operation failed: records it unless one before it in program order has failed, and cancels what comes
/// after it.
void Engine::fail(Frame *frame, const PlanOp &op, OpError error) {
  FailureRecord *record = makeRecord(op, std::move(error));
  if (rowOf(record->what.id).failure == FailureClass::Unknown) {
    RunFailure whole = record->what;
    locate(whole, frame, plan);
    MutexLock lock(writesMutex);
    unknown.push_back(std::move(whole));
    hasWrites.store(true, std::memory_order_relaxed);
  }
  if (goesOn(frame)) [[unlikely]] {
    keepFailure(frame, record->what);
    storeFirst(frame->failure, record);
    stopDependents(frame, op);
    return;
  }
  storeFirst(frame->failure, record);
  stopEnclosing(frame, op.order);
}

// Beyond this many writes, or this much data about their places (64 MiB), a failed run no longer reports
// which writes have happened.
static constexpr size_t writesRemembered = 100'000, wordsRemembered = size_t(16) << 20;

/// A write has happened: if the run fails, it may have to be reported.
void Engine::wrote(const Frame *frame, const PlanOp &op) {
  RunFailure what;
  what.op = static_cast<uint32_t>(&op - plan.ops.data());
  what.place.push_back(op.order);
  locate(what, frame, plan);
  what.calls.clear();
  MutexLock lock(writesMutex);
  if (written.size() >= writesRemembered || writtenWords >= wordsRemembered)
    return;
  writtenWords += what.place.size() + what.indices.size();
  written.push_back(std::move(what));
  hasWrites.store(true, std::memory_order_relaxed);
}

/// What a failed run reports about its writes.
void Engine::reportWrites(RunReport &out) {
  if (!hasWrites.load(std::memory_order_relaxed))
    return;
  hasWrites.store(false, std::memory_order_relaxed);
  MutexLock lock(writesMutex);
  auto inOrder = [](const RunFailure &a, const RunFailure &b) { return a.place < b.place; };
  std::sort(unknown.begin(), unknown.end(), inOrder);
  std::sort(written.begin(), written.end(), inOrder);
  out.unknown = std::exchange(unknown, {});
  if (out.ok && !out.unknown.empty()) { // an earlier failure in its `try` was caught instead
    out.ok = out.hasResults = false;
    out.results.clear();
    out.failure = out.unknown.front();
  }
  auto first = std::upper_bound(written.begin(), written.end(), out.failure, inOrder);
  if (!out.ok)
    out.happened.assign(std::make_move_iterator(first), std::make_move_iterator(written.end()));
  if (options.keepGoing)
    out.happened.clear(); // that is what it is for
  written.clear();
  writtenWords = 0;
}

/// Whether an operation may do without some of its activations.
static bool forgives(const PlanView &plan, const PlanOp &op) {
  const RegionForm *form = regionForm(op.code);
  return form && ruleOf(plan.constants, *form, op.dict).failure == RegionFailure::Forgiven;
}

/// A failure leaves a region: it becomes that of its operation in the enclosing frame.
void Engine::failFrom(Frame *frame, const PlanOp &op, FailureRecord *inner) {
  inner->order = op.order;
  if (goesOn(frame)) [[unlikely]] {
    // Of others, it was kept when it happened.
    if (catchesFailures(op.code) || forgives(plan, op))
      keepFailure(frame, inner->what);
    storeFirst(frame->failure, inner);
    stopDependents(frame, op);
    return;
  }
  storeFirst(frame->failure, inner);
  stopEnclosing(frame, op.order);
}

/// An operation is skipped, and so is everything that uses its results, which comes after it in its own
/// frame.
void Engine::skipFrom(Frame *frame, const PlanOp &op) {
  if (goesOn(frame)) [[unlikely]]
    stopDependents(frame, op);
  else
    stopFrame(frame, op.order + 1, 0);
}

/// Starts nothing more in a frame from `order` on. Frames inside it that have been found wanted may be no
/// longer; `surviving` of those that are alive are before `order`. Where there are no others, nothing found
/// before is invalid: a failure that is caught at once leaves no trace around it. (Whoever makes a frame
/// counts it before it asks whether it is wanted: either it is counted here, or it finds `stopFrom` lowered.)
void Engine::stopFrame(Frame *frame, uint32_t order, uint32_t surviving) {
  const bool isNews = options.keepGoing && lower(frame->makeDependents().stopFrom, order);
  if ((lower(frame->stopFrom, order) || isNews) &&
      frame->inner.fetch_add(0, std::memory_order_acq_rel) != 2 * surviving)
    stops.fetch_add(1, std::memory_order_acq_rel);
}

/// Cancels everything after `order` in a frame, and after its operation in each enclosing one, up to one that
/// tolerates a failure. All of that is lost already, and waiting for the frame to end would start more of it.
/// Stops where an earlier failure has passed: it has cancelled the same further out.
void Engine::stopEnclosing(Frame *frame, uint32_t order) {
  for (Frame *f = frame;; f = f->parent) {
    stopFrame(f, order + 1, f != frame); // the one we come from is before it
    if (!f->parent || catchesFailures(f->parentOp->code) || (f->run && f->run->forgives))
      break;
    if (f->toldOutside.exchange(true, std::memory_order_acq_rel))
      break;
    if (f->run)
      stop(f->run->stopFrom, f->index + 1);
    order = f->parentOp->order;
  }
  reconsider();
}

void Engine::stopAll(Frame &frame) {
  if (options.keepGoing)
    lower(frame.makeDependents().stopFrom, 0);
  stop(frame.stopFrom, 0);
}

void Engine::abort(Diag why, std::string message) {
  std::vector<Task> tasks;
  {
    MutexLock lock(abortMutex);
    if (!root || aborted)
      return;
    aborted = std::make_unique<FailureRecord>();
    aborted->what.id = why;
    aborted->what.message = std::move(message);
    isStopped.store(true, std::memory_order_relaxed);
    stopAll(*root);
    tasks = takeInputsFrom(0); // it waits for none of them any more
    reconsider();
  }
  if (!tasks.empty())
    pool.inject(tasks);
}

ExitCode xcs::exitCodeOf(const RunReport &report) {
  if (!report.unknown.empty())
    return ExitCode::OutcomeUnknown;
  const bool waits = std::any_of(report.others.begin(), report.others.end(), [](const RunFailure &other) {
    return rowOf(other.id).failure == FailureClass::Waiting;
  });
  return waits ? ExitCode::Waiting : exitCodeOf(report.failure.id);
}
