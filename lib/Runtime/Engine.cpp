#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"

using namespace xcs;

// After this long without a pause a worker starts to share light tasks: after 50 us, the remaining work is
// likely to take longer than waking another worker (about 30 us).
static constexpr int64_t shareAfterNanoseconds = 50000;

void Executor::Impl::execute(Worker &w, Task task) {
  switch (task.kind) {
  case Task::Kind::Node:
    runNode(w, static_cast<Frame *>(task.object), task.node);
    return;
  case Task::Kind::Begin:
    begin(w, static_cast<Frame *>(task.object));
    return;
  case Task::Kind::Feed:
    feed(w, *static_cast<WindowedRun *>(task.object));
    return;
  case Task::Kind::Finished:
    worldFinished(w, static_cast<OutcomeBatch *>(task.object), task.node);
    return;
  }
}

void Executor::Impl::idle(Worker &w) {
  flushSinks(w);
  reportSettled(w);
}

void Executor::Impl::flushSinks(Worker &w) {
  Frame *frame = std::exchange(w.sinkFrame, nullptr);
  if (!frame)
    return;
  if (NodeAt next = countSinks(w, frame, std::exchange(w.sinksPassed, 0)))
    w.push({next.frame, next.node, Task::Kind::Node});
}

/// Runs what settling made ready, in a loop; never nests.
void Executor::Impl::proceed(Worker &w, NodeAt at) {
  if (at)
    runNode(w, at.frame, at.node);
}

/// Starts a frame: operations that wait first, then the rest in execution order (the first one is popped
/// first).
void Executor::Impl::begin(Worker &w, Frame *frame) {
  const PreparedRegion &region = *frame->region;
  if (!region.nodeCount) {
    NodeAt done = finishFrame(w, frame);
    proceed(w, done ? settle(w, done.frame, done.node) : NodeAt());
    return;
  }
  for (auto root = region.roots.rbegin(); root != region.roots.rend(); ++root)
    if (region.classes[*root] != NodeClass::World)
      w.push({frame, *root, Task::Kind::Node});
  for (uint32_t root : region.roots)
    if (region.classes[root] == NodeClass::World)
      dispatch(w, frame, root);
}

/// Starts a node of class World now, or pushes any other onto the worker's stack.
void Executor::Impl::dispatch(Worker &w, Frame *frame, uint32_t node) {
  if (frame->region->classes[node] != NodeClass::World) {
    w.push({frame, node, Task::Kind::Node});
    return;
  }
  if (runWorld(w, frame, node, frame->region->nodes[node].firstOp) == Progress::Settled)
    // Settled immediately (skipped, or executed at once): continue from it in turn, not here, to avoid
    // nesting.
    w.push({frame, node | settledBit, Task::Kind::Node});
}

/// Before a node that may take long, releases everything that would wait for it: operations to be started,
/// sinks to be counted, tasks that others could run.
void Executor::Impl::beforeNode(Worker &w, const Frame *frame, NodeClass next) {
  if (next == NodeClass::Heavy) [[unlikely]] {
    flushWorld(w);
    if (w.sinkFrame && w.sinkFrame != frame)
      flushSinks(w);
  }
  if (concurrent())
    shareIfWorthWhile(w, next);
}

void Executor::Impl::shareIfWorthWhile(Worker &w, NodeClass next) {
  if (w.empty())
    return;
  if (w.sharing || next == NodeClass::Heavy) {
    pool.share(w);
    return;
  }
  if ((++w.ticks & 63) != 0)
    return;
  flushWorld(w);
  int64_t now = monotonicNanoseconds();
  if (!w.busySince)
    w.busySince = now;
  w.sharing = now - w.busySince > shareAfterNanoseconds;
}

/// Runs a node, then one of the nodes it made ready without going through a queue, and so on.
void Executor::Impl::runNode(Worker &w, Frame *frame, uint32_t node) {
  NodeAt at{frame, node & ~settledBit};
  bool settled = node & settledBit;
  while (at) {
    if (!settled && at.frame->region->classes[at.node] == NodeClass::Light && !options.trace) {
      at = concurrent() ? runLight<true>(w, at.frame, at.node) : runLight<false>(w, at.frame, at.node);
      continue;
    }
    if (!settled) {
      beforeNode(w, at.frame, at.frame->region->classes[at.node]);
      if (runOps(w, at.frame, at.node) == Progress::Pending)
        return;
    }
    settled = false;
    at = settle(w, at.frame, at.node);
  }
}

