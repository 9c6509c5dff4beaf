#include "World/JournaledWorld.h"
#include "World/SecretSearch.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

using Kind = JournalRow::Kind;

JournalRow JournaledWorld::rowOf(const PlanOp &op, const JournalName &name, Kind kind) const {
  JournalRow row;
  row.kind = kind;
  row.isOnce = isOnce(op);
  row.key = name.key;
  row.request = name.request;
  row.op = xcs::rowOf(op.code).name;
  row.at = name.at;
  return row;
}

void JournaledWorld::append(JournalRow row, Journal::Kept kept) {
  if (!use.isDry)
    journal->append(std::move(row), std::move(kept));
  else if (kept)
    kept(std::nullopt);
}

Kind JournaledWorld::kindOf(const WorldOutcome &outcome) const {
  switch (outcome.kind) {
  case WorldOutcome::Kind::Done:
    return Kind::Done;
  case WorldOutcome::Kind::Cancelled:
    return !client.isEnding() && client.isCaught(outcome.ticket) ? Kind::Lost : Kind::Dropped;
  case WorldOutcome::Kind::Failed:
    break;
  }
  const FailureClass failure = xcs::rowOf(outcome.error.id).failure;
  if (isCatchable(failure) && client.isCaught(outcome.ticket))
    return Kind::Caught;
  const bool isDone = outcome.hasHappened && isOnce(plan.ops[outcome.op]);
  return failure == FailureClass::Unknown || isDone ? Kind::Unknown : Kind::Failed;
}

static std::string failureJson(const WorldOutcome &outcome) {
  Value items[] = {Value::str("kind"),     Value::str(rowOf(outcome.error.id).kind),
                   Value::str("message"),  Value::str(outcome.error.message),
                   Value::str("attempt"),  Value::i64(outcome.error.attempt),
                   Value::str("happened"), Value::boolean(outcome.hasHappened)};
  Limits whole;
  whole.set(Limit::ValueBytes, UINT32_MAX);
  std::string out;
  OpError error;
  appendJson(out, Value::object(items), JsonLayout::Line, whole, error);
  return out;
}

/// The JSON of what came of it. Not usable: it has none, or has a secret in it, which must not be kept.
std::string JournaledWorld::bodyOf(const WorldOutcome &outcome, TypeId type, bool &isUsable) const {
  std::string out;
  isUsable = true;
  if (outcome.kind == WorldOutcome::Kind::Cancelled)
    return out;
  if (outcome.kind == WorldOutcome::Kind::Failed) {
    out = failureJson(outcome);
  } else {
    Value json;
    OpError error;
    Limits whole = limits;
    whole.set(Limit::ValueBytes, UINT32_MAX);
    isUsable = jsonFromValue(outcome.value, plan.constants, type, whole, json, error) &&
               appendJson(out, json, JsonLayout::Line, whole, error);
  }
  isUsable = isUsable && (searched.empty() || !holdsSecret(out, searched));
  return isUsable ? out : std::string();
}

/// Appends the row of an outcome.
void JournaledWorld::keep(const WorldOutcome &outcome) {
  Begun begun;
  {
    MutexLock lock(mutex);
    auto entry = inFlight.extract(keyOf(outcome.ticket));
    if (entry.empty())
      return;
    begun = std::move(entry.mapped());
  }
  const PlanOp &op = plan.ops[outcome.op];
  // One that was refused or cancelled before it began was not.
  counts->carriedOut.fetch_add(outcome.kind == WorldOutcome::Kind::Done || outcome.start != 0,
                               std::memory_order_relaxed);
  JournalRow row = rowOf(op, begun.name, kindOf(outcome));
  bool isUsable = true;
  row.body = bodyOf(outcome, begun.type, isUsable);
  if (!isUsable) // a write has happened, and its result cannot be kept; anything else is asked again
    row.kind = row.isOnce ? Kind::Unknown : Kind::Dropped;
  if (row.kind == Kind::Done || row.kind == Kind::Caught)
    noteAnswer(outcome.ticket, row);
  if (!row.isOnce || row.kind == Kind::Failed || row.kind == Kind::Dropped)
    return append(std::move(row));
  append(std::move(row), [counts = counts, at = row.at](const std::optional<JournalError> &problem) {
    if (!problem)
      return;
    MutexLock lock(counts->mutex);
    counts->unkept.push_back(at);
  });
}

/// An answer within races, of which it is not known yet whether they will do without it.
void JournaledWorld::noteAnswer(Ticket ticket, const JournalRow &row) {
  if (!hasRaces)
    return;
  RequestPlace around;
  for (const RequestPlace::Step &step : client.placeOf(ticket).steps) {
    if (forgives(plan, step.op)) {
      JournalRow lost = row;
      lost.kind = Kind::Lost;
      lost.body.clear();
      MutexLock lock(mutex);
      undecided[chosenKey(around, step.op)].emplace_back(step.index, std::move(lost));
    }
    around.steps.push_back(step);
  }
}
