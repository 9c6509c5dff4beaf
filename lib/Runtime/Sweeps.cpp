#include "Runtime/Repetition.h"
#include "xcs/Support/Clock.h"
#include <algorithm>
#include <cassert>
#include <utility>

using namespace xcs;

// Activations of regions that are swept, many in one frame: without memory of their own, a task or a count of
// what each waits for.

// How long a block of activations is to take: long beside the claim of one and two looks at the clock, short
// beside what may come from outside meanwhile (SweptForm.cpp). If the next ones take longer than those
// before, a large block would keep it waiting.
static constexpr int64_t blockNanoseconds = 5'000;
static constexpr uint32_t largestBlock = 256, fastestGrowth = 4;

void Engine::renewActivation(Worker &w, Frame *frame, uint32_t index) {
  frame->renew();
  captureInto(frame);
  prepareFrame(frame);
  frame->index = index;
  ++stateOf(w).stats.frames;
}

bool Engine::sweepOn(Worker &w, Frame *frame) {
  if (pool.hasInjectedTasks())
    return false;
  const PreparedRegion &region = *frame->region;
  if (concurrent())
    shareIfWorthWhile(w, NodeClass::Light, region.nodes[region.nodeCount].firstOp - region.nodes[0].firstOp);
  return sweepWhole(w, frame);
}

void Engine::beginRenewed(Worker &w, Frame *frame) {
  countFrame();
  w.push(makeTask(TaskKind::Begin, frame));
}

void Engine::discard(Frame *frame) {
  liveFrames.fetch_sub(1, std::memory_order_relaxed);
  Frame::destroy(frame);
}

/// One task for each worker that may take part: each claims blocks until there are none left.
Progress Engine::startSweeping(Worker &w, ParallelRun &run) {
  const uint32_t most = options.schedule == Schedule::Serial ? 1 : std::min(options.jobs, run.asked);
  const uint32_t tasks = std::min(most, run.count);
  run.window = most;
  run.remaining.fetch_add(tasks, std::memory_order_relaxed);
  for (uint32_t i = 0; i < tasks; ++i)
    w.push(makeTask(TaskKind::Sweep, static_cast<WindowedRun *>(&run)));
  return Progress::Pending;
}

void Engine::sweepSome(Worker &w, ParallelRun &run) {
  const PreparedRegion &region = program.formOf(run.op->firstRegion, options.trace);
  if (concurrent() && region.nodeCount)
    shareIfWorthWhile(w, NodeClass::Light,
                      run.blockSize.load(std::memory_order_relaxed) *
                          (region.nodes[region.nodeCount].firstOp - region.nodes[0].firstOp));
  NodeAt done;
  if (run.sweepBlock(*this, w, done))
    w.push(makeTask(TaskKind::Sweep, static_cast<WindowedRun *>(&run)));
  else if (done)
    proceed(w, settle(w, done.frame, done.node));
}

/// Carries out an activation in one go.
void Engine::sweepActivation(Worker &w, Frame *frame) {
  [[maybe_unused]] const bool done = sweepWhole(w, frame);
  assert(done && "the region is swept");
}

/// As many more or fewer as the last block was too short or too long.
static uint32_t nextSize(uint32_t size, int64_t took) {
  const int64_t fitting = blockNanoseconds * size / std::max<int64_t>(took, 1);
  return static_cast<uint32_t>(std::clamp<int64_t>(fitting, 1, std::min(largestBlock, size * fastestGrowth)));
}

bool ParallelRun::isWantedNow(uint32_t index) const {
  return index < stopFrom.load(std::memory_order_acquire) && parent->wanted(op->order);
}

bool ParallelRun::sweepBlock(Engine &engine, Worker &w, NodeAt &done) {
  const uint32_t size = blockSize.load(std::memory_order_relaxed);
  // Indices are claimed in order: all that is left comes after one that is not wanted.
  const bool isWanted = isWantedNow(claimed.load(std::memory_order_relaxed));
  const uint32_t first = std::min(count, isWanted ? claimed.fetch_add(size, std::memory_order_relaxed)
                                                  : claimed.exchange(count));
  const uint32_t last = isWanted ? std::min(count, first + size) : count;
  const int64_t begun = monotonicNanoseconds();
  Frame *frame = nullptr;
  std::vector<Value> yielded;
  uint32_t i = first;
  for (; i < last && isWantedNow(i); ++i) {
    if (!frame) {
      frame = activate(engine, w, i);
    } else {
      engine.renewActivation(w, frame, i);
      frame->slots[0] = engine.operandOf(parent, *op, 0).items()[i];
    }
    engine.sweepActivation(w, frame);
    if (!take(engine, frame, yielded))
      engine.discard(std::exchange(frame, nullptr));
  }
  if (frame)
    engine.discard(frame);
  if (i < last)
    incomplete.store(true, std::memory_order_relaxed);
  const int64_t took = monotonicNanoseconds() - begun;
  if (took > shareAfterNanoseconds)
    engine.takesLong(w);
  if (i == first + size)
    blockSize.store(nextSize(size, took), std::memory_order_relaxed);
  const bool hasMore = claimed.load(std::memory_order_relaxed) < count;
  done = activationsGone(engine, last - first + !hasMore);
  return hasMore;
}
