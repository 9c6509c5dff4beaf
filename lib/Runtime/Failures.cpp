#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Runtime/Executor.h"
#include <algorithm>

using namespace xcs;

/// The place of an operation: its order in each enclosing region from the outside in, with the iteration of
/// each loop in between.
static void locate(RunFailure &what, const Frame *frame, uint32_t order) {
  what.place.push_back(order);
  for (const Frame *f = frame; f; f = f->parent) {
    if (f->run) {
      what.indices.push_back(f->index);
      what.place.push_back(f->index);
    }
    if (f->parent)
      what.place.push_back(f->parentOp->order);
  }
  std::reverse(what.indices.begin(), what.indices.end());
  std::reverse(what.place.begin(), what.place.end());
}

FailureRecord *Engine::makeRecord(const Frame *frame, const PlanOp &op, OpError error) const {
  auto *record = new FailureRecord{op.order, {}};
  record->what.id = error.id;
  record->what.message = std::move(error.message);
  record->what.op = static_cast<uint32_t>(&op - plan.ops.data());
  record->what.attempt = error.attempt;
  locate(record->what, frame, op.order);
  for (const Frame *f = frame; f->parent; f = f->parent)
    if (f->parentOp->code == OpCode::core_call)
      record->what.calls.push_back(static_cast<uint32_t>(f->parentOp - plan.ops.data()));
  return record;
}

/// An operation failed: records it unless one before it in program order has failed, and cancels what comes
/// after it.
void Engine::fail(Frame *frame, const PlanOp &op, OpError error) {
  FailureRecord *record = makeRecord(frame, op, std::move(error));
  if (rowOf(record->what.id).failure == FailureClass::Unknown) {
    MutexLock lock(writesMutex);
    unknown.push_back(record->what);
    hasWrites.store(true, std::memory_order_relaxed);
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
  locate(what, frame, op.order);
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
    out.ok = false;
    out.results.clear();
    out.failure = out.unknown.front();
  }
  auto first = std::upper_bound(written.begin(), written.end(), out.failure, inOrder);
  if (!out.ok)
    out.happened.assign(std::make_move_iterator(first), std::make_move_iterator(written.end()));
  written.clear();
  writtenWords = 0;
}

/// A failure leaves a region: it becomes that of its operation in the enclosing frame.
void Engine::failFrom(Frame *frame, const PlanOp &op, FailureRecord *inner) {
  inner->order = op.order;
  storeFirst(frame->failure, inner);
  stopEnclosing(frame, op.order);
}

/// An operation is skipped, and so is everything that uses its results, which comes after it in its own
/// frame.
void Engine::skipFrom(Frame *frame, const PlanOp &op) { lower(frame->stopFrom, op.order + 1, stops); }

/// Cancels everything after `order` in a frame, and after its operation in each enclosing one, up to one that
/// tolerates a failure. All of that is lost already, and waiting for the frame to end would start more of it.
/// Stops where an earlier failure has passed: it has cancelled the same further out.
void Engine::stopEnclosing(Frame *frame, uint32_t order) {
  for (Frame *f = frame;; f = f->parent) {
    lower(f->stopFrom, order + 1, stops);
    if (!f->parent || catchesFailures(f->parentOp->code) || (f->run && f->run->forgives))
      break;
    if (f->toldOutside.exchange(true, std::memory_order_acq_rel))
      break;
    if (f->run)
      lower(f->run->stopFrom, f->index + 1, stops);
    order = f->parentOp->order;
  }
  reconsider();
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
    lower(root->stopFrom, 0, stops);
    tasks = takeInputsFrom(0); // it waits for none of them any more
    reconsider();
  }
  if (!tasks.empty())
    pool.inject(tasks);
}

ExitCode xcs::exitCodeOf(const RunReport &report) {
  return report.unknown.empty() ? exitCodeOf(report.failure.id) : ExitCode::OutcomeUnknown;
}
