#include "Patterns/Patterns.h"
#include "Patterns/RegionUses.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/Ops/OpEffects.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Several draws of one request, or of requests made from the same values, whose answers (perhaps trimmed or
/// parsed) all go into one `list.pack`, which a vote or a judge uses. A judge is a draw that uses all of
/// them. The same as `reroll` leaves it: a `map {places}` in place of the draws and the `list.pack`.
class Ensemble : public Pattern {
public:
  std::string_view name() const override { return "ensemble"; }
  void match(const PatternContext &context, std::vector<PatternMatch> &out) const override;
};

class EnsembleFinder {
public:
  explicit EnsembleFinder(const PatternContext &context)
      : context(context), operations(context.operations()), uses(context) {}
  bool find(uint32_t pack, PatternMatch &match);
  bool findRerolled(uint32_t map, PatternMatch &match);
  const RegionUses &regionUses() const { return uses; }

private:
  static constexpr uint32_t none = RegionUses::none;
  static constexpr int steps = 8; // a few operations in between; bounded to stay linear
  uint32_t drawBehind(ValueRef answer) const;
  uint32_t combinerOf(uint32_t pack) const;
  bool sameRequest(uint32_t a, uint32_t b) const;
  bool similarRequest(uint32_t a, uint32_t b) const;
  OpId drawIn(RegionId region) const;
  void describe(size_t draws, bool same, uint32_t combiner, PatternMatch &match) const;

  const PatternContext &context;
  const ComputationGraph &operations;
  RegionUses uses;
};
} // namespace

/// The draw that produces an answer, directly or through pure operations that use nothing else.
uint32_t EnsembleFinder::drawBehind(ValueRef answer) const {
  uint32_t node = uses.nodeOf(answer);
  for (int i = 0; i != steps && node != none; ++i) {
    if (uses.isDraw(node))
      return node;
    if (!uses.isPure(node))
      return none;
    node = uses.soleSource(node);
  }
  return none;
}

/// What uses the answers: a vote, or a draw at the end of a line of pure operations.
uint32_t EnsembleFinder::combinerOf(uint32_t pack) const {
  uint32_t node = uses.soleUser(pack);
  for (int i = 0; i != steps && node != none; ++i) {
    if (uses.isDraw(node) || uses.operation(node).code == OpCode::vote_majority)
      return node;
    if (!uses.isPure(node))
      return none;
    node = uses.soleUser(node);
  }
  return none;
}

bool EnsembleFinder::sameRequest(uint32_t a, uint32_t b) const {
  const Operation &x = uses.operation(a), &y = uses.operation(b);
  std::span<const ValueRef> left = operations.operands(context.graph.operation(a));
  std::span<const ValueRef> right = operations.operands(context.graph.operation(b));
  return x.symbol == y.symbol && x.attributes == y.attributes &&
         std::equal(left.begin(), left.end(), right.begin(), right.end());
}

/// Whether two draws ask about the same thing: one value is an operand of both, or of what made their first
/// operands.
bool EnsembleFinder::similarRequest(uint32_t a, uint32_t b) const {
  constexpr size_t most = 16; // operands compared, to stay linear
  auto asked = [&](uint32_t node) {
    std::vector<ValueRef> values;
    std::span<const ValueRef> operands = operations.operands(context.graph.operation(node));
    if (operands.empty())
      return values;
    values.push_back(operands[0]);
    OpId source = operations.value(operands[0]).definedBy;
    if (source && rowOf(operations.operation(source).code).form == OpForm::Pure)
      for (ValueRef v :
           operations.operands(source).first(std::min<size_t>(most, operations.operands(source).size())))
        if (OpId from = operations.value(v).definedBy;
            !from || operations.operation(from).code != OpCode::core_const)
          values.push_back(v);
    return values;
  };
  std::vector<ValueRef> left = asked(a), right = asked(b);
  return std::find_first_of(left.begin(), left.end(), right.begin(), right.end()) != left.end();
}

