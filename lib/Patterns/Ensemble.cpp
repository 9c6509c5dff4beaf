#include "Patterns/Patterns.h"
#include "Patterns/RegionUses.h"
#include <algorithm>

using namespace xcs;

namespace {
/// Several draws of one request, or of requests made from the same values, whose answers (perhaps trimmed or
/// parsed) all go into one `list.pack`, which a vote or a judge uses. A judge is a draw that uses all of
/// them.
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
  const RegionUses &regionUses() const { return uses; }

private:
  static constexpr uint32_t none = RegionUses::none;
  static constexpr int steps = 8; // a few operations in between; bounded to stay linear
  uint32_t drawBehind(ValueRef answer) const;
  uint32_t combinerOf(uint32_t pack) const;
  bool sameRequest(uint32_t a, uint32_t b) const;
  bool similarRequest(uint32_t a, uint32_t b) const;

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
  match.combiner = context.graph.operation(combiner);
  bool vote = !uses.isDraw(combiner);
  match.summary = std::to_string(draws.size()) +
                  (same ? " draws of one request, " : " requests on the same input, ") +
                  (vote ? "decided by " : "judged by ") + quotedName(uses.operation(combiner));
  return true;
}

void Ensemble::match(const PatternContext &context, std::vector<PatternMatch> &out) const {
  EnsembleFinder finder(context);
  for (uint32_t node = 0; node != context.graph.size(); ++node) {
    if (finder.regionUses().operation(node).code != OpCode::list_pack)
      continue;
    PatternMatch match{name(), context.functionIndex, context.region, {}, {}, {}};
    if (finder.find(node, match))
      out.push_back(std::move(match));
  }
}

std::unique_ptr<Pattern> xcs::createEnsemble() { return std::make_unique<Ensemble>(); }
