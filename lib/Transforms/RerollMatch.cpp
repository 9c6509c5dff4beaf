#include "Transforms/RerollMatch.h"
#include "Transforms/Rewrite.h"
#include <algorithm>

using namespace xcs;

std::optional<RerollGroup> RerollMatcher::match(OpId user, uint32_t first, uint32_t count, std::string &why) {
  for (Reach reach : {Reach::All, Reach::OnePlaced, Reach::NonePlaced}) {
    group = RerollGroup();
    group.count = count;
    candidates.clear();
    waiting = {};
    slotOf.clear();
    std::string reason = search(user, first, reach);
    if (reason.empty())
      reason = place(user);
    if (reason.empty())
      return std::move(group);
    if (why.empty())
      why = std::move(reason);
  }
  return std::nullopt;
}

/// Fills the group; the end of a sentence if there is none.
std::string RerollMatcher::search(OpId user, uint32_t first, Reach reach) {
  const std::span<const ValueRef> results = graph.operands(user).subspan(first, group.count);
  const OpId root = graph.value(results[0]).definedBy;
  group.result = results[0].index - graph.operation(root).firstResult.index;
  refer({user, first, {results.begin(), results.end()}});
  while (!waiting.empty()) {
    const OpId op(waiting.top().second);
    waiting.pop();
    Candidate candidate = std::move(candidates.at(op.index));
    std::string why = take(candidate, reach);
    if (!why.empty() && op == root)
      return why;
    if (!why.empty())
      for (Reference &reference : candidate.references)
        addSlot(std::move(reference), false);
  }
  std::reverse(group.rows.begin(), group.rows.end());
  return {};
}

/// Whether the values may come from the same operation of each instance.
bool RerollMatcher::isCandidate(const std::vector<ValueRef> &values) const {
  const OpId first = graph.value(values[0]).definedBy;
  if (!first || graph.operation(first).code == OpCode::core_const)
    return false;
  const Operation &wanted = graph.operation(first);
  return std::all_of(values.begin(), values.end(), [&](ValueRef v) {
    const OpId op = graph.value(v).definedBy;
    return op && facts.isHere(op) && graph.operation(op).code == wanted.code &&
           v.index - graph.operation(op).firstResult.index == values[0].index - wanted.firstResult.index;
  });
}

void RerollMatcher::refer(Reference reference) {
  const OpId first = graph.value(reference.values[0]).definedBy;
  auto [found, isNew] = candidates.try_emplace(first.index);
  Candidate &candidate = found->second;
  if (isNew) {
    waiting.emplace(facts.position(first), first.index);
    for (ValueRef v : reference.values)
      candidate.ops.push_back(graph.value(v).definedBy);
  }
  for (size_t i = 0; i != candidate.ops.size() && candidate.agree; ++i)
    candidate.agree = graph.value(reference.values[i]).definedBy == candidate.ops[i];
  candidate.references.push_back(std::move(reference));
}

std::string RerollMatcher::whyNotTake(const Candidate &candidate, Reach reach) const {
  if (!candidate.agree)
    return "they use one another's results";
  bool isPlaced = false;
  for (OpId op : candidate.ops) {
    if (facts.usesOf(op) != candidate.references.size())
      return "one of their results is also used elsewhere";
    if (!facts.mayRepeat(op))
      return "they write, log or check something, which keeps its order";
    isPlaced = isPlaced || facts.isPlaced(op);
  }
  const bool hasPlaced = std::any_of(group.rows.begin(), group.rows.end(),
                                     [](const RerollGroup::Row &row) { return row.isPlaced; });
  if (isPlaced && (reach == Reach::NonePlaced || (reach == Reach::OnePlaced && hasPlaced)))
    return "their operations that may fail are in another order";
  return {};
}

/// Compares the operations of a row with the first of them; `uses` gets their operands.
std::string RerollMatcher::compare(const Candidate &candidate, std::vector<Reference> &uses) {
  shape.read(candidate.ops[0]);
  if (shape.isFixed)
    return "they have `{keep}`, or belong to a `map {places}` already";
  for (const RerollShape::Outer &outer : shape.outer)
    uses.push_back({outer.op, outer.operand, {outer.value}, outer.isNested});
  for (size_t i = 1; i != candidate.ops.size(); ++i) {
    other.read(candidate.ops[i]);
    if (other.isFixed || other.parts != shape.parts)
      return "their attributes, types or regions differ";
    if (!facts.effectsAgree(candidate.ops[0], candidate.ops[i]))
      return "what they touch differs, and something writes there";
    for (size_t j = 0; j != uses.size(); ++j) {
      uses[j].values.push_back(other.outer[j].value);
      uses[j].isNested = uses[j].isNested || other.outer[j].isNested;
      if (shape.outer[j].isOrder && other.outer[j].value != uses[j].values[0])
        return "they wait for different operations by `after`";
    }
  }
  // A list outside cannot hold what is made inside.
  if (std::any_of(uses.begin(), uses.end(),
                  [&](const Reference &use) { return use.isNested && !isConstant(use); }))
    return "their attributes, types or regions differ";
  group.depth = std::max(group.depth, shape.depth);
  return {};
}

bool RerollMatcher::isConstant(const Reference &use) const {
  const ConstantView view = module.pool.view();
  return std::all_of(use.values.begin(), use.values.end(),
                     [&](ValueRef v) { return constantOf(view, graph, v).valid(); });
}

