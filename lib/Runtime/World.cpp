#include "Runtime/Engine.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

using namespace xcs;

/// The engine's side of the interface: submits operations of the world and settles their nodes.

/// Outcomes delivered together; each is a separate task. Freed with the last of them.
struct xcs::OutcomeBatch {
  explicit OutcomeBatch(std::vector<WorldOutcome> given)
      : outcomes(std::move(given)), left(outcomes.size()) {}

  std::vector<WorldOutcome> outcomes;
  std::atomic<size_t> left;
};

/// An operation whose row costs less than this takes negligible time: it is submitted immediately, not
/// together with others of the same turn.
static constexpr uint32_t promptNanoseconds = 20'000;

static Frame *frameOf(Ticket ticket) { return static_cast<Frame *>(ticket.activation); }

bool Executor::Impl::wanted(Ticket ticket) const {
  const Frame *frame = frameOf(ticket);
  return frame->wanted(plan.ops[frame->region->nodes[ticket.node].firstOp].order);
}

RequestPlace Executor::Impl::placeOf(Ticket ticket) const {
  RequestPlace place;
  for (const Frame *f = frameOf(ticket); f->parent; f = f->parent)
    if (f->run || f->parentOp->code == OpCode::core_call)
      place.steps.push_back(
          {static_cast<uint32_t>(f->parentOp - plan.ops.data()), f->run ? f->index : UINT32_MAX});
  std::reverse(place.steps.begin(), place.steps.end());
  return place;
}

/// Submits the operation, together with others of the same turn.
Progress Executor::Impl::runWorld(Worker &w, Frame *frame, uint32_t node, uint32_t index) {
  const PlanOp &op = plan.ops[index];
  if (!frame->wanted(op.order)) {
    // Pure operations check only their own frame.
    skipFrom(frame, op);
    return Progress::Settled;
  }
  ++w.stats.dispatches;
  ++w.stats.operations;
  ++w.stats.worldOperations;
  WorldRequest request;
  request.ticket = {frame, node};
  request.op = index;
  request.region = static_cast<uint32_t>(frame->region->plan - plan.regions.data());
  request.priority = static_cast<double>(frame->region->nodes[node].priority);
  request.nextPriority = static_cast<double>(frame->region->nextPriority[node]);
  request.operands.reserve(op.operandCount);
  for (uint32_t slot : plan.operandsOf(op))
    request.operands.push_back(frame->slots[slot]);
  request.wantsIdentity = options.trace;
  freeOperands(frame, op);
  if (rowOf(op.code).costNanoseconds > promptNanoseconds) {
    outgoing[w.index].requests.push_back(std::move(request));
    return Progress::Pending;
  }
  std::vector<WorldOutcome> &atOnce = outgoing[w.index].atOnce;
  world->submit({&request, 1}, atOnce);
  if (atOnce.empty())
    return Progress::Pending;
  deliver(w, atOnce.front(), false);
  atOnce.clear();
  return Progress::Settled;
}

void Executor::Impl::flushWorld(Worker &w) {
  Outgoing &out = outgoing[w.index];
  if (out.requests.empty())
    return;
  world->submit(out.requests, out.atOnce);
  out.requests.clear();
  for (WorldOutcome &outcome : out.atOnce) {
    deliver(w, outcome, false);
    w.push({outcome.ticket.activation, outcome.ticket.node | settledBit, Task::Kind::Node});
  }
  out.atOnce.clear();
}

/// The worker has nothing left to do: everything made ready by the outcomes it processed has been submitted.
void Executor::Impl::reportSettled(Worker &w) {
  flushWorld(w);
  std::vector<uint64_t> &settled = outgoing[w.index].settled;
  if (settled.empty() || !w.empty())
    return;
  world->settled(settled);
  settled.clear();
}

void Executor::Impl::finished(std::vector<WorldOutcome> outcomes) {
  auto *batch = new OutcomeBatch(std::move(outcomes));
  std::vector<Task> tasks;
  tasks.reserve(batch->outcomes.size());
  for (uint32_t i = 0; i < batch->outcomes.size(); ++i)
    tasks.push_back({batch, i, Task::Kind::Finished});
  pool.inject(tasks);
}

void Executor::Impl::worldFinished(Worker &w, OutcomeBatch *batch, uint32_t index) {
  WorldOutcome &outcome = batch->outcomes[index];
  Ticket ticket = outcome.ticket;
  deliver(w, outcome, true);
  if (batch->left.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete batch;
  proceed(w, settle(w, frameOf(ticket), ticket.node));
}

/// Processes an outcome: its result or failure, and its contribution to the report.
void Executor::Impl::deliver(Worker &w, WorldOutcome &outcome, bool waited) {
  Frame *frame = frameOf(outcome.ticket);
  const PlanOp &op = plan.ops[outcome.op];
  if (outcome.settleToken)
    outgoing[w.index].settled.push_back(outcome.settleToken);
  w.stats.world += outcome.usage;
  if (outcome.usage.models.calls)
    w.usage[outcome.op] += outcome.usage.models;
  bool ok = outcome.kind == WorldOutcome::Kind::Done;
  if (options.trace && outcome.start)
    record(w, {outcome.op, 1, outcome.start, outcome.end, 0, 0, waited, ok, std::move(outcome.identity)},
           frame);
  switch (outcome.kind) {
  case WorldOutcome::Kind::Done:
    if (isWrite(op.effect))
      wrote(frame, op);
    frame->slots[op.resultSlot] = std::move(outcome.value);
    return;
  case WorldOutcome::Kind::Failed:
    fail(frame, op, std::move(outcome.error));
    return;
  case WorldOutcome::Kind::Cancelled:
    skipFrom(frame, op);
    return;
  }
}
