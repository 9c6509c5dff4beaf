#include "World/JournaledWorld.h"
#include "World/RequestJson.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

using Kind = JournalRow::Kind;

/// What comes after the last `:` of a name.
static std::string_view ordinalText(std::string_view at) {
  const std::string_view name = at.substr(0, at.rfind('['));
  return name.substr(name.rfind(':') + 1);
}

/// What the journal says of an execution; null if nothing.
const JournalEntry *JournaledWorld::entryOf(const JournalName &name) {
  if (name.request.empty() && !use.isSameRun) {
    const auto read = reads.find(readKeyWithoutSite(name.key));
    return read == reads.end() ? nullptr : read->second;
  }
  const auto &entries = journal->content().entries;
  const auto found = entries.find(name.key);
  const JournalEntry *own = found == entries.end() ? nullptr : &found->second;
  // One that was dropped may have another name in what was done since.
  if (name.request.empty() || (own && own->kind != Kind::Dropped))
    return own;
  const JournalEntry *entry;
  {
    MutexLock lock(mutex);
    const auto [first, last] = renamed.equal_range(name.request);
    if (first == last)
      return own;
    // Of several, the one of the same number among equals.
    auto best = std::find_if(first, last, [&](const auto &other) {
      return ordinalText(other.second->at) == ordinalText(name.at);
    });
    best = best == last ? first : best;
    entry = best->second;
    renamed.erase(best);
  }
  MutexLock lock(counts->mutex);
  counts->renamed.emplace_back(name.at, entry->at);
  return entry;
}

/// The answer that a row has. False if it cannot be used any more.
bool JournaledWorld::answer(const JournalEntry &entry, const WorldRequest &request, const Begun &begun,
                            WorldOutcome &out) {
  const std::optional<std::string> body = journal->body(entry.row);
  Value json;
  OpError error;
  Limits whole = limits;
  whole.set(Limit::JsonBytes, UINT32_MAX);
  whole.set(Limit::ValueBytes, UINT32_MAX); // the run has had it
  if (!body || !parseJson(*body, whole, json, error))
    return false;
  if (entry.kind == Kind::Done)
    return valueFromJson(json, plan.constants, begun.type, whole, out.value, error);
  out.kind = WorldOutcome::Kind::Failed;
  if (json.kind() != ValueKind::Object || json.size() != 8)
    return false;
  const auto items = json.items();
  std::optional<Diag> id = errorOfKind(items[1].kind() == ValueKind::Str ? items[1].text() : "");
  if (!id || items[3].kind() != ValueKind::Str || items[5].kind() != ValueKind::I64 ||
      items[7].kind() != ValueKind::Bool)
    return false;
  out.error = {*id, std::string(items[3].text()), items[5].asI64()};
  out.hasHappened = items[7].asBool() && isWrite(plan.ops[request.op].effect);
  return true;
}

/// What was in doubt is decided: it has a result, or, without a `body`, is carried out. An entry under
/// another name is closed.
void JournaledWorld::settleDoubt(const WorldRequest &request, const Begun &begun, const JournalEntry *entry,
                                 std::string body) {
  const PlanOp &op = plan.ops[request.op];
  if (entry && entry->key != begun.name.key) {
    JournalRow closed = rowOf(op, {entry->key, entry->request, entry->at}, Kind::Dropped);
    append(std::move(closed));
  }
  if (body.empty())
    return;
  JournalRow row = rowOf(op, begun.name, Kind::Done);
  row.body = std::move(body);
  append(std::move(row));
}

/// One of which it is not known whether it has happened.
JournaledWorld::Next JournaledWorld::inDoubt(const WorldRequest &request, const Begun &begun,
                                             const JournalEntry *entry, WorldOutcome &out) {
  if (use.isDry)
    return Next::Begins;
  // The name that the message before the run has given; a renamed one may be named by its new name too.
  const bool isRenamed = entry && entry->at != begun.name.at && !use.rules.mentions(begun.name.at);
  const std::string &at = isRenamed ? entry->at : begun.name.at;
  const std::string name(xcs::rowOf(plan.ops[request.op].code).name);
  OpError error;
  if (const auto given = use.rules.answers.find(at); given != use.rules.answers.end()) {
    if (valueFromJson(given->second, plan.constants, begun.type, limits, out.value, error)) {
      std::string body;
      appendJson(body, given->second, JsonLayout::Line, limits, error);
      settleDoubt(request, begun, entry, std::move(body));
      return Next::Answered;
    }
    out.kind = WorldOutcome::Kind::Failed;
    out.error = errorOf(Diag::DoubtAnswer, {at, error.message});
    return Next::Answered;
  }
  switch (use.rules.ruleOf(at)) {
  case DoubtRules::Rule::Retry:
    settleDoubt(request, begun, entry, {});
    return Next::Begins;
  case DoubtRules::Rule::Skip:
    if (plan.constants.kind(begun.type) == TypeKind::None) {
      settleDoubt(request, begun, entry, "null");
      out.value = Value::none();
      return Next::Answered;
    }
    out.error = errorOf(Diag::DoubtSkip, {at, printType(plan.constants, begun.type)});
    break;
  case DoubtRules::Rule::Fail:
    out.error = errorOf(Diag::DoubtFailed, {name});
    break;
  case DoubtRules::Rule::Stop:
    out.error = errorOf(Diag::InDoubt, {at});
    break;
  }
  out.kind = WorldOutcome::Kind::Failed;
  return Next::Answered;
}

