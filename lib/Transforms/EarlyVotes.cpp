#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "Transforms/VoterSlices.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Lets a `vote.majority {early}` cancel the voters that can no longer change it. Voters that meet in a
/// `list.pack` become the regions of one `race {majority}`; voters of a `map` make it a `map {majority}`.
/// Both finish once the vote is decided, and return the answers they have, whose majority is that of all.
/// Legal if only the vote uses the list and nothing in a voter writes, since it may be cancelled anywhere.
/// For a `list.pack`, each answer must also be made by operations that serve it alone, and nothing between
/// them may have an effect or fail, so that moving them together changes neither their order with others nor
/// which failure is the first (VoterSlices.h). Linear.
class EarlyVotes : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// Finds the regions of a function that contain an early vote. The visitor of walk().
struct VoteFinder {
  const ConstantView view;
  const ComputationGraph &graph;
  std::vector<RegionId> regions, open;

  void beginRegion(RegionId region) { open.push_back(region); }
  bool beginOp(OpId op) {
    if (isEarlyVote(view, graph.operation(op)))
      regions.push_back(open.back());
    return true;
  }
  void endOp(OpId) {}
  void endRegion(RegionId) { open.pop_back(); }
};

/// Changes the votes of one region.
class VoteChanger {
public:
  VoteChanger(Module &module, size_t function, const EffectAnalysis &effects, PassContext &context)
      : module(module), function(function), graph(module.functions[function]->graph), effects(effects),
        context(context) {}
  void run(RegionId region);
  bool changed = false;

private:
  void change(RegionId region, const VoterSlices &slices, size_t vote, std::vector<OpId> &races);
  std::string mapReason(OpId map) const;
  void markMap(OpId map);
  OpId makeRace(const VoterSlices &slices, size_t vote);
  void reportChange(OpId vote, std::string_view voters, OpCode owner);

  Module &module;
  size_t function;
  ComputationGraph &graph;
  const EffectAnalysis &effects;
  PassContext &context;
};
} // namespace

/// Why a `map` cannot be cancelled by its vote; empty if it can.
std::string VoteChanger::mapReason(OpId map) const {
  const ConstantView view = module.pool.view();
  const DictId attributes = graph.operation(map).attributes;
  bool waits = false;
  for (const EffectOn &on : effects.effects(function, map)) {
    if (isWrite(on.effect))
      return "the body of its `map` writes, and writes are never cancelled";
    if (on.effect == Effect::Guard || on.effect == Effect::Log)
      return "the body of its `map` has guards or logs, and those are never skipped";
    if (on.target.kind == EffectTarget::Kind::Person)
      return "the body of its `map` asks a person, and questions are never cut off";
    waits |= on.effect == Effect::Read || on.effect == Effect::Sample || on.effect == Effect::Wait;
  }
  if (view.find(attributes, Attribute::take))
    return "its `map` already has `{take}`";
  if (flagAttr(view, attributes, Attribute::keep))
    return "its `map` has `{keep}`";
  return waits ? std::string() : "nothing in its `map` waits for anything, so there is nothing to save";
}

void VoteChanger::reportChange(OpId vote, std::string_view voters, OpCode owner) {
  changed = true;
  context.count("early votes");
  context.diagnostics.report(Diag::EarlyVote, graph.operation(vote).location, {voters, rowOf(owner).name});
}

void VoteChanger::markMap(OpId map) {
  ConstantPool &pool = module.pool;
  graph.setAttributes(map, pool.withEntry(graph.operation(map).attributes,
                                          pool.intern(nameOf(Attribute::majority)), pool.unitAttr()));
}

