#include "Runtime/Repetition.h"
#include "xcs/Ops/Grouping.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Ops/SortOrder.h"
#include <numeric>

using namespace xcs;

// `map`, `filter`, `partition`, `sort_by` and `race`: a frame for each element or region, all concurrent.

/// Whether equal elements of a list are identical (EarlyVote).
static bool isExact(const PlanView &plan, TypeId list) {
  TypeKind element = plan.constants.kind(plan.constants.element(list));
  return element == TypeKind::Str || element == TypeKind::I64 || element == TypeKind::Bool ||
         element == TypeKind::Duration || element == TypeKind::Bytes;
}

static ParallelRun *makeRun(const ControlCall &call, uint32_t count) {
  const PlanView &plan = call.engine.plan;
  auto *run = new ParallelRun(call);
  run->remaining.store(count, std::memory_order_relaxed);
  if (call.op.resultCount)
    run->results.resize(count);
  RegionRule rule = ruleOf(plan.constants, *regionForm(call.op.code), call.op.dict);
  run->forgives = rule.failure == RegionFailure::Forgiven;
  if (run->forgives)
    run->won.resize(count);
  return run;
}

/// The first `take` to succeed are enough, or with a vote the first that decide it.
static void stopEarly(const ControlCall &call, ParallelRun &run, uint32_t count, bool isVote, AttrId take) {
  if (!run.forgives)
    return;
  const Program &program = call.engine.program;
  if (call.engine.outside().keepsChoices())
    run.chooseAgain(call);
  if (!run.chosen.empty())
    return;
  if (isVote)
    run.vote = std::make_unique<EarlyVote>(
        count,
        isExact(program.plan, program.resultTypes[static_cast<size_t>(&call.op - program.plan.ops.data())]));
  else
    run.needed =
        take ? static_cast<uint32_t>(std::min<int64_t>(count, program.plan.constants.intAttr(take))) : 1;
}

/// Over the elements of the first operand; null for an empty list, whose result is set immediately.
static ParallelRun *listRun(const ControlCall &call) {
  if (uint32_t count = static_cast<uint32_t>(call.operand(0).size()))
    return makeRun(call, count);
  if (call.op.resultCount)
    call.frame->slots[call.op.resultSlot] = Value::list({});
  call.engine.freeOperands(call.frame, call.op);
  return nullptr;
}

static Progress startAll(const ControlCall &call, ParallelRun *run) {
  if (!run)
    return Progress::Settled;
  run->count = run->remaining.load(std::memory_order_relaxed);
  if (!run->ofRegions && call.engine.sweepsActivationsOf(call.op.firstRegion))
    return call.engine.startSweeping(call.worker, *run);
  return call.engine.startFeeding(call.worker, *run, run->count);
}

Progress controlops::core_map(const ControlCall &call) {
  ParallelRun *run = listRun(call);
  if (!run)
    return Progress::Settled;
  uint32_t count = run->remaining.load(std::memory_order_relaxed);
  stopEarly(call, *run, count, call.isSet(attrRow<OpCode::core_map>("majority")),
            call.attribute(attrRow<OpCode::core_map>("take")));
  if (AttrId window = call.attribute(attrRow<OpCode::core_map>("window")))
    run->asked =
        static_cast<uint32_t>(std::min<int64_t>(UINT32_MAX, call.engine.plan.constants.intAttr(window)));
  return startAll(call, run);
}

Progress controlops::core_race(const ControlCall &call) {
  ParallelRun *run = makeRun(call, call.op.regionCount);
  run->ofRegions = true;
  stopEarly(call, *run, call.op.regionCount, call.isSet(attrRow<OpCode::core_race>("majority")),
            call.attribute(attrRow<OpCode::core_race>("take")));
  return startAll(call, run);
}

/// The elements for which the region yielded that.
template <bool Yielded>
static Value kept(std::span<const Value> items, std::span<const Value> keep, const Limits &) {
  std::vector<Value> list;
  for (size_t i = 0; i < items.size(); ++i)
    if (keep[i].asBool() == Yielded)
      list.push_back(items[i]);
  return Value::list(list);
}