JournaledWorld::Next JournaledWorld::fromEntry(const JournalEntry &entry, WorldRequest &request,
                                               const Begun &begun, WorldOutcome &out) {
  if (entry.isInDoubt())
    return inDoubt(request, begun, &entry, out);
  switch (entry.kind) {
  case Kind::Done:
  case Kind::Caught:
    if (!entry.isDamaged && answer(entry, request, begun, out))
      return Next::Answered;
    out = {};
    return entry.isOnce ? inDoubt(request, begun, &entry, out) : Next::Begins;
  case Kind::Lost:
    return Next::Waits;
  default:
    return Next::Begins;
  }
}

/// Whether others than the region around it won, in an earlier process.
bool JournaledWorld::hasLost(const WorldRequest &request) {
  if (!use.isSameRun || !journal->content().hasChoices)
    return false;
  const RequestPlace place = client.placeOf(request.ticket);
  RequestPlace around;
  for (const RequestPlace::Step &step : place.steps) {
    if (const auto choice = forgives(plan, step.op) ? choiceOf(around, step.op) : std::nullopt;
        choice && std::find(choice->begin(), choice->end(), step.index) == choice->end())
      return true;
    around.steps.push_back(step);
  }
  return false;
}

JournalMeaning JournaledWorld::meaningOf(const JournalEntry *entry, bool isMissing, Next next) const {
  if (next != Next::Begins)
    return next == Next::Answered ? JournalMeaning::Answered : JournalMeaning::Lost;
  if (!entry)
    return isMissing ? JournalMeaning::InDoubt : JournalMeaning::New;
  if (entry->isInDoubt())
    return JournalMeaning::InDoubt;
  return entry->kind == Kind::Failed ? JournalMeaning::Failed : JournalMeaning::Again;
}

/// Finds out what a request is to do; what is answered at once is in `atOnce`.
JournaledWorld::Next JournaledWorld::take(WorldRequest &request, std::vector<WorldOutcome> &atOnce) {
  const PlanOp &op = plan.ops[request.op];
  if (!isJournaled(op.code))
    return Next::Begins;
  Begun begun{journalName(plan, client, request), {}};
  if (op.resultCount)
    begun.type = resultType(plan, request);
  WorldOutcome out;
  const JournalEntry *entry = entryOf(begun.name);
  // It may have happened, although the journal does not have it under this key.
  const bool isMissing =
      isOnce(op) && !entry && (journal->content().mayLackWrites || written.contains(begun.name.at));
  Next next = Next::Begins;
  const bool isLost = hasLost(request);
  if (isLost) {
    next = Next::Answered; // at once: in a serial run the winner comes after it
    out.kind = WorldOutcome::Kind::Cancelled;
  } else if (entry) {
    next = fromEntry(*entry, request, begun, out);
  } else if (isMissing) {
    next = inDoubt(request, begun, nullptr, out);
  }
  if (use.told)
    use.told(request.op, begun.name.at, isLost ? JournalMeaning::Lost : meaningOf(entry, isMissing, next));
  if (next != Next::Answered) {
    MutexLock lock(mutex);
    inFlight.insert_or_assign(keyOf(request.ticket), std::move(begun));
    return next;
  }
  if (!isLost) {
    counts->taken.fetch_add(1, std::memory_order_relaxed);
    noteAnswer(request.ticket, rowOf(op, begun.name, Kind::Done));
  }
  out.ticket = request.ticket;
  out.op = request.op;
  if (request.wantsIdentity)
    out.identity = begun.name.key.substr(0, begun.name.key.find('@'));
  atOnce.push_back(std::move(out));
  return next;
}

void JournaledWorld::chosen(const RequestPlace &place, uint32_t op, std::span<const uint32_t> indices) {
  JournalRow row;
  row.kind = Kind::Chosen;
  row.key = chosenKey(place, op);
  row.op = xcs::rowOf(plan.ops[op].code).name;
  row.body = "[";
  for (size_t i = 0; i < indices.size(); ++i)
    row.body += (i ? "," : "") + std::to_string(indices[i]);
  row.body += "]";
  std::vector<std::pair<uint32_t, JournalRow>> answers;
  {
    MutexLock lock(mutex);
    if (auto known = undecided.extract(chosenKey(place, op)); !known.empty())
      answers = std::move(known.mapped());
  }
  append(std::move(row));
  // Answers that were too late must not win either where another plan numbers its operations otherwise.
  for (auto &[index, lost] : answers)
    if (std::find(indices.begin(), indices.end(), index) == indices.end())
      append(std::move(lost));
}

std::optional<std::vector<uint32_t>> JournaledWorld::choiceOf(const RequestPlace &place, uint32_t op) {
  const auto &entries = journal->content().entries;
  if (!use.isSameRun || entries.empty())
    return std::nullopt;
  const auto found = entries.find(chosenKey(place, op));
  if (found == entries.end() || found->second.isDamaged || found->second.kind != Kind::Chosen)
    return std::nullopt;
  const std::optional<std::string> body = journal->body(found->second.row);
  Value json;
  OpError error;
  if (!body || !parseJson(*body, limits, json, error) || json.kind() != ValueKind::List)
    return std::nullopt;
  std::vector<uint32_t> out;
  for (const Value &index : json.items()) {
    if (index.kind() != ValueKind::I64 || index.asI64() < 0 || index.asI64() >= UINT32_MAX)
      return std::nullopt;
    out.push_back(static_cast<uint32_t>(index.asI64()));
  }
  return out;
}