/// A `race` instead of the `list.pack`, with a region for each of its operands.
OpId VoteChanger::makeRace(const VoterSlices &slices, size_t vote) {
  const OpId pack = slices.list(vote);
  const Location at = graph.operation(pack).location;
  const ValueRef packed = graph.results(pack)[0];
  const TypeId type = graph.type(packed);
  const StringId name = graph.value(packed).name;
  const std::vector<ValueRef> answers(graph.operands(pack).begin(), graph.operands(pack).end());
  const OpId race = graph.addOperation(RegionId(), OpCode::core_race, {}, {}, at);
  const ValueRef result = graph.addResult(race, type, name);
  const DictEntry majority[] = {{module.pool.intern(nameOf(Attribute::majority)), module.pool.unitAttr()}};
  graph.setAttributes(race, module.pool.dict(majority));
  for (size_t i = 0; i != answers.size(); ++i) {
    const RegionId region = graph.addRegion(race);
    std::vector<OpId> body = slices.slice(vote, i);
    body.push_back(graph.addOperation(RegionId(), OpCode::core_yield, {&answers[i], 1}, {}, at));
    graph.setBody(region, std::move(body));
  }
  graph.operandsForUpdate(slices.vote(vote))[0] = result;
  return race;
}

void VoteChanger::change(RegionId region, const VoterSlices &slices, size_t vote, std::vector<OpId> &races) {
  const OpId list = slices.list(vote), op = slices.vote(vote);
  std::string reason = slices.whyNot(vote);
  const bool isMap = list && graph.operation(list).code == OpCode::core_map;
  if (reason.empty() && isMap)
    reason = mapReason(list);
  if (reason.empty() && !isMap &&
      slices.depth(vote) + depthOf(graph, region) > context.limits[Limit::NestingDepth] / 2)
    reason = "its voters would nest too deeply";
  if (!reason.empty()) {
    context.diagnostics.report(Diag::NotEarlyVote, graph.operation(op).location, {reason});
    return;
  }
  if (isMap) {
    markMap(list);
    return reportChange(op, "voters", OpCode::core_map);
  }
  reportChange(op, std::to_string(graph.operands(list).size()) + " voters", OpCode::core_race);
  races[vote] = makeRace(slices, vote);
}

namespace {
/// Rewrites the region: removes what has moved into races, and puts these in place of the lists. Visitor of
/// BodyRewriter.
struct VoteRewriter {
  BodyRewriter rewriter;
  const VoterSlices &slices;
  std::span<const OpId> races; // by vote; none: it is unchanged

  void beginRegion(RegionId) {}
  void endRegion(RegionId) {}
  void visit(OpId op) {
    const uint32_t vote = slices.voteOf(op);
    if (vote == VoterSlices::none || !races[vote])
      rewriter.keepWhole(op);
    else if (op == slices.list(vote))
      rewriter.replace(op, races.subspan(vote, 1));
    else
      rewriter.move(op);
  }
};
} // namespace

void VoteChanger::run(RegionId region) {
  VoterSlices slices(module, function, effects, region);
  std::vector<OpId> races(slices.size());
  for (size_t vote = 0; vote != slices.size(); ++vote)
    change(region, slices, vote, races);
  if (std::any_of(races.begin(), races.end(), [](OpId race) { return race.valid(); })) {
    VoteRewriter visitor{BodyRewriter(graph), slices, races};
    visitor.rewriter.run(region, visitor);
  }
}

Result<Change> EarlyVotes::run(Module &module, PassContext &context) {
  const EffectAnalysis &effects = context.analyses().effects();
  bool changed = false;
  for (size_t f = 0; f != module.functions.size(); ++f) {
    const Function &function = *module.functions[f];
    VoteFinder finder{module.pool.view(), function.graph, {}, {}};
    walk(function.graph, function.body, finder);
    VoteChanger changer(module, f, effects, context);
    std::sort(finder.regions.begin(), finder.regions.end());
    finder.regions.erase(std::unique(finder.regions.begin(), finder.regions.end()), finder.regions.end());
    for (RegionId region : finder.regions)
      changer.run(region);
    changed |= changer.changed;
  }
  return changed ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createEarlyVotes() { return std::make_unique<EarlyVotes>(); }