template <bool Descending>
static Value sorted(std::span<const Value> items, std::span<const Value> keys, const Limits &limits) {
  std::vector<uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    if (limits.isStopped()) // all compare equal then, which ends the sort soon
      return false;
    return Descending ? sortsBeforeDescending(keys[a], keys[b]) : sortsBefore(keys[a], keys[b]);
  });
  std::vector<Value> list;
  list.reserve(items.size());
  for (uint32_t i : order)
    list.push_back(items[i]);
  return Value::list(list);
}

Progress controlops::core_filter(const ControlCall &call) {
  ParallelRun *run = listRun(call);
  if (run)
    run->gather = kept<true>;
  return startAll(call, run);
}

Progress controlops::core_partition(const ControlCall &call) {
  ParallelRun *run = listRun(call);
  if (run) {
    run->gather = kept<true>;
    run->gatherSecond = kept<false>;
  } else {
    call.frame->slots[call.op.resultSlot + 1] = Value::list({});
  }
  return startAll(call, run);
}

Progress controlops::core_sort_by(const ControlCall &call) {
  ParallelRun *run = listRun(call);
  if (run)
    run->gather = call.isSet(attrRow<OpCode::core_sort_by>("descending")) ? sorted<true> : sorted<false>;
  return startAll(call, run);
}

Progress controlops::core_group_by(const ControlCall &call) {
  ParallelRun *run = listRun(call);
  if (run)
    run->gather = groupsOf;
  else
    call.frame->slots[call.op.resultSlot] = Value::dict({});
  return startAll(call, run);
}

Frame *ParallelRun::activate(Engine &engine, Worker &w, uint32_t i) {
  Frame *frame =
      engine.makeActivation(w, *this, op->firstRegion + (ofRegions ? i : 0), i, (count - 1 - i) / window);
  if (!ofRegions)
    frame->slots[0] = engine.operandOf(parent, *op, 0).items()[i];
  return frame;
}

/// What comes of an activation that has ended; false if it did not succeed. `yielded` is room for its values.
bool ParallelRun::take(Engine &engine, Frame *activation, std::vector<Value> &yielded) {
  if (FailureRecord *record = takeFailure(activation)) {
    record->order = activation->index;
    failed(engine, activation->index, record);
    return false;
  }
  if (activation->incomplete()) {
    incomplete.store(true, std::memory_order_relaxed);
    return false;
  }
  engine.takeResults(activation, yielded);
  succeeded(engine, activation->index, yielded);
  return true;
}

NodeAt ParallelRun::ended(Engine &engine, Worker &w, Frame *activation) {
  std::vector<Value> yielded;
  take(engine, activation, yielded);
  Frame::destroy(activation);
  engine.exitWindow(w, *this);
  return activationsGone(engine, 1);
}

NodeAt ParallelRun::abandonFrom(Engine &engine, Worker &, uint32_t first) {
  return activationsGone(engine, count - first);
}

/// Whether enough can still succeed after one more failure.
bool ParallelRun::mayStillWin() {
  if (vote)
    return vote->failed() != EarlyVote::Outcome::Hopeless;
  return failures.fetch_add(1, std::memory_order_acq_rel) + 1 + needed <= count;
}

/// If all are needed, the first failure by index decides. If some are enough, failures count until too few
/// can still succeed; activations before the first failure run on, because one may replace it.
void ParallelRun::failed(Engine &engine, uint32_t index, FailureRecord *record) {
  bool forgiven = forgives && isCatchable(record->what.id);
  storeFirst(forgives && !forgiven ? fatal : failure, record);
  engine.stop(firstFailed, index);
  // Nothing takes the place of one that has won before.
  const bool isChosen = !chosen.empty() && chosen[index];
  if (forgiven && !isChosen && mayStillWin())
    return;
  Verdict open = Verdict::Open;
  verdict.compare_exchange_strong(open, Verdict::Lost, std::memory_order_acq_rel);
  if (!forgives && engine.goesOn(parent)) [[unlikely]]
    return;
  engine.stop(stopFrom, firstFailed.load(std::memory_order_acquire) + 1);
  if (forgives) // otherwise it was cancelled when the operation itself failed
    engine.reconsider();
}

