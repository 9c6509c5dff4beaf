#include "Runtime/Engine.h"
#include "Runtime/Repetition.h"
#include "Runtime/RowAttrs.h"
#include "xcs/Ops/SortOrder.h"
#include <algorithm>
#include <numeric>

using namespace xcs;

// `map`, `filter`, `sort_by` and `race`: a frame for each element or region, all together.

/// The first how many to succeed are enough; 0 when all are wanted.
static uint32_t neededOf(const PlanView &plan, const PlanOp &op, uint32_t count) {
  AttrId take;
  if (op.code == OpCode::core_race)
    take = plan.attrsOf(op)[attrIndex(rowattrs::core_race, "take")];
  else if (op.code == OpCode::core_map)
    take = plan.attrsOf(op)[attrIndex(rowattrs::core_map, "take")];
  if (!take)
    return op.code == OpCode::core_race ? 1 : 0;
  return static_cast<uint32_t>(std::min<int64_t>(count, plan.constants.intAttr(take)));
}

static bool isFlag(const PlanView &plan, AttrId attr) {
  return attr && (plan.constants.attr(attr).kind == AttrKind::Unit || plan.constants.boolAttr(attr));
}

/// Whether the first that decide a vote are enough.
static bool isVote(const PlanView &plan, const PlanOp &op) {
  AttrId flag;
  if (op.code == OpCode::core_race)
    flag = plan.attrsOf(op)[attrIndex(rowattrs::core_race, "majority")];
  else if (op.code == OpCode::core_map)
    flag = plan.attrsOf(op)[attrIndex(rowattrs::core_map, "majority")];
  return isFlag(plan, flag);
}

/// Whether equal elements of a list are the same to the letter (EarlyVote).
static bool isExact(const PlanView &plan, TypeId list) {
  TypeKind element = plan.constants.kind(plan.constants.element(list));
  return element == TypeKind::Str || element == TypeKind::I64 || element == TypeKind::Bool ||
         element == TypeKind::Duration || element == TypeKind::Bytes;
}

static ParallelRun *makeRun(const Program &program, Frame *frame, uint32_t node, const PlanOp &op,
                            uint32_t count) {
  const PlanView &plan = program.plan;
  auto *run = new ParallelRun(frame, node, &op);
  run->remaining.store(count, std::memory_order_relaxed);
  if (op.resultCount)
    run->results.resize(count);
  if (isVote(plan, op))
    run->vote = std::make_unique<EarlyVote>(
        count, isExact(plan, program.resultTypes[static_cast<size_t>(&op - plan.ops.data())]));
  else
    run->needed = neededOf(plan, op, count);
  if (run->needed || run->vote) {
    run->forgives = true;
    run->won.resize(count);
  }
  return run;
}

Progress Executor::Impl::runMap(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  uint32_t count = static_cast<uint32_t>(operandOf(frame, op, 0).size());
  if (!count) {
    if (op.resultCount)
      frame->slots[op.resultSlot] = Value::list({});
    freeOperands(frame, op);
    return Progress::Settled;
  }
  return startFeeding(w, *makeRun(program, frame, node, op, count), count);
}

Progress Executor::Impl::runRace(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  return startFeeding(w, *makeRun(program, frame, node, op, op.regionCount), op.regionCount);
}

Frame *Executor::Impl::makeIteration(Worker &w, ParallelRun &run, uint32_t index) {
  bool isRace = run.op->code == OpCode::core_race;
  Frame *frame = makeActivation(w, run, run.op->firstRegion + (isRace ? index : 0), index);
  if (!isRace)
    frame->slots[0] = operandOf(run.parent, *run.op, 0).items()[index];
  return frame;
}

NodeAt Executor::Impl::finishIteration(Worker &w, Frame *frame) {
  ParallelRun &run = static_cast<ParallelRun &>(*frame->run);
  if (FailureRecord *failed = frame->failure.exchange(nullptr, std::memory_order_acq_rel)) {
    failed->order = frame->index;
    iterationFailed(run, frame->index, failed);
  } else if (frame->incomplete()) {
    run.incomplete.store(true, std::memory_order_relaxed);
  } else {
    iterationSucceeded(run, frame->index, takeResults(frame));
  }
  Frame::destroy(frame);
  leaveWindow(w, run);
  return iterationsGone(run, 1);
}

/// Whether enough can still succeed after one more has failed.
static bool mayStillWin(ParallelRun &run) {
  if (run.vote)
    return run.vote->failed() != EarlyVote::Outcome::Hopeless;
  return run.failures.fetch_add(1, std::memory_order_acq_rel) + 1 + run.needed <= run.count;
}

