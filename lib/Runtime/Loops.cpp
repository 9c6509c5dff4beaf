#include "Runtime/Repetition.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Support/Counted.h"
#include <algorithm>

using namespace xcs;

// `for`, `while`, `scan` and `reduce` in order: the worker that ends an iteration starts the next one as a
// task, so that loops neither nest calls nor block a worker.

/// Over the elements of the first operand; the others are passed in.
static std::unique_ptr<LoopRun> listLoop(const ControlCall &call) {
  auto loop = std::make_unique<LoopRun>(call);
  loop->most = call.operand(0).size();
  loop->carriedSlot = 1;
  for (uint32_t i = 1; i < call.op.operandCount; ++i)
    loop->carried.push_back(call.engine.takeOperand(call.frame, call.op, i));
  return loop;
}

Progress controlops::core_for(const ControlCall &call) {
  return listLoop(call).release()->start(call.engine, call.worker);
}

Progress controlops::core_scan(const ControlCall &call) {
  std::unique_ptr<LoopRun> loop = listLoop(call);
  loop->columns.resize(call.op.resultCount);
  loop->columnBytes.resize(call.op.resultCount);
  return loop.release()->start(call.engine, call.worker);
}

Progress xcs::reduceInOrder(const ControlCall &call) {
  std::unique_ptr<LoopRun> loop = listLoop(call);
  // The accumulated value is on the left, as in a tree.
  loop->carriedSlot = 0;
  loop->elementSlot = 1;
  return loop.release()->start(call.engine, call.worker);
}

Progress controlops::core_while(const ControlCall &call) {
  const ConstantView &constants = call.engine.plan.constants;
  auto *loop = new LoopRun(call);
  loop->decides = true;
  loop->most =
      static_cast<uint64_t>(constants.intAttr(call.attribute(attrRow<OpCode::core_while>("max_trips"))));
  AttrId atBound = call.attribute(attrRow<OpCode::core_while>("at_bound"));
  loop->endsAtBound = atBound && constants.textAttr(atBound) == "yield";
  for (uint32_t i = 0; i < call.op.operandCount; ++i)
    loop->carried.push_back(call.engine.takeOperand(call.frame, call.op, i));
  return loop->start(call.engine, call.worker);
}

Progress LoopRun::start(Engine &engine, Worker &w) {
  if (most == 0) {
    deliver(engine);
    engine.end(*this);
    return Progress::Settled;
  }
  startTrip(engine, w);
  return Progress::Pending;
}

/// Of the current activation. Reports count iterations in 32 bits.
uint32_t LoopRun::number() const { return static_cast<uint32_t>(std::min<uint64_t>(trip, UINT32_MAX - 1)); }

/// The arguments of a trip.
void LoopRun::fill(const Engine &engine, Frame *frame) {
  if (!decides)
    frame->slots[elementSlot] = engine.operandOf(parent, *op, 0).items()[trip];
  std::move(carried.begin(), carried.end(), frame->slots + carriedSlot);
}

void LoopRun::startTrip(Engine &engine, Worker &w) {
  // How often a loop that decides will run is not known: each trip counts as its last.
  Frame *frame = engine.makeActivation(w, *this, op->firstRegion, number(), decides ? 0 : most - 1 - trip);
  fill(engine, frame);
  w.push(makeTask(TaskKind::Begin, frame));
}

NodeAt LoopRun::ended(Engine &engine, Worker &w, Frame *activation) {
  const bool isSwept = engine.sweepsActivationsOf(op->firstRegion);
  while (tripEnded(engine, activation)) {
    if (!isSwept) {
      Frame::destroy(activation);
      startTrip(engine, w);
      return {};
    }
    engine.renewActivation(w, activation, number());
    fill(engine, activation);
    if (!engine.sweepOn(w, activation)) {
      engine.beginRenewed(w, activation);
      return {};
    }
  }
  Frame::destroy(activation);
  return engine.end(*this);
}

/// Takes in what a trip has brought. True if another one follows; otherwise the operation has its results, or
/// has failed, or was skipped.
bool LoopRun::tripEnded(Engine &engine, Frame *activation) {
  if (FailureRecord *failed = takeFailure(activation)) {
    engine.failFrom(parent, *op, failed);
    return false;
  }
  if (activation->incomplete()) {
    engine.skipFrom(parent, *op);
    return false;
  }
  engine.takeResults(activation, yielded);
  const bool goesOn = take();
  auto isTooLarge = [&engine](uint64_t bytes) { return bytes > engine.mostValueBytes(); };
  if (std::any_of(columnBytes.begin(), columnBytes.end(), isTooLarge)) {
    engine.fail(parent, *op, engine.tooLarge(*op)); // before the rest of it is gathered
    return false;
  }
  if (goesOn)
    return mayGoOn(engine);
  deliver(engine);
  return false;
}

/// Whether there may be another trip.
bool LoopRun::mayGoOn(Engine &engine) {
  if (trip < most && parent->wanted(op->order))
    return true;
  if (trip < most) {
    engine.skipFrom(parent, *op);
    return false;
  }
  std::string bound = counted(trip, "trip");
  std::string_view arguments[] = {bound};
  engine.fail(parent, *op, {Diag::TripBound, formatMessage(rowOf(Diag::TripBound).text, arguments)});
  return false;
}

/// Stores what an iteration yielded; returns whether the loop continues, if the iteration decides that.
bool LoopRun::take() {
  ++trip;
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i].push_back(yielded[i]);
    columnBytes[i] += yielded[i].byteSize();
  }
  if (!decides) {
    carried.swap(yielded);
    return trip < most;
  }
  bool goesOn = yielded[0].asBool();
  carried.assign(std::make_move_iterator(yielded.begin() + 1), std::make_move_iterator(yielded.end()));
  return goesOn && !(endsAtBound && trip == most);
}

void LoopRun::deliver(Engine &engine) {
  if (columns.empty())
    std::move(carried.begin(), carried.end(), parent->slots + op->resultSlot);
  for (uint32_t i = 0; i < columns.size(); ++i)
    engine.returnList(parent, *op, i, columns[i]);
}
