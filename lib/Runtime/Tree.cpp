#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "Runtime/RowAttrs.h"

using namespace xcs;

/// Laid out as one adds binary numbers: a value comes in, and two neighbours that cover as many make a pair;
/// what is left at the end is paired from the right. The same pairs as level by level.
void TreeRun::build(Value first, std::span<const Value> others) {
  /// What a side is made of: a given value, or a pair.
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
}

Progress Executor::Impl::runReduce(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  AttrId flag = plan.attrsOf(op)[attrIndex(rowattrs::core_reduce, "associative")];
  if (!flag || (plan.constants.attr(flag).kind == AttrKind::Bool && !plan.constants.boolAttr(flag)))
    return runLoop(w, frame, node, op);
  std::span<const Value> items = operandOf(frame, op, 0).items();
  if (items.empty()) {
    frame->slots[op.resultSlot] = operandOf(frame, op, 1);
    freeOperands(frame, op);
    return Progress::Settled;
  }
  auto *run = new TreeRun(frame, node, &op);
  run->build(operandOf(frame, op, 1), items);
  return startFeeding(w, *run, static_cast<uint32_t>(run->startable.size()));
}

Frame *Executor::Impl::makePair(Worker &w, TreeRun &run, uint32_t index) {
  Frame *frame = makeActivation(w, run, run.op->firstRegion, index);
  frame->slots[0] = std::move(run.pairs[index].left);
  frame->slots[1] = std::move(run.pairs[index].right);
  return frame;
}

NodeAt Executor::Impl::finishPair(Worker &w, Frame *frame) {
  TreeRun &run = static_cast<TreeRun &>(*frame->run);
  uint32_t index = frame->index;
  Value value;
  bool good = false;
  if (FailureRecord *failed = frame->failure.exchange(nullptr, std::memory_order_acq_rel)) {
    failed->order = index;
    lower(run.stopFrom, index + 1, stops);
    keepFirst(run.failure, failed);
  } else if (frame->incomplete()) {
    run.incomplete.store(true, std::memory_order_relaxed);
  } else {
    value = std::move(takeResults(frame)[0]);
    good = true;
  }
  Frame::destroy(frame);
  leaveWindow(w, run);
  return pairGone(w, run, index, std::move(value), good);
}

/// A pair has ended, with a value or without. Whoever ends the second side of the pair above starts it, or,
/// when it will not run any more, ends it in turn. The run may be gone afterwards.
NodeAt Executor::Impl::pairGone(Worker &w, TreeRun &run, uint32_t index, Value value, bool good) {
  while (run.pairs[index].parent != TreeRun::none) {
    const TreeRun::Pair &own = run.pairs[index];
    TreeRun::Pair &above = run.pairs[own.parent];
    if (good)
      (own.isRight ? above.right : above.left) = std::move(value);
    else
      above.hopeless.store(true, std::memory_order_relaxed);
    index = own.parent;
    if (above.missing.fetch_sub(1, std::memory_order_acq_rel) != 1)
      return {};
    good = !above.hopeless.load(std::memory_order_relaxed);
    if (good && run.parent->wanted(run.op->order) && index < run.stopFrom.load(std::memory_order_acquire)) {
      run.live.fetch_add(1, std::memory_order_relaxed);
      w.push({makePair(w, run, index), 0, Task::Kind::Begin});
      return {};
    }
    good = false;
  }
  return finishTree(run, std::move(value), good);
}

NodeAt Executor::Impl::finishTree(TreeRun &run, Value value, bool good) {
  if (FailureRecord *failed = run.failure.exchange(nullptr, std::memory_order_acq_rel))
    failFrom(run.parent, *run.op, failed);
  else if (good)
    run.parent->slots[run.op->resultSlot] = std::move(value);
  else
    leaveOut(run.parent, *run.op);
  return endRun(run);
}
