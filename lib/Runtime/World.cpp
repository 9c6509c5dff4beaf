#include "Runtime/Repetition.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

using namespace xcs;

/// The engine's side of the interface: submits operations of the world and settles their nodes.

/// An operation whose row costs less than this takes negligible time: it is submitted immediately, not
/// together with others of the same turn.
static constexpr uint32_t promptNanoseconds = 20'000;

/// So many requests of one turn are submitted while the worker continues to make others: what waits begins
/// meanwhile.
static constexpr size_t requestsAtOnce = 1024;

static Frame *frameOf(Ticket ticket) { return static_cast<Frame *>(ticket.activation); }

bool Engine::wanted(Ticket ticket) const {
  const Frame *frame = frameOf(ticket);
  return frame->wanted(plan.ops[frame->region->nodes[ticket.node].firstOp].order);
}

RequestPlace Engine::placeOf(Ticket ticket) const {
  RequestPlace place;
  for (const Frame *f = frameOf(ticket); f->parent; f = f->parent)
    if (f->run || f->parentOp->code == OpCode::core_call)
      place.steps.push_back(
          {static_cast<uint32_t>(f->parentOp - plan.ops.data()), f->run ? f->index : UINT32_MAX});
  std::reverse(place.steps.begin(), place.steps.end());
  return place;
}

bool Engine::isCaught(Ticket ticket) const { return isCaughtAround(frameOf(ticket)); }

/// Asks for the operation; those of one turn are asked for together, or in a few goes where they are many.
Progress Engine::runWorld(Worker &w, Frame *frame, uint32_t node, uint32_t index) {
  const PlanOp &op = plan.ops[index];
  if (!mayStart(frame, op)) {
    // Pure operations check only their own frame.
    skipFrom(frame, op);
    return Progress::Settled;
  }
  WorkerState &own = stateOf(w);
  ++own.stats.dispatches;
  ++own.stats.operations;
  ++own.stats.worldOperations;
  WorldRequest request;
  request.ticket = {frame, node};
  request.op = index;
  request.region = static_cast<uint32_t>(frame->region->plan - plan.regions.data());
  request.priority = frame->pathAfter + static_cast<double>(frame->region->nodes[node].priority);
  request.nextPriority = frame->pathAfter + static_cast<double>(frame->region->nextPriority[node]);
  request.operands.reserve(op.operandCount);
  for (uint32_t slot : plan.operandsOf(op))
    request.operands.push_back(frame->slots[slot]);
  request.wantsIdentity = options.trace;
  freeOperands(frame, op);
  if (rowOf(op.code).costNanoseconds > promptNanoseconds) {
    own.requests.push_back(std::move(request));
    if (own.requests.size() == requestsAtOnce)
      flushWorld(w);
    return Progress::Pending;
  }
  world->submit({&request, 1}, own.atOnce);
  if (own.atOnce.empty())
    return Progress::Pending;
  deliver(w, own.atOnce.front(), false);
  own.atOnce.clear();
  return Progress::Settled;
}

void Engine::flushWorld(Worker &w) {
  WorkerState &own = stateOf(w);
  if (own.requests.empty())
    return;
  world->submit(own.requests, own.atOnce);
  own.requests.clear();
  for (WorldOutcome &outcome : own.atOnce) {
    deliver(w, outcome, false);
    w.push(makeTask(TaskKind::Node, outcome.ticket.activation, outcome.ticket.node | settledBit));
  }
  own.atOnce.clear();
}

/// The worker has nothing left to do: everything made ready by the outcomes it processed has been submitted.
void Engine::reportSettled(Worker &w, bool atLast) {
  flushWorld(w);
  std::vector<uint64_t> &settled = stateOf(w).settled;
  if (settled.empty() || (!w.empty() && !atLast))
    return;
  world->settled(settled);
  settled.clear();
}

void Engine::finished(std::vector<WorldOutcome> outcomes) {
  auto *batch = new OutcomeBatch(*this, std::move(outcomes));
  std::vector<Task> tasks;
  tasks.reserve(batch->outcomes.size());
  for (uint32_t i = 0; i < batch->outcomes.size(); ++i)
    tasks.push_back(makeTask(TaskKind::Finished, batch, i));
  pool.inject(tasks);
}

void Engine::worldFinished(Worker &w, OutcomeBatch *batch, uint32_t index) {
  WorldOutcome &outcome = batch->outcomes[index];
  Ticket ticket = outcome.ticket;
  deliver(w, outcome, true);
  if (batch->left.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete batch;
  proceed(w, settle(w, frameOf(ticket), ticket.node));
}

/// Processes an outcome: its result or failure, and its contribution to the report.
void Engine::deliver(Worker &w, WorldOutcome &outcome, bool waited) {
  Frame *frame = frameOf(outcome.ticket);
  const PlanOp &op = plan.ops[outcome.op];
  WorkerState &own = stateOf(w);
  if (outcome.settleToken)
    own.settled.push_back(outcome.settleToken);
  if (outcome.usage) {
    own.stats.world += *outcome.usage;
    if (outcome.usage->models.calls || outcome.usage->models.savedCalls)
      own.usage[outcome.op] += outcome.usage->models;
  }
  bool ok = outcome.kind == WorldOutcome::Kind::Done;
  if (options.trace && outcome.start)
    record(w, {outcome.op, 1, outcome.start, outcome.end, 0, 0, waited, ok, std::move(outcome.identity)},
           frame);
  if (outcome.hasHappened || (ok && isWrite(op.effect)))
    wrote(frame, op);
  switch (outcome.kind) {
  case WorldOutcome::Kind::Done:
    frame->slots[op.resultSlot] = std::move(outcome.value);
    return;
  case WorldOutcome::Kind::Failed:
    own.stats.refused += rowOf(outcome.error.id).failure == FailureClass::Refused;
    fail(frame, op, std::move(outcome.error));
    return;
  case WorldOutcome::Kind::Cancelled:
    skipFrom(frame, op);
    return;
  }
}
