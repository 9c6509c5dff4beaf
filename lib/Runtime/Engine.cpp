#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "xcs/Support/Clock.h"

using namespace xcs;

void Engine::execute(Worker &w, Task task) {
  switch (static_cast<TaskKind>(task.kind)) {
  case TaskKind::Node:
    runNode(w, static_cast<Frame *>(task.object), task.detail);
    return;
  case TaskKind::Begin:
    begin(w, static_cast<Frame *>(task.object));
    return;
  case TaskKind::Feed:
    feed(w, *static_cast<WindowedRun *>(task.object));
    return;
  case TaskKind::Sweep:
    sweepSome(w, *static_cast<ParallelRun *>(static_cast<WindowedRun *>(task.object)));
    return;
  case TaskKind::Finished:
    worldFinished(w, static_cast<OutcomeBatch *>(task.object), task.detail);
    return;
  case TaskKind::Input:
    inputArrived(w, task.detail);
    return;
  }
}

void Engine::idle(Worker &w) {
  flushSinks(w);
  reportSettled(w);
  w.rested();
}

void Engine::flushSinks(Worker &w) {
  WorkerState &own = stateOf(w);
  Frame *frame = std::exchange(own.sinkFrame, nullptr);
  if (!frame)
    return;
  if (NodeAt next = countSinks(w, frame, std::exchange(own.sinksPassed, 0)))
    w.push(makeTask(TaskKind::Node, next.frame, next.node));
}

/// Runs what settling made ready, in a loop; never nests.
void Engine::proceed(Worker &w, NodeAt at) {
  if (at)
    runNode(w, at.frame, at.node);
}

/// Starts a frame: operations that wait first, then the rest in execution order (the first one is popped
/// first).
void Engine::begin(Worker &w, Frame *frame) {
  const PreparedRegion &region = *frame->region;
  if (concurrent() && region.isOnePiece)
    shareIfWorthWhile(w, NodeClass::Light, region.nodes[region.nodeCount].firstOp - region.nodes[0].firstOp);
  if (sweepWhole(w, frame)) {
    NodeAt done = finishFrame(w, frame);
    proceed(w, done ? settle(w, done.frame, done.node) : NodeAt());
    return;
  }
  w.sharing |= region.isWorthSharing;
  for (auto root = region.roots.rbegin(); root != region.roots.rend(); ++root)
    if (region.classes[*root] != NodeClass::World)
      w.push(makeTask(TaskKind::Node, frame, *root));
  if (region.firstInput != PreparedRegion::none)
    beginInputs(w, frame);
  for (uint32_t root : region.roots)
    if (region.classes[root] == NodeClass::World)
      dispatch(w, frame, root);
  if (region.firstInput != PreparedRegion::none)
    proceed(w, sinkSettled(w, frame)); // of the beginning: Engine::start
}

/// Starts a node of class World now, or pushes any other onto the worker's stack.
void Engine::dispatch(Worker &w, Frame *frame, uint32_t node) {
  if (frame->region->classes[node] != NodeClass::World) {
    w.push(makeTask(TaskKind::Node, frame, node));
    return;
  }
  if (runWorld(w, frame, node, frame->region->nodes[node].firstOp) == Progress::Settled)
    // Settled on the spot (skipped, or executed at once): continue from it in turn, not here, so as not to
    // nest.
    w.push(makeTask(TaskKind::Node, frame, node | settledBit));
}

/// Before a node that may take long, releases everything that would wait for it: operations to be started,
/// sinks to be counted, tasks that others could run.
void Engine::beforeNode(Worker &w, const Frame *frame, NodeClass next) {
  if (next == NodeClass::Heavy) [[unlikely]] {
    flushWorld(w);
    const Frame *passed = stateOf(w).sinkFrame;
    if (passed && passed != frame)
      flushSinks(w);
  }
  if (concurrent())
    shareIfWorthWhile(w, next);
}

/// Looks at the clock about every 64 nodes, or 512 operations of sweeps.
void Engine::shareIfWorthWhile(Worker &w, NodeClass next, uint32_t operations) {
  if (w.empty())
    return;
  if (w.sharing || next == NodeClass::Heavy) {
    pool.share(w);
    return;
  }
  w.ticks += 1 + operations / 8;
  if (w.ticks < 64)
    return;
  w.ticks = 0;
  flushWorld(w);
  int64_t now = monotonicNanoseconds();
  if (!w.busySince)
    w.busySince = now;
  w.sharing = now - w.busySince > shareAfterNanoseconds;
}

