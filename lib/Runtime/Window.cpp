#include "Runtime/Repetition.h"
#include "xcs/Ops/RowAttrs.h"
#include <algorithm>

using namespace xcs;

// The memory of an operation's activations, with what they wait for; beyond it, further ones begin when
// others have finished.
static constexpr size_t windowBytes = size_t(256) << 20;
static constexpr uint32_t leastWindow = 64;
static constexpr uint32_t feedBatch = 64; // activations started before others may take over the starting

/// How many activations may run at once: as many as fit, or as the program says.
static uint32_t windowOf(const Program &program, const RunOptions &options, const WindowedRun &run) {
  if (options.schedule == Schedule::Serial)
    return 1;
  const size_t frame = Frame::byteSize(program.regions[run.op->firstRegion]);
  // Who says how many are to be in flight at once knows what they need.
  const bool isAsked = run.asked != UINT32_MAX;
  const size_t fits = windowBytes / (frame + (isAsked ? 0 : program.outsideBytes[run.op->firstRegion]));
  return std::min(static_cast<uint32_t>(std::max<size_t>(fits, leastWindow)), run.asked);
}

Progress Engine::startFeeding(Worker &w, WindowedRun &run, uint32_t count) {
  run.count = count;
  run.window = windowOf(program, options, run);
  // A free place in a small window is used at once: slow activations must not block others. A large window
  // only bounds memory, and calling the feeder for each activation has a cost.
  run.refillAt = run.window <= 4 * feedBatch ? run.window - 1 : run.window - feedBatch;
  w.push(makeTask(TaskKind::Feed, &run));
  return Progress::Pending;
}

/// How many of the activations that the feeder starts, counted from 0, are still wanted.
static uint32_t wantedCount(const WindowedRun &run) {
  if (!run.parent->wanted(run.op->order))
    return 0;
  return run.countBefore(run.stopFrom.load(std::memory_order_acquire));
}

/// The activations that have not started are no longer wanted.
static NodeAt failRemaining(Engine &engine, Worker &w, WindowedRun &run) {
  uint32_t first = std::exchange(run.next, run.count);
  if (first == run.count)
    return {};
  run.incomplete.store(true, std::memory_order_relaxed);
  return run.abandonFrom(engine, w, first);
}

/// Starts the next activations; the caller holds the feeder's token. If there are more, the token is pushed
/// beneath the started ones: another worker that takes it starts further activations while this one runs its
/// own.
void Engine::feed(Worker &w, WindowedRun &run) {
  uint32_t wanted = wantedCount(run);
  if (run.next >= wanted) {
    if (NodeAt done = failRemaining(*this, w, run))
      proceed(w, settle(w, done.frame, done.node));
    return;
  }
  uint32_t live = run.live.load(std::memory_order_acquire);
  if (live >= run.window) {
    run.parked.store(true, std::memory_order_seq_cst);
    // The window may have emptied before the token was parked; then no one else would pick it up.
    if (run.live.load(std::memory_order_seq_cst) < run.window &&
        run.parked.exchange(false, std::memory_order_acq_rel))
      w.push(makeTask(TaskKind::Feed, &run));
    return;
  }
  uint32_t first = run.next, last = std::min({wanted, first + feedBatch, first + (run.window - live)});
  run.next = last;
  run.live.fetch_add(last - first, std::memory_order_relaxed);
  if (last < run.count)
    w.push(makeTask(TaskKind::Feed, &run));
  for (uint32_t i = last; i-- > first;)
    w.push(makeTask(TaskKind::Begin, run.activate(*this, w, i)));
}

/// An activation has ended: lets the feeder continue if there is enough room. The run must not have ended
/// with it yet.
void Engine::exitWindow(Worker &w, WindowedRun &run) {
  uint32_t live = run.live.fetch_sub(1, std::memory_order_seq_cst) - 1;
  if (live <= run.refillAt && run.parked.load(std::memory_order_seq_cst) &&
      run.parked.exchange(false, std::memory_order_acq_rel))
    w.push(makeTask(TaskKind::Feed, &run));
}