Progress Executor::Impl::runOps(Worker &w, Frame *frame, uint32_t node) {
  const PlanNode *nodes = frame->region->nodes + node;
  switch (frame->region->classes[node]) {
  case NodeClass::World:
    return runWorld(w, frame, node, nodes->firstOp);
  case NodeClass::Control:
    return runControl(w, frame, node, plan.ops[nodes->firstOp]);
  case NodeClass::Barrier:
    return Progress::Settled;
  case NodeClass::Light:
  case NodeClass::Heavy:
    break;
  }
  int64_t start = options.trace ? world->now() : 0;
  bool ok = true;
  for (uint32_t o = nodes[0].firstOp; o < nodes[1].firstOp; ++o)
    ok &= runPure(w, frame, plan.ops[o]);
  ++w.stats.dispatches;
  w.stats.operations += nodes[1].firstOp - nodes[0].firstOp;
  if (options.trace)
    record(w,
           {nodes[0].firstOp, nodes[1].firstOp - nodes[0].firstOp, start, world->now(), 0, 0, false, ok, {}},
           frame);
  return Progress::Settled;
}

/// Counts one predecessor of `node` as settled; returns whether it was the last.
template <bool Many> static bool lastPredecessor(Frame *frame, const PreparedRegion &region, uint32_t node) {
  if (region.nodes[node].readyCount == 1)
    return true;
  std::atomic<uint32_t> &count = frame->ready[node];
  if constexpr (Many)
    return count.fetch_sub(1, std::memory_order_acq_rel) == 1;
  uint32_t left = count.load(std::memory_order_relaxed) - 1;
  count.store(left, std::memory_order_relaxed);
  return left == 0;
}

inline bool Executor::Impl::runPure(Worker &w, Frame *frame, const PlanOp &op) {
  if (op.order >= frame->stopFrom.load(std::memory_order_relaxed)) [[unlikely]]
    return true;
  KernelCall &call = *w.call;
  call.code = op.code;
  call.slots = frame->slots;
  call.readsLeft = frame->uses;
  call.operandSlots = plan.operands.data() + op.firstOperand;
  call.operandTypes = program.operandTypes.data() + op.firstOperand;
  call.attributes = plan.attrRows.data() + op.attributes;
  call.operandCount = op.operandCount;
  call.resultSlot = op.resultSlot;
  call.resultType = program.resultTypes[&op - plan.ops.data()];
  if (!program.kernels[static_cast<size_t>(op.code)](call)) [[unlikely]] {
    fail(frame, op, std::move(call.error));
    return false;
  }
  freeOperands(frame, op);
  return true;
}

/// Counts `reads` reads of a slot; the last one frees its value. Scalars own nothing, so their reads are not
/// counted.
void Executor::Impl::freeSlot(Frame *frame, uint32_t slot, uint32_t reads) {
  Value &value = frame->slots[slot];
  if (!value.ownsMemory())
    return;
  if (frame->region->slots[slot].uses == reads ||
      frame->uses[slot].fetch_sub(reads, std::memory_order_acq_rel) == reads)
    value = Value();
}

void Executor::Impl::freeOperands(Frame *frame, const PlanOp &op) {
  const uint32_t *slots = plan.operands.data() + op.firstOperand;
  for (uint32_t i = 0; i < op.operandCount; ++i)
    freeSlot(frame, slots[i], 1);
  for (uint32_t r = 0; r < op.regionCount; ++r) {
    const PlanRegion &region = plan.regions[op.firstRegion + r];
    for (uint32_t slot : plan.captures.subspan(region.firstCapture, region.captureCount))
      freeSlot(frame, slot, 1);
  }
}