/// The size of the results is counted as they arrive, so that a list that is too large is not gathered first.
bool ParallelRun::keepResult(Engine &engine, uint32_t index, Value result) {
  // Keys to sort or filter by are not part of the value.
  const uint64_t size = gather ? 0 : result.byteSize();
  if (gathered.fetch_add(size, std::memory_order_relaxed) + size <= engine.mostValueBytes()) {
    results[index] = std::move(result);
    return true;
  }
  FailureRecord *record = engine.makeRecord(*op, engine.tooLarge(*op));
  if (!refused.exchange(true, std::memory_order_acq_rel) && !forgives && engine.goesOn(parent))
    engine.keepFailure(parent, record->what);
  record->order = index;
  failed(engine, index, record);
  engine.reconsider();
  return false;
}

void ParallelRun::succeeded(Engine &engine, uint32_t index, std::span<Value> yielded) {
  if (!chosen.empty() && !chosen[index])
    return;
  uint32_t nth = needed ? successes.fetch_add(1, std::memory_order_acq_rel) : 0;
  if (needed && nth >= needed)
    return; // others were first
  if (!yielded.empty() && !keepResult(engine, index, std::move(yielded[0])))
    return;
  if (won.empty())
    return;
  won[index] = true;
  bool isOver =
      vote ? vote->answered(index, results[index]) == EarlyVote::Outcome::Decided : nth + 1 == needed;
  if (!isOver)
    return;
  Verdict open = Verdict::Open;
  if (verdict.compare_exchange_strong(open, Verdict::Won, std::memory_order_acq_rel)) {
    engine.stop(stopFrom, 0);
    engine.reconsider();
  }
}

/// Where an operation is executed.
static RequestPlace placeIn(const Engine &engine, Frame *frame, uint32_t node) {
  return engine.placeOf({frame, node});
}

void ParallelRun::chooseAgain(const ControlCall &call) {
  const auto op = static_cast<uint32_t>(&call.op - call.engine.plan.ops.data());
  const auto choice = call.engine.outside().choiceOf(placeIn(call.engine, call.frame, call.node), op);
  if (!choice || choice->empty())
    return;
  std::vector<uint8_t> again(won.size());
  for (uint32_t index : *choice) {
    if (index >= again.size() || again[index])
      return;
    again[index] = true;
  }
  needed = static_cast<uint32_t>(choice->size());
  chosen = std::move(again);
}

/// Tells the world what has won, before anything follows from it.
void ParallelRun::keepChoice(Engine &engine) const {
  if (!engine.outside().keepsChoices() || !chosen.empty())
    return;
  std::vector<uint32_t> indices;
  for (uint32_t i = 0; i < won.size(); ++i)
    if (won[i])
      indices.push_back(i);
  engine.outside().chosen(placeIn(engine, parent, node), static_cast<uint32_t>(op - engine.plan.ops.data()),
                          indices);
}

NodeAt ParallelRun::activationsGone(Engine &engine, uint32_t many) {
  if (remaining.fetch_sub(many, std::memory_order_acq_rel) != many)
    return {};
  return finish(engine);
}

NodeAt ParallelRun::finish(Engine &engine) {
  Verdict last = verdict.load(std::memory_order_acquire);
  FailureRecord *record = nullptr;
  // A rejected result may have been one of those that have won meanwhile.
  if (last == Verdict::Lost || refused.load(std::memory_order_acquire) || (vote && last == Verdict::Open)) {
    record = fatal.exchange(nullptr, std::memory_order_acq_rel);
    if (!record)
      record = failure.exchange(nullptr, std::memory_order_acq_rel);
  }
  if (record)
    engine.failFrom(parent, *op, record);
  else if (last == Verdict::Won || (won.empty() && !incomplete.load(std::memory_order_relaxed))) {
    if (last == Verdict::Won)
      keepChoice(engine);
    deliver(engine);
  } else
    engine.skipFrom(parent, *op);
  return engine.end(*this);
}

void ParallelRun::deliver(Engine &engine) {
  if (!op->resultCount)
    return;
  if (gather) {
    const Value list = engine.operandOf(parent, *op, 0);
    engine.returnValue(parent, *op, 0, gather(list.items(), results, engine.options.limits));
    if (gatherSecond)
      engine.returnValue(parent, *op, 1, gatherSecond(list.items(), results, engine.options.limits));
    return;
  }
  std::vector<Value> list;
  for (size_t i = 0; i < won.size(); ++i)
    if (won[i])
      list.push_back(std::move(results[i]));
  engine.returnList(parent, *op, 0, won.empty() ? results : list);
}