/// Where all are wanted, the first failure by index decides. Where some are enough, failures count until too
/// few can still succeed; those before the first of them run on, because one may take its place.
void Executor::Impl::iterationFailed(ParallelRun &run, uint32_t index, FailureRecord *failed) {
  bool forgiven = run.forgives && isCatchable(failed->what.id);
  keepFirst(run.forgives && !forgiven ? run.fatal : run.failure, failed);
  lower(run.firstFailed, index, stops);
  if (forgiven && mayStillWin(run))
    return;
  ParallelRun::Verdict open = ParallelRun::Verdict::Open;
  run.verdict.compare_exchange_strong(open, ParallelRun::Verdict::Lost, std::memory_order_acq_rel);
  lower(run.stopFrom, run.firstFailed.load(std::memory_order_acquire) + 1, stops);
  if (run.forgives) // else it was told when the operation itself failed
    reconsider();
}

/// What the activations give is counted as it comes: a list that will be too large must not be gathered
/// first.
bool Executor::Impl::keepResult(ParallelRun &run, uint32_t index, Value result) {
  // Keys to sort or to filter by are no part of a value.
  const bool makesValue = run.op->code == OpCode::core_map || run.op->code == OpCode::core_race;
  const uint64_t size = makesValue ? result.byteSize() : 0;
  if (run.gathered.fetch_add(size, std::memory_order_relaxed) + size <= mostValueBytes()) {
    run.results[index] = std::move(result);
    return true;
  }
  run.refused.store(true, std::memory_order_release);
  FailureRecord *failed = makeRecord(run.parent, *run.op, tooLarge(*run.op));
  failed->order = index;
  iterationFailed(run, index, failed);
  reconsider();
  return false;
}

void Executor::Impl::iterationSucceeded(ParallelRun &run, uint32_t index, std::vector<Value> yielded) {
  uint32_t nth = run.needed ? run.successes.fetch_add(1, std::memory_order_acq_rel) : 0;
  if (run.needed && nth >= run.needed)
    return; // others were first
  if (!yielded.empty() && !keepResult(run, index, std::move(yielded[0])))
    return;
  if (run.won.empty())
    return;
  run.won[index] = true;
  bool isOver = run.vote ? run.vote->answered(index, run.results[index]) == EarlyVote::Outcome::Decided
                         : nth + 1 == run.needed;
  if (!isOver)
    return;
  ParallelRun::Verdict open = ParallelRun::Verdict::Open;
  if (run.verdict.compare_exchange_strong(open, ParallelRun::Verdict::Won, std::memory_order_acq_rel)) {
    lower(run.stopFrom, 0, stops);
    reconsider();
  }
}

NodeAt Executor::Impl::iterationsGone(ParallelRun &run, uint32_t count) {
  if (run.remaining.fetch_sub(count, std::memory_order_acq_rel) != count)
    return {};
  return finishParallel(run);
}

NodeAt Executor::Impl::finishParallel(ParallelRun &run) {
  using Verdict = ParallelRun::Verdict;
  Verdict verdict = run.verdict.load(std::memory_order_acquire);
  FailureRecord *failed = nullptr;
  // What was refused may have been one of those that have won meanwhile.
  if (verdict == Verdict::Lost || run.refused.load(std::memory_order_acquire) ||
      (run.vote && verdict == Verdict::Open)) {
    failed = run.fatal.exchange(nullptr, std::memory_order_acq_rel);
    if (!failed)
      failed = run.failure.exchange(nullptr, std::memory_order_acq_rel);
  }
  if (failed)
    failFrom(run.parent, *run.op, failed);
  else if (verdict == Verdict::Won || (run.won.empty() && !run.incomplete.load(std::memory_order_relaxed)))
    deliver(run);
  else
    leaveOut(run.parent, *run.op);
  return endRun(run);
}

/// The elements that `filter` keeps.
static std::vector<Value> kept(std::span<const Value> items, std::span<const Value> keep) {
  std::vector<Value> list;
  for (size_t i = 0; i < items.size(); ++i)
    if (keep[i].asBool())
      list.push_back(items[i]);
  return list;
}

static std::vector<Value> sorted(std::span<const Value> items, std::span<const Value> keys, bool descending) {
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return descending ? sortsBeforeDescending(keys[a], keys[b]) : sortsBefore(keys[a], keys[b]);
  });
  std::vector<Value> list;
  list.reserve(items.size());
  for (uint32_t i : order)
    list.push_back(items[i]);
  return list;
}

void Executor::Impl::deliver(ParallelRun &run) {
  const PlanOp &op = *run.op;
  if (!op.resultCount)
    return;
  std::vector<Value> list;
  if (!run.won.empty()) {
    for (size_t i = 0; i < run.won.size(); ++i)
      if (run.won[i])
        list.push_back(std::move(run.results[i]));
  } else if (op.code == OpCode::core_filter) {
    list = kept(operandOf(run.parent, op, 0).items(), run.results);
  } else if (op.code == OpCode::core_sort_by) {
    AttrId flag = plan.attrsOf(op)[attrIndex(rowattrs::core_sort_by, "descending")];
    list = sorted(operandOf(run.parent, op, 0).items(), run.results, isFlag(plan, flag));
  } else {
    list = std::move(run.results);
  }
  giveList(run.parent, op, 0, list);
}
