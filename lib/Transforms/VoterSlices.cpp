#include "Transforms/VoterSlices.h"
#include "Transforms/CannotFail.h"
#include "Transforms/Rewrite.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include "xcs/Ops/RegionForm.h"
#include <algorithm>

using namespace xcs;

bool xcs::isEarlyVote(const ConstantView &view, const Operation &op) {
  return op.code == OpCode::vote_majority && flagAttr(view, op.attributes, Attribute::early);
}

uint32_t xcs::depthOf(const ComputationGraph &graph, RegionId region) {
  uint32_t depth = 1;
  while (OpId owner = graph.region(region).parent) {
    region = graph.operation(owner).parent;
    ++depth;
  }
  return depth;
}

VoterSlices::VoterSlices(const Module &module, size_t function, const EffectAnalysis &effects,
                         RegionId region)
    : module(module), function(function), graph(module.functions[function]->graph), effects(effects),
      region(region) {
  findVotes();
  sweep();
  for (std::vector<OpId> &slice : slices)
    std::reverse(slice.begin(), slice.end());
  findPlaced();
  for (size_t v = 0; v != votes.size(); ++v)
    judge(v);
}

uint32_t VoterSlices::voteOf(OpId op) const {
  // The list of a vote that is itself a voter is in a slice of the other vote.
  uint32_t slice = lookUp(sliceOf, op.index);
  return slice == none ? lookUp(voteOfList, op.index) : voteOfSlice[slice];
}

void VoterSlices::findVotes() {
  for (OpId op : graph.region(region).body) {
    if (!isEarlyVote(module.pool.view(), graph.operation(op)))
      continue;
    Vote vote;
    vote.op = op;
    vote.firstSlice = static_cast<uint32_t>(slices.size());
    OpId made = graph.value(graph.operands(op)[0]).definedBy;
    OpCode code = made ? graph.operation(made).code : OpCode::core_const;
    if (made && flagAttr(module.pool.view(), graph.operation(made).attributes, Attribute::majority))
      continue; // it cancels its voters already
    bool here = made && graph.operation(made).parent == region && !voteOfList.contains(made.index);
    if (here && (code == OpCode::list_pack || code == OpCode::core_map)) {
      vote.list = made;
      voteOfList[made.index] = static_cast<uint32_t>(votes.size());
      vote.sliceCount = code == OpCode::list_pack ? graph.operation(made).operandCount : 0;
      slices.resize(slices.size() + vote.sliceCount);
      voteOfSlice.resize(slices.size(), static_cast<uint32_t>(votes.size()));
    }
    votes.push_back(std::move(vote));
  }
}

/// Uses in nested regions count as uses by the enclosing operation of this region.
void VoterSlices::mark(ValueRef v, uint32_t by) {
  OpId made = graph.value(v).definedBy;
  if (!made || graph.operation(made).parent != region)
    return;
  Uses &use = uses[v.index];
  use.by = use.by == unused || use.by == by ? by : shared;
  ++use.count;
}

void VoterSlices::markOperands(OpId op, uint32_t by, uint32_t depth) {
  struct Marker {
    VoterSlices &slices;
    uint32_t by, depth, deepest;
    void beginRegion(RegionId) { deepest = std::max(deepest, ++depth); }
    bool beginOp(OpId inner) {
      for (ValueRef v : slices.graph.allOperands(inner))
        slices.mark(v, by);
      return true;
    }
    void endOp(OpId) {}
    void endRegion(RegionId) { --depth; }
  };
  Marker marker{*this, by, depth, depth};
  marker.beginOp(op);
  for (RegionId inner : graph.regionsOf(op))
    walk(graph, inner, marker);
  if (by < shared) {
    Vote &vote = votes[voteOfSlice[by]];
    vote.depth = std::max(vote.depth, marker.deepest);
  }
}

/// The only slice that uses its results.
uint32_t VoterSlices::useOf(OpId op) const {
  uint32_t use = unused;
  for (ValueRef v : graph.results(op)) {
    auto found = uses.find(v.index);
    if (found == uses.end())
      continue;
    use = use == unused || use == found->second.by ? found->second.by : shared;
  }
  return use;
}

bool VoterSlices::mayMove(OpId op) const {
  if (isTerminator(graph.operation(op).code) ||
      flagAttr(module.pool.view(), graph.operation(op).attributes, Attribute::keep))
    return false;
  for (const EffectOn &on : effects.effects(function, op))
    if (isWrite(on.effect) || on.effect == Effect::Guard || on.effect == Effect::Log ||
        on.target.kind == EffectTarget::Kind::Person)
      return false;
  return true;
}

