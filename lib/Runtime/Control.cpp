#include "Runtime/Engine.h"
#include "Runtime/RowAttrs.h"
#include <algorithm>

using namespace xcs;

Frame *Executor::Impl::makeFrame(Worker &w, uint32_t region, Frame *parent, uint32_t node, const PlanOp *op) {
  const PreparedRegion &prepared = program.regions[region];
  const PlanRegion &from = *prepared.plan;
  Frame *frame = Frame::create(prepared);
  frame->parent = parent;
  frame->parentNode = node;
  frame->parentOp = op;
  for (uint32_t i = 0; i < from.captureCount; ++i)
    frame->slots[from.argumentCount + i] = parent->slots[plan.captures[from.firstCapture + i]];
  for (uint32_t c = from.firstConstant; c < from.firstConstant + from.constantCount; ++c)
    frame->slots[plan.constantSlots[c].slot] = program.constants[c];
  ++w.stats.frames;
  uint64_t live = liveFrames.fetch_add(1, std::memory_order_relaxed) + 1;
  uint64_t most = mostFrames.load(std::memory_order_relaxed);
  while (live > most && !mostFrames.compare_exchange_weak(most, live, std::memory_order_relaxed)) {
  }
  return frame;
}

Progress Executor::Impl::runControl(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  if (!frame->wanted(op.order)) {
    lower(frame->stopFrom, op.order + 1); // as in runWorld
    return Progress::Settled;
  }
  ++w.stats.dispatches;
  ++w.stats.operations;
  auto operand = [&](uint32_t i) -> const Value & {
    return frame->slots[plan.operands[op.firstOperand + i]];
  };
  if (op.code == OpCode::core_if)
    return runIf(w, frame, node, op);
  if (op.code == OpCode::core_call)
    return runCall(w, frame, node, op);
  if (op.code == OpCode::core_map)
    return runMap(w, frame, node, op);
  if (op.code == OpCode::core_try)
    return enter(w, frame, node, op, op.firstRegion, {});
  if (op.code == OpCode::core_fail) {
    fail(frame, op, {Diag::Failed, std::string(operand(0).text())});
  } else if (!operand(0).asBool()) { // assert
    AttrId message = plan.attrsOf(op)[attrIndex(rowattrs::core_assert, "message")];
    fail(frame, op,
         {Diag::AssertionFailed,
          message ? std::string(plan.constants.textAttr(message)) : "the assertion does not hold"});
  }
  freeOperands(frame, op);
  return Progress::Settled;
}

/// Enters a region of an operation. A region without nodes is left on the spot.
Progress Executor::Impl::enter(Worker &w, Frame *parent, uint32_t node, const PlanOp &op, uint32_t region,
                               std::vector<Value> arguments) {
  Frame *frame = makeFrame(w, region, parent, node, &op);
  std::move(arguments.begin(), arguments.end(), frame->slots);
  if (!frame->region->nodeCount) {
    finishFrame(w, frame);
    return Progress::Settled;
  }
  begin(w, frame);
  return Progress::Pending;
}

Progress Executor::Impl::runIf(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  bool taken = frame->slots[plan.operands[op.firstOperand]].asBool();
  if (!taken && op.regionCount == 1) {
    freeOperands(frame, op);
    return Progress::Settled;
  }
  return enter(w, frame, node, op, op.firstRegion + (taken ? 0 : 1), {});
}

Progress Executor::Impl::runCall(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  std::vector<Value> arguments;
  for (uint32_t slot : plan.operandsOf(op))
    arguments.push_back(frame->slots[slot]);
  return enter(w, frame, node, op, plan.functions[op.target].region, std::move(arguments));
}

// What the frames of one map may take together; beyond it, iterations wait until others are done.
static constexpr size_t windowBytes = size_t(256) << 20;
static constexpr uint32_t leastWindow = 64;
static constexpr uint32_t feedBatch = 64; // iterations started before others may take over the starting

Progress Executor::Impl::runMap(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  const Value &list = frame->slots[plan.operands[op.firstOperand]];
  uint32_t count = static_cast<uint32_t>(list.size());
  if (!count) {
    if (op.resultCount)
      frame->slots[op.resultSlot] = Value::list({});
    freeOperands(frame, op);
    return Progress::Settled;
  }
  auto *map = new MapRun;
  map->parent = frame;
  map->node = node;
  map->op = &op;
  map->region = op.firstRegion;
  size_t fits = windowBytes / Frame::byteSize(program.regions[map->region]);
  map->window =
      options.schedule == Schedule::Serial ? 1 : static_cast<uint32_t>(std::max<size_t>(fits, leastWindow));
  map->remaining.store(count, std::memory_order_relaxed);
  if (op.resultCount)
    map->results.resize(count);
  w.push({map, 0, Task::Kind::Feed});
  return Progress::Pending;
}

/// How many iterations, counted from 0, anybody still wants.
uint32_t Executor::Impl::iterationsWanted(const MapRun &map) const {
  if (!map.parent->wanted(map.op->order))
    return 0;
  uint32_t count = static_cast<uint32_t>(map.parent->slots[plan.operands[map.op->firstOperand]].size());
  return std::min(count, map.stopFrom.load(std::memory_order_acquire));
}

