#include "Runtime/Repetition.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/RowAttrs.h"
#include <algorithm>

using namespace xcs;

/// The handler of a control operation, in the order of the rows.
static ControlHandler handlerOf(OpCode code) {
  static constexpr ControlHandler handlers[] = {
#define XCS_PURE_OP(...) nullptr,
#define XCS_WORLD_OP(...) nullptr,
#define XCS_TERMINATOR_OP(...) nullptr,
#define XCS_CONTROL_OP(id, ...) controlops::id,
#include "xcs/Ops/Ops.def"
  };
  static_assert(std::size(handlers) == opCodeCount);
  return handlers[static_cast<size_t>(code)];
}

/// What every frame gets.
void Engine::prepareFrame(Frame *frame) {
  const PlanRegion &from = *frame->region->plan;
  frame->engine = this;
  for (uint32_t c = from.firstConstant; c < from.firstConstant + from.constantCount; ++c)
    frame->slots[plan.constantSlots[c].slot] = program.constants[c];
}

/// What a region reads of the frame around it.
void Engine::captureInto(Frame *frame) {
  const PlanRegion &from = *frame->region->plan;
  for (uint32_t i = 0; i < from.captureCount; ++i)
    frame->slots[from.argumentCount + i] = frame->parent->slots[plan.captures[from.firstCapture + i]];
}

void Engine::countFrame() {
  uint64_t live = liveFrames.fetch_add(1, std::memory_order_relaxed) + 1;
  uint64_t most = mostFrames.load(std::memory_order_relaxed);
  while (live > most && !mostFrames.compare_exchange_weak(most, live, std::memory_order_relaxed)) {
  }
}

Frame *Engine::makeFrame(Worker &w, uint32_t region, Frame *parent, uint32_t node, const PlanOp *op) {
  const PreparedRegion &prepared = program.formOf(region, options.trace);
  Frame *frame = Frame::create(prepared, !sweepsAtOnce(prepared));
  frame->parent = parent;
  frame->parentNode = node;
  frame->parentOp = op;
  frame->recursion =
      parent->recursion + (op->code == OpCode::core_call && plan.functions[op->target].isRecursive);
  frame->pathAfter = parent->pathAfter + static_cast<double>(parent->region->pathAfter[node]);
  captureInto(frame);
  prepareFrame(frame);
  countFrame();
  ++stateOf(w).stats.frames;
  return frame;
}

Progress Engine::runControl(Worker &w, Frame *frame, uint32_t node, const PlanOp &op) {
  if (!mayStart(frame, op)) {
    skipFrom(frame, op);
    return Progress::Settled;
  }
  RunStats &stats = stateOf(w).stats;
  ++stats.dispatches;
  ++stats.operations;
  return handlerOf(op.code)({*this, w, frame, node, op});
}

bool ControlCall::isSet(size_t row) const {
  const ConstantView &constants = engine.plan.constants;
  AttrId given = attribute(row);
  return given && (constants.attr(given).kind == AttrKind::Unit || constants.boolAttr(given));
}

Progress controlops::core_fail(const ControlCall &call) {
  call.engine.fail(call.frame, call.op, {Diag::Failed, std::string(call.operand(0).text())});
  call.engine.freeOperands(call.frame, call.op);
  return Progress::Settled;
}

Progress controlops::core_assert(const ControlCall &call) {
  if (!call.operand(0).asBool()) {
    AttrId message = call.attribute(attrRow<OpCode::core_assert>("message"));
    call.engine.fail(call.frame, call.op,
                     {Diag::AssertionFailed, message
                                                 ? std::string(call.engine.plan.constants.textAttr(message))
                                                 : "the assertion does not hold"});
  }
  call.engine.freeOperands(call.frame, call.op);
  return Progress::Settled;
}