void VoterSlices::visit(OpId op) {
  const uint32_t use = useOf(op);
  const uint32_t vote = lookUp(voteOfList, op.index);
  if (vote != none) {
    votes[vote].isVoter = use < shared;
    // A vote that serves another vote moves with it as a whole.
    if (use >= shared && votes[vote].sliceCount) {
      std::span<const ValueRef> answers = graph.operands(op);
      for (uint32_t i = 0; i != answers.size(); ++i)
        mark(answers[i], votes[vote].firstSlice + i);
      for (ValueRef v : graph.orderOperands(op))
        mark(v, shared);
      return;
    }
  }
  const bool moves = use < shared && mayMove(op);
  if (moves) {
    sliceOf[op.index] = use;
    slices[use].push_back(op);
  }
  markOperands(op, moves ? use : shared, 0);
}

void VoterSlices::sweep() {
  const std::vector<OpId> &body = graph.region(region).body;
  for (size_t i = body.size(); i-- != 0;)
    visit(body[i]);
}

bool VoterSlices::waits(OpId op) const {
  for (const EffectOn &on : effects.effects(function, op))
    if (on.effect == Effect::Read || on.effect == Effect::Sample || on.effect == Effect::Wait)
      return true;
  return false;
}

/// Whether it makes no difference when an operation runs.
bool VoterSlices::isFree(OpId op) const {
  return effects.isPure(function, op) && !graph.operation(op).regionCount &&
         cannotFail(module.pool.view(), graph, op);
}

/// The operations of the region whose place matters, in order.
void VoterSlices::findPlaced() {
  const std::vector<OpId> &body = graph.region(region).body;
  for (uint32_t i = 0; i != body.size(); ++i) {
    const uint32_t vote = voteOf(body[i]);
    if (vote != none && body[i] == votes[vote].list)
      votes[vote].listAt = i;
    if (isFree(body[i]))
      continue;
    if (vote != none && votes[vote].firstPlaced == none)
      votes[vote].firstPlaced = static_cast<uint32_t>(placed.size());
    placed.push_back({body[i], vote, i});
  }
}

/// Among what stays, between the first operation that moves and the list: something whose order with the
/// voters matters. Looks at its own operations and one more.
std::string VoterSlices::whyNotContiguous(const Vote &vote) const {
  const uint32_t own = voteOf(vote.list);
  for (size_t i = vote.firstPlaced; i < placed.size() && placed[i].at < vote.listAt; ++i)
    if (placed[i].vote != own)
      return "`" + std::string(rowOf(graph.operation(placed[i].op).code).name) + "` in " +
             lineText(module, graph.operation(placed[i].op).location) +
             " is between them; move it before or after them";
  return {};
}

std::string VoterSlices::whyNotPack(const Vote &vote) const {
  std::span<const ValueRef> answers = graph.operands(vote.list);
  if (answers.size() < 2 || answers.size() > regionCount(OpCode::core_race).most)
    return answers.size() < 2 ? "there are fewer than two of them" : "there are too many of them; use `map`";
  if (graph.operation(vote.list).orderCount)
    return "their `list.pack` waits for something else";
  if (flagAttr(module.pool.view(), graph.operation(vote.list).attributes, Attribute::keep))
    return "their `list.pack` has `{keep}`";
  bool some = false;
  for (uint32_t i = 0; i != answers.size(); ++i) {
    OpId made = graph.value(answers[i]).definedBy;
    if (!made || graph.operation(made).parent != region || lookUp(sliceOf, made.index) != vote.firstSlice + i)
      return "answer " + std::to_string(i + 1) +
             " is used elsewhere, or made by something that cannot be cancelled";
    for (OpId op : slices[vote.firstSlice + i])
      some = some || waits(op);
  }
  if (!some)
    return "nothing in them waits for anything, so there is nothing to save";
  return whyNotContiguous(vote);
}

void VoterSlices::judge(size_t v) {
  Vote &vote = votes[v];
  if (!vote.list)
    vote.why = "its list does not come from a `list.pack` or a `map` in the same region";
  else if (vote.isVoter)
    vote.why = "it is itself a voter of another";
  else if (uses[graph.results(vote.list)[0].index].count != 1)
    vote.why = "its list is also used elsewhere";
  else if (graph.operation(vote.list).code == OpCode::list_pack)
    vote.why = whyNotPack(vote);
}