/// The hot path: light nodes of one frame, each followed by a node that it made ready, until there is none or
/// it is of another class. Does what runOps and settle do, with everything the next node needs in local
/// variables.
template <bool Many> NodeAt Executor::Impl::runLight(Worker &w, Frame *frame, uint32_t node) {
  const PreparedRegion &region = *frame->region;
  const PlanNode *nodes = region.nodes;
  const NodeClass *classes = region.classes.data();
  for (;;) {
    if (Many && !w.empty()) [[unlikely]]
      shareIfWorthWhile(w, NodeClass::Light);
    uint32_t lastOp = nodes[node + 1].firstOp;
    for (uint32_t o = nodes[node].firstOp; o < lastOp; ++o)
      runPure(w, frame, plan.ops[o]);
    // Counted before the successors are notified: from then on others may end the run and read the counts.
    w.stats.operations += lastOp - nodes[node].firstOp;
    ++w.stats.dispatches;
    uint32_t first = nodes[node].firstSuccessor, last = nodes[node + 1].firstSuccessor;
    if (first == last)
      break;
    uint32_t ready = UINT32_MAX;
    for (uint32_t e = last; e > first; --e) {
      uint32_t next = region.successors[e - 1];
      if (!lastPredecessor<Many>(frame, region, next))
        continue;
      if (ready != UINT32_MAX)
        dispatch(w, frame, ready);
      ready = next;
    }
    if (ready == UINT32_MAX || classes[ready] != NodeClass::Light)
      return ready == UINT32_MAX ? NodeAt() : NodeAt{frame, ready};
    node = ready;
  }
  return sinkSettled(w, frame);
}

/// Notifies the successors of a node and returns a ready one, to run next. The others go onto the worker's
/// stack, the first in execution order on top, but operations that wait are started at once.
NodeAt Executor::Impl::wakeSuccessors(Worker &w, Frame *frame, uint32_t node, bool &isSink) {
  const PreparedRegion &region = *frame->region;
  uint32_t first = region.nodes[node].firstSuccessor, last = region.nodes[node + 1].firstSuccessor;
  isSink = first == last;
  uint32_t ready = UINT32_MAX;
  bool many = concurrent();
  for (uint32_t e = last; e > first; --e) {
    uint32_t next = region.successors[e - 1];
    if (!(many ? lastPredecessor<true>(frame, region, next) : lastPredecessor<false>(frame, region, next)))
      continue;
    if (ready != UINT32_MAX)
      dispatch(w, frame, ready);
    ready = next;
  }
  return ready == UINT32_MAX ? NodeAt() : NodeAt{frame, ready};
}

/// A node has settled. Returns what to run next on this worker: a successor, or the continuation in an
/// enclosing frame if this was its last sink.
NodeAt Executor::Impl::settle(Worker &w, Frame *frame, uint32_t node) {
  bool isSink;
  NodeAt next = wakeSuccessors(w, frame, node, isSink);
  return isSink ? sinkSettled(w, frame) : next;
}

/// A sink of a frame has settled. Sinks are counted together, when the worker reaches one of another frame or
/// becomes idle.
NodeAt Executor::Impl::sinkSettled(Worker &w, Frame *frame) {
  if (w.sinkFrame == frame || !w.sinkFrame) {
    w.sinkFrame = frame;
    ++w.sinksPassed;
    return {};
  }
  Frame *before = std::exchange(w.sinkFrame, frame);
  return countSinks(w, before, std::exchange(w.sinksPassed, 1));
}

/// Counts settled sinks of a frame. With the last one the frame has finished, and so has its operation in the
/// enclosing frame, whose sinks are counted in turn.
NodeAt Executor::Impl::countSinks(Worker &w, Frame *frame, uint32_t count) {
  while (frame->sinksLeft.fetch_sub(count, std::memory_order_acq_rel) == count) {
    NodeAt done = finishFrame(w, frame);
    if (!done)
      return {};
    bool isSink;
    NodeAt next = wakeSuccessors(w, done.frame, done.node, isSink);
    if (!isSink)
      return next;
    frame = done.frame;
    count = 1;
  }
  return {};
}

void Executor::Impl::record(Worker &w, TraceEvent event, const Frame *frame) {
  const Frame *iteration = frame;
  while (iteration && !iteration->run)
    iteration = iteration->parent;
  event.start -= startedAt;
  event.end -= startedAt;
  event.index = iteration ? iteration->index : UINT32_MAX;
  event.worker = static_cast<uint16_t>(w.index);
  w.trace.push_back(std::move(event));
}