/// Enters a region of an operation, which has then read its operands: a value that only the region needs can
/// change in place there, and is freed at its last use. A region that needs no scheduling finishes
/// immediately; the caller continues, since continuing from here would nest.
Progress Engine::enter(Worker &w, Frame *parent, uint32_t node, const PlanOp &op, uint32_t region,
                       std::vector<Value> arguments) {
  Frame *frame = makeFrame(w, region, parent, node, &op);
  parent->inner.fetch_add(2, std::memory_order_acq_rel);
  std::move(arguments.begin(), arguments.end(), frame->slots);
  freeOperands(parent, op);
  if (sweepWhole(w, frame)) {
    finishFrame(w, frame);
    return Progress::Settled;
  }
  begin(w, frame);
  return Progress::Pending;
}

/// Enters the region selected by the first operand, for an operation that runs one of several.
static Progress enterTaken(const ControlCall &call) {
  const PlanOp &op = call.op;
  const size_t taken =
      regionForm(op.code)->taken(call.engine.plan.constants, op.dict, op.regionCount, call.operand(0));
  if (taken == op.regionCount) {
    call.engine.freeOperands(call.frame, op);
    return Progress::Settled;
  }
  return call.engine.enter(call.worker, call.frame, call.node, op,
                           op.firstRegion + static_cast<uint32_t>(taken), {});
}

Progress controlops::core_if(const ControlCall &call) { return enterTaken(call); }

Progress controlops::core_switch(const ControlCall &call) { return enterTaken(call); }

Progress controlops::core_try(const ControlCall &call) {
  return call.engine.enter(call.worker, call.frame, call.node, call.op, call.op.firstRegion, {});
}

/// Whether a recursive function may be entered once more; reports it if not. The depth bounds the memory of a
/// chain of calls, the number of calls that of a tree, and the time of both.
bool Engine::mayRecurse(Frame *frame, const PlanOp &op, const PlanFunction &callee) {
  bool deep = frame->recursion >= options.limits[Limit::CallDepth];
  bool many = !deep &&
              recursiveCalls.fetch_add(1, std::memory_order_relaxed) >= options.limits[Limit::RecursiveCalls];
  if (!deep && !many)
    return true;
  Limit limit = deep ? Limit::CallDepth : Limit::RecursiveCalls;
  std::string what;
  if (deep)
    what = "the recursion of `@" + std::string(plan.constants.text(callee.symbol)) + "`";
  fail(frame, op, {Diag::LimitExceeded, limitError(limit, options.limits[limit], what).message()});
  return false;
}

Progress controlops::core_call(const ControlCall &call) {
  const PlanView &plan = call.engine.plan;
  const PlanFunction &callee = plan.functions[call.op.target];
  if (callee.isRecursive && !call.engine.mayRecurse(call.frame, call.op, callee)) {
    call.engine.freeOperands(call.frame, call.op);
    return Progress::Settled;
  }
  std::vector<Value> arguments;
  for (uint32_t slot : plan.operandsOf(call.op))
    arguments.push_back(call.frame->slots[slot]);
  return call.engine.enter(call.worker, call.frame, call.node, call.op, callee.region, std::move(arguments));
}

Value Engine::takeOperand(Frame *frame, const PlanOp &op, uint32_t i) const {
  const uint32_t slot = plan.operands[op.firstOperand + i];
  Value &value = frame->slots[slot];
  return frame->uses[slot].load(std::memory_order_acquire) == 1 ? std::move(value) : value;
}

Frame *Engine::makeActivation(Worker &w, Repetition &run, uint32_t region, uint32_t index,
                              uint64_t following) {
  Frame *frame = makeFrame(w, region, run.parent, run.node, run.op);
  if (!(run.parent->inner.load(std::memory_order_relaxed) & 1))
    run.parent->inner.fetch_or(1, std::memory_order_acq_rel);
  frame->run = &run;
  frame->index = index;
  frame->pathAfter += static_cast<double>(following) * frame->region->path;
  return frame;
}

std::vector<Value> Engine::takeResults(Frame *frame) {
  std::vector<Value> out;
  takeResults(frame, out);
  return out;
}