bool EnsembleFinder::find(uint32_t pack, PatternMatch &match) {
  std::span<const ValueRef> answers = operations.operands(context.graph.operation(pack));
  uint32_t combiner = answers.size() < 2 ? none : combinerOf(pack);
  if (combiner == none)
    return false;
  std::vector<uint32_t> draws;
  bool same = true;
  for (ValueRef answer : answers) {
    uint32_t draw = drawBehind(answer);
    if (draw == none || uses.operation(draw).code != uses.operation(drawBehind(answers[0])).code)
      return false;
    draws.push_back(draw);
    if (draw == draws[0])
      continue;
    same = same && sameRequest(draws[0], draw);
    if (!same && !similarRequest(draws[0], draw))
      return false;
  }
  std::sort(draws.begin(), draws.end());
  if (std::adjacent_find(draws.begin(), draws.end()) != draws.end())
    return false; // one answer twice is not a second draw
  for (uint32_t draw : draws)
    match.operations.push_back(context.graph.operation(draw));
  describe(draws.size(), same, combiner, match);
  return true;
}

void EnsembleFinder::describe(size_t draws, bool same, uint32_t combiner, PatternMatch &match) const {
  match.combiner = context.graph.operation(combiner);
  bool vote = !uses.isDraw(combiner);
  match.summary = std::to_string(draws) +
                  (same ? " draws of one request, " : " requests on the same input, ") +
                  (vote ? "decided by " : "judged by ") + quotedName(uses.operation(combiner));
}

/// The draw that produces what a region yields, directly or through pure operations of one operand that is no
/// constant.
OpId EnsembleFinder::drawIn(RegionId region) const {
  const OpId end = operations.terminator(region);
  OpId op = end && operations.operation(end).operandCount == 1
                ? operations.value(operations.operands(end)[0]).definedBy
                : OpId();
  for (int i = 0; i != steps && op && operations.operation(op).parent == region; ++i) {
    if (operations.drawName(op))
      return op;
    OpId source;
    for (ValueRef v : operations.operands(op))
      if (OpId from = operations.value(v).definedBy;
          from && operations.operation(from).code != OpCode::core_const)
        source = source && source != from ? OpId() : from;
    op = rowOf(operations.operation(op).code).form == OpForm::Pure ? source : OpId();
  }
  return {};
}

/// The same where `reroll` has made one `map` of the draws: each name is a draw.
bool EnsembleFinder::findRerolled(uint32_t map, PatternMatch &match) {
  const RegionId region = uses.operation(map).firstRegion;
  const uint32_t combiner = combinerOf(map);
  const OpId draw = combiner == none ? OpId() : drawIn(region);
  if (!draw)
    return false;
  auto isShared = [&](ValueRef v) {
    const ValueInfo &value = operations.value(v);
    const RegionId from = value.definedBy ? operations.operation(value.definedBy).parent : value.region;
    return from != region &&
           (!value.definedBy || operations.operation(value.definedBy).code != OpCode::core_const);
  };
  const std::span<const ValueRef> asked = operations.operands(draw);
  const OpId source = asked.empty() ? OpId() : operations.value(asked[0]).definedBy;
  const bool same = std::ranges::none_of(asked, [&](ValueRef v) {
    const ValueInfo &value = operations.value(v);
    return (value.definedBy ? operations.operation(value.definedBy).parent : value.region) == region;
  });
  bool similar = std::ranges::any_of(asked, isShared);
  if (source && rowOf(operations.operation(source).code).form == OpForm::Pure)
    similar = similar || std::ranges::any_of(operations.operands(source), isShared);
  if (!same && !similar)
    return false;
  size_t draws = 0;
  forEachDrawName(context.module.pool.text(operations.drawName(draw)), [&](std::string_view) { ++draws; });
  match.operations.push_back(draw);
  describe(draws, same, combiner, match);
  return true;
}

void Ensemble::match(const PatternContext &context, std::vector<PatternMatch> &out) const {
  EnsembleFinder finder(context);
  for (uint32_t node = 0; node != context.graph.size(); ++node) {
    const Operation &op = finder.regionUses().operation(node);
    const bool isRerolled =
        op.code == OpCode::core_map && flagAttr(context.module.pool.view(), op.attributes, Attribute::places);
    if (op.code != OpCode::list_pack && !isRerolled)
      continue;
    PatternMatch match{name(), context.functionIndex, context.region, {}, {}, {}};
    if (isRerolled ? finder.findRerolled(node, match) : finder.find(node, match))
      out.push_back(std::move(match));
  }
}

std::unique_ptr<Pattern> xcs::createEnsemble() { return std::make_unique<Ensemble>(); }