/// Starts the next iterations; whoever calls holds the feeder's token. With more to come, the token goes on
/// the stack beneath the started ones: another worker that takes it starts further iterations while this one
/// runs its own.
void Executor::Impl::feed(Worker &w, MapRun &map) {
  uint32_t count = static_cast<uint32_t>(map.parent->slots[plan.operands[map.op->firstOperand]].size());
  uint32_t wanted = iterationsWanted(map);
  if (map.next >= wanted) {
    uint32_t skipped = count - std::exchange(map.next, count);
    if (NodeAt done = iterationsGone(map, skipped))
      goOn(w, settle(w, done.frame, done.node));
    return;
  }
  uint32_t live = map.live.load(std::memory_order_acquire);
  if (live >= map.window) {
    map.parked.store(true, std::memory_order_seq_cst);
    // The window may have emptied before the token was parked; then nobody else would take it up.
    if (map.live.load(std::memory_order_seq_cst) < map.window &&
        map.parked.exchange(false, std::memory_order_acq_rel))
      w.push({&map, 0, Task::Kind::Feed});
    return;
  }
  uint32_t first = map.next, last = std::min({wanted, first + feedBatch, first + (map.window - live)});
  map.next = last;
  map.live.fetch_add(last - first, std::memory_order_relaxed);
  if (last < count)
    w.push({&map, 0, Task::Kind::Feed});
  const Value &list = map.parent->slots[plan.operands[map.op->firstOperand]];
  for (uint32_t i = last; i-- > first;) {
    Frame *frame = makeFrame(w, map.region, map.parent, map.node, map.op);
    frame->map = &map;
    frame->index = i;
    frame->slots[0] = list.items()[i];
    w.push({frame, 0, Task::Kind::Begin});
  }
}

NodeAt Executor::Impl::iterationsGone(MapRun &map, uint32_t count) {
  if (count == 0 || map.remaining.fetch_sub(count, std::memory_order_acq_rel) != count)
    return {};
  return finishMap(map);
}

NodeAt Executor::Impl::finishMap(MapRun &map) {
  NodeAt at{map.parent, map.node};
  if (FailureRecord *failed = map.failure.exchange(nullptr, std::memory_order_acq_rel))
    failFrom(map.parent, *map.op, failed);
  else if (map.op->resultCount)
    map.parent->slots[map.op->resultSlot] = Value::list(map.results);
  freeOperands(map.parent, *map.op);
  delete &map;
  return at;
}

NodeAt Executor::Impl::finishIteration(Worker &w, Frame *frame) {
  MapRun &map = *frame->map;
  if (FailureRecord *failed = frame->failure.exchange(nullptr, std::memory_order_acq_rel)) {
    failed->order = frame->index;
    lower(map.stopFrom, frame->index + 1);
    keepFirst(map.failure, failed);
  } else if (map.op->resultCount) {
    map.results[frame->index] = std::move(takeResults(frame)[0]);
  }
  Frame::destroy(frame);
  uint32_t live = map.live.fetch_sub(1, std::memory_order_seq_cst) - 1;
  if (live <= map.window / 2 && map.parked.load(std::memory_order_seq_cst) &&
      map.parked.exchange(false, std::memory_order_acq_rel))
    w.push({&map, 0, Task::Kind::Feed});
  return iterationsGone(map, 1);
}

std::vector<Value> Executor::Impl::takeResults(Frame *frame) {
  const PlanRegion &region = *frame->region->plan;
  std::vector<Value> out;
  out.reserve(region.resultCount);
  for (uint32_t slot : plan.operands.subspan(region.firstResult, region.resultCount)) {
    Value &value = frame->slots[slot];
    out.push_back(frame->region->slots[slot].uses == 1 ? std::move(value) : value);
  }
  return out;
}

NodeAt Executor::Impl::finishRoot(Worker &w, Frame *frame) {
  {
    std::lock_guard lock(abortMutex);
    root = nullptr;
  }
  failure.reset(frame->failure.exchange(nullptr, std::memory_order_acq_rel));
  if (!failure)
    results = takeResults(frame);
  Frame::destroy(frame);
  pool.finish(w);
  return {};
}

/// A frame's nodes have all settled: its results, or its failure, go to its operation, which has thereby
/// settled.
NodeAt Executor::Impl::finishFrame(Worker &w, Frame *frame) {
  liveFrames.fetch_sub(1, std::memory_order_relaxed);
  if (!frame->parent)
    return finishRoot(w, frame);
  if (frame->map)
    return finishIteration(w, frame);
  Frame *parent = frame->parent;
  const PlanOp &op = *frame->parentOp;
  NodeAt at{parent, frame->parentNode};
  std::unique_ptr<FailureRecord> failed(frame->failure.exchange(nullptr, std::memory_order_acq_rel));
  bool isTry = op.code == OpCode::core_try;
  if (failed && isTry && isCatchable(failed->what.id)) {
    std::string_view name = failed->what.op == UINT32_MAX ? "" : rowOf(plan.ops[failed->what.op].code).name;
    parent->slots[op.resultSlot] =
        Value::error(rowOf(failed->what.id).kind, failed->what.message, name, failed->what.attempt);
  } else if (failed) {
    failFrom(parent, op, failed.release());
  } else {
    std::vector<Value> values = takeResults(frame);
    if (isTry)
      parent->slots[op.resultSlot] = Value::ok(values.empty() ? Value::none() : std::move(values[0]));
    else
      std::move(values.begin(), values.end(), parent->slots + op.resultSlot);
  }
  freeOperands(parent, op);
  Frame::destroy(frame);
  return at;
}