/// Makes a candidate a row of the group; the reason if that is not possible.
std::string RerollMatcher::take(Candidate &candidate, Reach reach) {
  std::string why = whyNotTake(candidate, reach);
  std::vector<Reference> uses;
  if (why.empty())
    why = compare(candidate, uses);
  if (!why.empty())
    return why;
  RerollGroup::Row row{std::move(candidate.ops)};
  for (OpId op : row.ops) {
    row.isPlaced = row.isPlaced || facts.isPlaced(op);
    row.waits = row.waits || facts.waits(op);
  }
  group.rows.push_back(std::move(row));
  for (Reference &use : uses)
    add(std::move(use));
  return {};
}

/// Decides what an operand of a row is: the same for all instances, made by each of them, or a slot.
void RerollMatcher::add(Reference use) {
  const ConstantView view = module.pool.view();
  const AttrId first = constantOf(view, graph, use.values[0]);
  const bool constant = isConstant(use);
  const bool same = std::all_of(use.values.begin(), use.values.end(), [&](ValueRef v) {
    return constant ? constantOf(view, graph, v) == first : v == use.values[0];
  });
  if (same)
    group.captured.push_back(use.values[0]);
  else if (isCandidate(use.values))
    refer(std::move(use));
  else
    addSlot(std::move(use), constant);
}

void RerollMatcher::addSlot(Reference reference, bool isConstant) {
  uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
  for (ValueRef v : reference.values)
    hash = (hash ^ v.index) * 0x100000001b3u;
  auto [known, end] = slotOf.equal_range(hash);
  while (known != end && group.slots[known->second].values != reference.values)
    ++known;
  const auto slot = known != end ? known->second : static_cast<uint32_t>(group.slots.size());
  group.slotUses.push_back({reference.op, reference.operand, slot});
  if (known != end)
    return;
  slotOf.emplace(hash, slot);
  group.slots.push_back({std::move(reference.values), isConstant});
}

/// Finds where the `map` belongs: after all that may fail in the instances and all they use. Whatever else
/// may fail must come before or after all of that, so that the first failure stays the first.
std::string RerollMatcher::place(OpId user) {
  uint32_t last = 0, placed = 0;
  std::optional<uint32_t> first;
  for (size_t i = 0; i != group.count; ++i)
    for (const RerollGroup::Row &row : group.rows) {
      if (!facts.isPlaced(row.ops[i]))
        continue;
      const uint32_t at = facts.position(row.ops[i]);
      if (placed++ != 0 && at < last)
        return "their operations that may fail are in another order";
      first = first.value_or(at);
      last = at + 1;
    }
  group.insertAt = first ? last : facts.position(user);
  for (ValueRef v : group.captured)
    group.insertAt = std::max(group.insertAt, facts.availableAt(v));
  for (const RerollGroup::Slot &slot : group.slots)
    for (ValueRef v : slot.values)
      if (!slot.isConstant)
        group.insertAt = std::max(group.insertAt, facts.availableAt(v));
  if (first && facts.placedBetween(*first, group.insertAt) != placed)
    return "something between them may fail or touches the world";
  return checkStart();
}

/// When the slots of an instance are there, without the times that all instances share: ascending.
std::vector<uint32_t> RerollMatcher::timesOf(size_t instance, const std::vector<uint32_t> &shared) const {
  std::vector<uint32_t> times;
  for (const RerollGroup::Slot &slot : group.slots) {
    const uint32_t time = slot.isConstant ? 0 : facts.readiness(slot.values[instance]);
    if (time != 0 && !std::binary_search(shared.begin(), shared.end(), time))
      times.push_back(time);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

/// Nothing of a `map` starts before all that it uses is there. So what waits in the instances must have
/// waited for all of that before.
std::string RerollMatcher::checkStart() {
  static constexpr const char *late = "some would start later: they wait for different operations";
  if (std::none_of(group.rows.begin(), group.rows.end(), [](const auto &row) { return row.waits; }))
    return {};
  std::vector<uint32_t> all;
  for (ValueRef v : group.captured)
    if (const uint32_t time = facts.readiness(v))
      all.push_back(time);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const std::vector<uint32_t> own = timesOf(0, all);
  for (size_t i = 1; i != group.count; ++i)
    if (timesOf(i, all) != own)
      return late;
  all.insert(all.end(), own.begin(), own.end());
  if (all.size() > 64) // bits of a mask
    return late;
  struct Waited {
    uint64_t mask = 0; // of `all`
    bool waits = false;
  };
  std::unordered_map<uint32_t, Waited> waited; // by operation of the first instance
  const uint64_t everything = all.size() == 64 ? UINT64_MAX : (uint64_t(1) << all.size()) - 1;
  for (const RerollGroup::Row &row : group.rows) {
    Waited own;
    shape.read(row.ops[0]);
    for (const RerollShape::Outer &outer : shape.outer) {
      const OpId by = graph.value(outer.value).definedBy;
      if (const auto found = by ? waited.find(by.index) : waited.end(); found != waited.end()) {
        own.mask |= found->second.mask;
        own.waits = own.waits || found->second.waits;
      } else if (const uint32_t time = facts.readiness(outer.value)) {
        const auto bit = std::find(all.begin(), all.end(), time) - all.begin();
        own.mask |= static_cast<size_t>(bit) < all.size() ? uint64_t(1) << bit : 0;
      }
    }
    if (row.waits && !own.waits && own.mask != everything)
      return late;
    own.waits = own.waits || row.waits;
    waited[row.ops[0].index] = own;
  }
  return {};
}
