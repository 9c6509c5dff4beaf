#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "Runtime/RowAttrs.h"
#include <algorithm>

using namespace xcs;

// `for`, `while`, `scan` and `reduce` in order: the worker that ends a trip starts the next one, as a task,
// so that no loop nests calls and none holds a worker.

/// The number of trips a loop over a list makes; of `while` its bound.
static uint64_t mostTrips(const PlanView &plan, const LoopRun &loop) {
  const PlanOp &op = *loop.op;
  if (op.code == OpCode::core_while)
    return static_cast<uint64_t>(
        plan.constants.intAttr(plan.attrsOf(op)[attrIndex(rowattrs::core_while, "max_trips")]));
  return loop.parent->slots[plan.operands[op.firstOperand]].size();
}

Progress Executor::Impl::runLoop(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  auto *loop = new LoopRun(frame, node, &op);
  for (uint32_t i = op.code == OpCode::core_while ? 0 : 1; i < op.operandCount; ++i)
    loop->carried.push_back(takeOperand(frame, op, i));
  if (op.code == OpCode::core_scan)
    loop->columns.resize(op.resultCount);
  loop->columnBytes.resize(loop->columns.size());
  if (mostTrips(plan, *loop) == 0) {
    deliver(*loop);
    endRun(*loop);
    return Progress::Settled;
  }
  startTrip(w, *loop);
  return Progress::Pending;
}

void Executor::Impl::startTrip(Worker &w, LoopRun &loop) {
  // Reports count trips in 32 bits.
  uint32_t index = static_cast<uint32_t>(std::min<uint64_t>(loop.trip, UINT32_MAX - 1));
  Frame *frame = makeActivation(w, loop, loop.op->firstRegion, index);
  // `reduce` takes what it has so far on the left, as its tree does.
  uint32_t element = loop.op->code == OpCode::core_reduce ? 1 : 0;
  uint32_t carried = loop.op->code == OpCode::core_for || loop.op->code == OpCode::core_scan ? 1 : 0;
  if (loop.op->code != OpCode::core_while)
    frame->slots[element] = operandOf(loop.parent, *loop.op, 0).items()[loop.trip];
  std::move(loop.carried.begin(), loop.carried.end(), frame->slots + carried);
  w.push({frame, 0, Task::Kind::Begin});
}

NodeAt Executor::Impl::finishTrip(Worker &w, Frame *frame) {
  LoopRun &loop = static_cast<LoopRun &>(*frame->run);
  std::unique_ptr<FailureRecord> failed(frame->failure.exchange(nullptr, std::memory_order_acq_rel));
  bool whole = !failed && !frame->incomplete();
  std::vector<Value> yielded = whole ? takeResults(frame) : std::vector<Value>();
  Frame::destroy(frame);
  if (failed) {
    failFrom(loop.parent, *loop.op, failed.release());
    return endRun(loop);
  }
  if (!whole) {
    leaveOut(loop.parent, *loop.op);
    return endRun(loop);
  }
  bool goesOn = takeTrip(loop, std::move(yielded));
  auto isTooLarge = [this](uint64_t bytes) { return bytes > mostValueBytes(); };
  if (std::any_of(loop.columnBytes.begin(), loop.columnBytes.end(), isTooLarge)) {
    fail(loop.parent, *loop.op, tooLarge(*loop.op)); // before the rest of it is gathered
  } else if (!goesOn) {
    deliver(loop);
  } else if (loop.trip < mostTrips(plan, loop)) {
    if (loop.parent->wanted(loop.op->order)) {
      startTrip(w, loop);
      return {};
    }
    leaveOut(loop.parent, *loop.op);
  } else {
    std::string bound = std::to_string(loop.trip) + (loop.trip == 1 ? " trip" : " trips");
    std::string_view arguments[] = {bound};
    fail(loop.parent, *loop.op, {Diag::TripBound, formatMessage(rowOf(Diag::TripBound).text, arguments)});
  }
  return endRun(loop);
}

/// Takes in what a trip yielded; whether the loop goes on, as far as it has a say.
bool Executor::Impl::takeTrip(LoopRun &loop, std::vector<Value> yielded) {
  const PlanOp &op = *loop.op;
  ++loop.trip;
  for (size_t i = 0; i < loop.columns.size(); ++i) {
    loop.columns[i].push_back(yielded[i]);
    loop.columnBytes[i] += yielded[i].byteSize();
  }
  if (op.code != OpCode::core_while) {
    loop.carried = std::move(yielded);
    return loop.trip < mostTrips(plan, loop);
  }
  bool goesOn = yielded[0].asBool();
  loop.carried.assign(std::make_move_iterator(yielded.begin() + 1), std::make_move_iterator(yielded.end()));
  AttrId atBound = plan.attrsOf(op)[attrIndex(rowattrs::core_while, "at_bound")];
  bool yieldsThere = atBound && plan.constants.textAttr(atBound) == "yield";
  return goesOn && !(yieldsThere && loop.trip == mostTrips(plan, loop));
}

void Executor::Impl::deliver(LoopRun &loop) {
  if (loop.op->code != OpCode::core_scan)
    std::move(loop.carried.begin(), loop.carried.end(), loop.parent->slots + loop.op->resultSlot);
  for (uint32_t i = 0; i < loop.columns.size(); ++i)
    giveList(loop.parent, *loop.op, i, loop.columns[i]);
}

template <class Run> NodeAt Executor::Impl::endRun(Run &run) {
  NodeAt at{run.parent, run.node};
  freeOperands(run.parent, *run.op);
  delete &run;
  return at;
}

template NodeAt Executor::Impl::endRun(LoopRun &);
template NodeAt Executor::Impl::endRun(ParallelRun &);
template NodeAt Executor::Impl::endRun(TreeRun &);