void Engine::takeResults(Frame *frame, std::vector<Value> &out) {
  const PlanRegion &region = *frame->region->plan;
  out.clear();
  out.reserve(region.resultCount);
  for (uint32_t slot : plan.operands.subspan(region.firstResult, region.resultCount)) {
    Value &value = frame->slots[slot];
    out.push_back(frame->region->slots[slot].uses == 1 ? std::move(value) : value);
  }
}

/// Sets a result to a list; the operation fails if the list exceeds the size of a value.
void Engine::returnList(Frame *frame, const PlanOp &op, uint32_t result, std::vector<Value> &items) {
  returnValue(frame, op, result, Value::list(items));
}

void Engine::returnValue(Frame *frame, const PlanOp &op, uint32_t result, Value value) {
  if (value.byteSize() <= mostValueBytes())
    frame->slots[op.resultSlot + result] = std::move(value);
  else
    fail(frame, op, tooLarge(op));
}

uint64_t Engine::mostValueBytes() const {
  return std::min<uint64_t>(options.limits[Limit::ValueBytes], UINT32_MAX);
}

OpError Engine::tooLarge(const PlanOp &op) const {
  const std::string what = "a value made by `" + std::string(rowOf(op.code).name) + "`";
  return {Diag::LimitExceeded, limitError(Limit::ValueBytes, mostValueBytes(), what).message()};
}

NodeAt Engine::end(Repetition &run) {
  NodeAt at{run.parent, run.node};
  freeOperands(run.parent, *run.op);
  delete &run;
  return at;
}

/// What a `try` makes of a failure in its region; nothing if it does not catch it. A refusal that is caught
/// says no more than that: not which grant is missing, not what a path leads to, not whether it exists. One
/// that came out of a call was not written in this region.
std::optional<Value> Engine::caught(const PlanOp &op, const RunFailure &failure) const {
  std::string_view name = failure.op == UINT32_MAX ? "" : rowOf(plan.ops[failure.op].code).name;
  // What a recording says was cancelled has no answer: only a race, or a map that can do without, forgives
  // that.
  if (failure.id == Diag::ReplayCancelled)
    return std::nullopt;
  if (isCatchable(failure.id))
    return Value::error(rowOf(failure.id).kind, failure.message, name, failure.attempt);
  if (!isMissingGrant(failure.id) || !failure.calls.empty() ||
      !flagAttr(plan.constants, op.dict, Attribute::refused))
    return std::nullopt;
  const DiagnosticRow &row = rowOf(Diag::Refused);
  return Value::error(row.kind, formatMessage(row.text, {&name, 1}), name, 1);
}

/// All nodes of a frame have settled: passes its results, or its failure, to its operation, which has then
/// settled too.
NodeAt Engine::finishFrame(Worker &w, Frame *frame) {
  if (!frame->parent)
    return finishRoot(w, frame);
  liveFrames.fetch_sub(1, std::memory_order_relaxed);
  if (frame->run)
    return frame->run->ended(*this, w, frame);
  Frame *parent = frame->parent;
  const PlanOp &op = *frame->parentOp;
  NodeAt at{parent, frame->parentNode};
  parent->inner.fetch_sub(2, std::memory_order_acq_rel);
  std::unique_ptr<FailureRecord> failed(takeFailure(frame));
  const bool catches = catchesFailures(op.code);
  std::optional<Value> error = failed && catches ? caught(op, failed->what) : std::nullopt;
  if (error) {
    parent->slots[op.resultSlot] = std::move(*error);
  } else if (failed) {
    failFrom(parent, op, failed.release());
  } else if (frame->incomplete()) {
    skipFrom(parent, op);
  } else {
    std::vector<Value> values = takeResults(frame);
    if (catches)
      parent->slots[op.resultSlot] = Value::ok(values.empty() ? Value::none() : std::move(values[0]));
    else
      std::move(values.begin(), values.end(), parent->slots + op.resultSlot);
  }
  Frame::destroy(frame);
  return at;
}