/// Runs a node, then one of the nodes it made ready without going through a queue, and so on. What comes from
/// outside goes first, as in Pool::drain.
void Engine::runNode(Worker &w, Frame *frame, uint32_t node) {
  NodeAt at{frame, node & ~settledBit};
  bool settled = node & settledBit;
  while (at) {
    const NodeClass is = at.frame->region->classes[at.node];
    if (!settled && is == NodeClass::Light && !options.trace) {
      at = concurrent() ? runLight<true>(w, at.frame, at.node) : runLight<false>(w, at.frame, at.node);
    } else {
      if (!settled) {
        beforeNode(w, at.frame, is);
        if (runOps(w, at.frame, at.node) == Progress::Pending)
          return;
      }
      settled = false;
      at = settle(w, at.frame, at.node);
    }
    if (at && pool.hasInjectedTasks()) {
      w.push(makeTask(TaskKind::Node, at.frame, at.node));
      return;
    }
  }
}

Progress Engine::runOps(Worker &w, Frame *frame, uint32_t node) {
  const PlanNode *nodes = frame->region->nodes + node;
  switch (frame->region->classes[node]) {
  case NodeClass::World:
    return runWorld(w, frame, node, nodes->firstOp);
  case NodeClass::Control:
    return runControl(w, frame, node, plan.ops[nodes->firstOp]);
  case NodeClass::Barrier:
    return Progress::Settled;
  case NodeClass::Result:
    resultKnown(frame, node);
    return Progress::Settled;
  case NodeClass::Light:
  case NodeClass::Heavy:
    break;
  }
  int64_t start = options.trace ? world->now() : 0;
  const bool ok = sweepNode(callIn(w, frame), frame, node);
  RunStats &stats = stateOf(w).stats;
  ++stats.dispatches;
  stats.operations += nodes[1].firstOp - nodes[0].firstOp;
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

/// The worker's call, for operations of that frame.
KernelCall &Engine::callIn(Worker &w, Frame *frame) {
  KernelCall &call = stateOf(w).call;
  call.slots = frame->slots;
  call.readsLeft = frame->uses;
  return call;
}

/// Pure operations one after the other, in an order in which each comes after those it reads from: number
/// `first` to `end` of `order`, or of the plan. False if one failed.
template <bool Ordered>
inline bool Engine::sweep(KernelCall &call, Frame *frame, const uint32_t *order, uint32_t first,
                          uint32_t end) {
  const PlanOp *const ops = plan.ops.data();
  const uint32_t *const operands = plan.operands.data();
  const AttrId *const attributes = plan.attrRows.data();
  const TypeId *const operandTypes = program.operandTypes.data(), *const resultTypes =
                                                                      program.resultTypes.data();
  const uint8_t *const mayFree = program.mayFree.data();
  const Kernel *const kernels = program.kernels.data();
  bool ok = true;
  for (uint32_t i = first; i < end; ++i) {
    const uint32_t o = Ordered ? order[i] : i;
    const PlanOp &op = ops[o];
    if (op.order >= frame->stopFrom.load(std::memory_order_relaxed) && isSkipped(frame, op)) [[unlikely]]
      continue;
    call.code = op.code;
    call.operandSlots = operands + op.firstOperand;
    call.operandTypes = operandTypes + op.firstOperand;
    call.attributes = attributes + op.attributes;
    call.operandCount = op.operandCount;
    call.resultSlot = op.resultSlot;
    call.resultType = resultTypes[o];
    if (!kernels[static_cast<size_t>(op.code)](call)) [[unlikely]] {
      fail(frame, op, std::move(call.error));
      ok = false;
    } else if (mayFree[o]) {
      freeOperands(frame, op);
    }
  }
  return ok;
}

/// The operations of a Light or Heavy node.
inline bool Engine::sweepNode(KernelCall &call, Frame *frame, uint32_t node) {
  const PreparedRegion &region = *frame->region;
  const PlanNode *of = region.nodes + node;
  if (region.opOrder.empty())
    return sweep<false>(call, frame, nullptr, of[0].firstOp, of[1].firstOp);
  return sweep<true>(call, frame, region.opOrder.data(), of[0].firstOp, of[1].firstOp);
}

/// Carries out a frame that needs no scheduling, because it is empty or one piece; it can then be finished.
/// False: it is to be begun.
bool Engine::sweepWhole(Worker &w, Frame *frame) {
  const PreparedRegion &region = *frame->region;
  if (!region.nodeCount)
    return true;
  if (!sweepsAtOnce(region))
    return false;
  const uint32_t first = region.nodes[0].firstOp, end = region.nodes[region.nodeCount].firstOp;
  sweep<false>(callIn(w, frame), frame, nullptr, first, end);
  RunStats &stats = stateOf(w).stats;
  stats.operations += end - first;
  stats.dispatches += region.nodeCount;
  return true;
}

/// Counts `reads` reads of a slot; the last one frees its value. Scalars own nothing, so their reads are not
/// counted.
void Engine::freeSlot(Frame *frame, uint32_t slot, uint32_t reads) {
  Value &value = frame->slots[slot];
  if (!value.ownsMemory())
    return;
  if (frame->region->slots[slot].uses == reads ||
      frame->uses[slot].fetch_sub(reads, std::memory_order_acq_rel) == reads)
    value = Value();
}

void Engine::freeOperands(Frame *frame, const PlanOp &op) {
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
template <bool Many> NodeAt Engine::runLight(Worker &w, Frame *frame, uint32_t node) {
  const PreparedRegion &region = *frame->region;
  const PlanNode *nodes = region.nodes;
  const NodeClass *classes = region.classes.data();
  const uint32_t *planNodes = region.planNodes.empty() ? nullptr : region.planNodes.data();
  KernelCall &call = callIn(w, frame);
  RunStats &stats = stateOf(w).stats;
  for (;;) {
    const uint32_t operations = nodes[node + 1].firstOp - nodes[node].firstOp;
    if (Many && !w.empty()) [[unlikely]]
      shareIfWorthWhile(w, NodeClass::Light, operations);
    sweepNode(call, frame, node);
    // Counted before the successors are notified: from then on others may end the run and read the counts.
    stats.operations += operations;
    stats.dispatches += planNodes ? planNodes[node] : 1;
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
    if (ready == UINT32_MAX)
      return {};
    if (classes[ready] != NodeClass::Light || pool.hasInjectedTasks())
      return {frame, ready};
    node = ready;
  }
  return sinkSettled(w, frame);
}

/// Notifies the successors of a node and returns a ready one, to run next. The others go onto the worker's
/// stack, the first in execution order on top, but operations that wait are started at once.
NodeAt Engine::wakeSuccessors(Worker &w, Frame *frame, uint32_t node, bool &isSink) {
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
NodeAt Engine::settle(Worker &w, Frame *frame, uint32_t node) {
  bool isSink;
  NodeAt next = wakeSuccessors(w, frame, node, isSink);
  return isSink ? sinkSettled(w, frame) : next;
}

/// A sink of a frame has settled. Sinks are counted together, when the worker reaches one of another frame or
/// becomes idle.
NodeAt Engine::sinkSettled(Worker &w, Frame *frame) {
  WorkerState &own = stateOf(w);
  if (own.sinkFrame == frame || !own.sinkFrame) {
    own.sinkFrame = frame;
    ++own.sinksPassed;
    return {};
  }
  Frame *before = std::exchange(own.sinkFrame, frame);
  return countSinks(w, before, std::exchange(own.sinksPassed, 1));
}

/// Counts settled sinks of a frame. With the last one the frame has finished, and so has its operation in the
/// enclosing frame, whose sinks are counted in turn.
NodeAt Engine::countSinks(Worker &w, Frame *frame, uint32_t count) {
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

void Engine::record(Worker &w, TraceEvent event, const Frame *frame) {
  const Frame *iteration = frame;
  while (iteration && !iteration->run)
    iteration = iteration->parent;
  event.start -= startedAt;
  event.end -= startedAt;
  event.index = iteration ? iteration->index : UINT32_MAX;
  event.worker = static_cast<uint16_t>(w.index);
  stateOf(w).trace.push_back(std::move(event));
}
