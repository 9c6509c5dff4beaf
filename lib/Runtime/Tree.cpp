#include "Runtime/Repetition.h"
#include "xcs/Ops/RowAttrs.h"

using namespace xcs;

/// Built like binary addition: a value is added, and two neighbours of equal size form a pair; what is left
/// at the end is paired from the right. The result is the same as level by level.
void TreeRun::build(Value first, std::span<const Value> others) {
  /// A side: a given value, or a pair.
  struct Side {
    Value value;
    uint32_t pair, level;
  };
  pairs = std::make_unique<Pair[]>(others.size());
  uint32_t next = 0;
  std::vector<Side> open;
  auto put = [&](Side &side, bool isRight) {
    Pair &pair = pairs[next];
    if (side.pair == none) {
      (isRight ? pair.right : pair.left) = std::move(side.value);
      return;
    }
    pairs[side.pair].parent = next;
    pairs[side.pair].isRight = isRight;
    pair.missing.fetch_add(1, std::memory_order_relaxed);
  };
  auto joinLast = [&] {
    Side right = std::move(open.back());
    open.pop_back();
    Side &left = open.back();
    put(left, false);
    put(right, true);
    if (!pairs[next].missing.load(std::memory_order_relaxed))
      startable.push_back(next);
    left = {Value(), next++, left.level + 1};
  };
  open.push_back({std::move(first), none, 0});
  for (const Value &value : others) {
    open.push_back({value, none, 0});
    while (open.size() > 1 && open[open.size() - 2].level == open.back().level)
      joinLast();
  }
  while (open.size() > 1)
    joinLast();
  // A pair is numbered after all that it is made of.
  for (uint32_t i = next; i-- > 0;)
    pairs[i].above = pairs[i].parent == none ? 0 : pairs[pairs[i].parent].above + 1;
}

Progress controlops::core_reduce(const ControlCall &call) {
  if (!call.isSet(attrRow<OpCode::core_reduce>("associative")))
    return reduceInOrder(call);
  std::span<const Value> items = call.operand(0).items();
  if (items.empty()) {
    call.frame->slots[call.op.resultSlot] = call.operand(1);
    call.engine.freeOperands(call.frame, call.op);
    return Progress::Settled;
  }
  auto *run = new TreeRun(call);
  run->build(call.operand(1), items);
  return call.engine.startFeeding(call.worker, *run, static_cast<uint32_t>(run->startable.size()));
}

uint32_t TreeRun::countBefore(uint32_t end) const {
  return static_cast<uint32_t>(std::lower_bound(startable.begin(), startable.end(), end) - startable.begin());
}

Frame *TreeRun::activatePair(Engine &engine, Worker &w, uint32_t index) {
  Frame *frame = engine.makeActivation(w, *this, op->firstRegion, index, pairs[index].above);
  frame->slots[0] = std::move(pairs[index].left);
  frame->slots[1] = std::move(pairs[index].right);
  return frame;
}

Frame *TreeRun::activate(Engine &engine, Worker &w, uint32_t i) {
  return activatePair(engine, w, startable[i]);
}

NodeAt TreeRun::ended(Engine &engine, Worker &w, Frame *activation) {
  uint32_t index = activation->index;
  Value value;
  bool good = false;
  if (FailureRecord *failed = takeFailure(activation)) {
    failed->order = index;
    if (!engine.goesOn(parent)) [[likely]]
      engine.stop(stopFrom, index + 1);
    storeFirst(failure, failed);
  } else if (activation->incomplete()) {
    incomplete.store(true, std::memory_order_relaxed);
  } else {
    value = std::move(engine.takeResults(activation)[0]);
    good = true;
  }
  Frame::destroy(activation);
  engine.exitWindow(w, *this);
  return finishPair(engine, w, index, std::move(value), good);
}

NodeAt TreeRun::abandonFrom(Engine &engine, Worker &w, uint32_t first) {
  const uint32_t last = count - 1;
  for (uint32_t i = first;; ++i) {
    const bool isLast = i == last; // after the last one the run may be destroyed
    NodeAt done = finishPair(engine, w, startable[i], Value(), false);
    if (isLast || done)
      return done;
  }
}

/// A pair has ended, with a value or without. The worker that ends the second side of a pair starts that
/// pair, or ends it in turn if it will not run any more. The run may be destroyed afterwards.
NodeAt TreeRun::finishPair(Engine &engine, Worker &w, uint32_t index, Value value, bool good) {
  while (pairs[index].parent != none) {
    const Pair &own = pairs[index];
    Pair &above = pairs[own.parent];
    if (good)
      (own.isRight ? above.right : above.left) = std::move(value);
    else
      above.hopeless.store(true, std::memory_order_relaxed);
    index = own.parent;
    if (above.missing.fetch_sub(1, std::memory_order_acq_rel) != 1)
      return {};
    good = !above.hopeless.load(std::memory_order_relaxed);
    if (good && parent->wanted(op->order) && index < stopFrom.load(std::memory_order_acquire)) {
      live.fetch_add(1, std::memory_order_relaxed);
      w.push(makeTask(TaskKind::Begin, activatePair(engine, w, index)));
      return {};
    }
    good = false;
  }
  return finish(engine, std::move(value), good);
}

NodeAt TreeRun::finish(Engine &engine, Value value, bool good) {
  if (FailureRecord *failed = failure.exchange(nullptr, std::memory_order_acq_rel))
    engine.failFrom(parent, *op, failed);
  else if (good)
    parent->slots[op->resultSlot] = std::move(value);
  else
    engine.skipFrom(parent, *op);
  return engine.end(*this);
}
