#include "Patterns/Patterns.h"
#include "Patterns/RegionUses.h"

using namespace xcs;

namespace {
/// Many values become one: an operation that combines a list, or at least `least` associative operations of
/// one kind, each used only by the next, as a line or as a tree.
class Reduce : public Pattern {
public:
  static constexpr uint32_t least = 3;
  std::string_view name() const override { return "reduce"; }
  void match(const PatternContext &context, std::vector<PatternMatch> &out) const override;
};
} // namespace

/// Whether an operation combines all elements of a list into one value.
static bool combinesList(const Operation &op) {
  if (op.code == OpCode::core_reduce || (op.code == OpCode::core_for && op.resultCount != 0))
    return true;
  constexpr OpCode combining[] = {OpCode::i64_sum,    OpCode::i64_min_of,   OpCode::i64_max_of,
                                  OpCode::f64_sum,    OpCode::f64_mean,     OpCode::f64_min_of,
                                  OpCode::f64_max_of, OpCode::bool_all_of,  OpCode::bool_any_of,
                                  OpCode::str_join,   OpCode::list_flatten, OpCode::vote_majority};
  for (OpCode c : combining)
    if (c == op.code)
      return true;
  return false;
}

/// Associative in the mathematical sense. Overflow errors and the rounding of f64 may still distinguish two
/// shapes, so a pass that changes the shape must check that.
static bool isAssociative(OpCode code) {
  constexpr OpCode associative[] = {
      OpCode::i64_add,  OpCode::i64_mul,    OpCode::i64_min,     OpCode::i64_max,     OpCode::f64_add,
      OpCode::f64_mul,  OpCode::f64_min,    OpCode::f64_max,     OpCode::bool_and,    OpCode::bool_or,
      OpCode::bool_xor, OpCode::str_concat, OpCode::list_concat, OpCode::duration_add};
  for (OpCode c : associative)
    if (c == code)
      return true;
  return false;
}

void Reduce::match(const PatternContext &context, std::vector<PatternMatch> &out) const {
  constexpr uint32_t none = RegionUses::none;
  RegionUses uses(context);
  uint32_t size = static_cast<uint32_t>(context.graph.size());
  std::vector<uint32_t> root(size, none), members(size, 0), matchOf(size, none);
  // Users come later: going backwards, the end of a line or tree is known before what leads to it.
  for (uint32_t node = size; node-- != 0;) {
    OpCode code = uses.operation(node).code;
    if (!isAssociative(code))
      continue;
    uint32_t user = uses.soleUser(node);
    root[node] = user != none && uses.operation(user).code == code ? root[user] : node;
    ++members[root[node]];
  }
  for (uint32_t node = 0; node != size; ++node) {
    const Operation &op = uses.operation(node);
    if (combinesList(op)) {
      OpId id = context.graph.operation(node);
      out.push_back({name(), context.functionIndex, context.region, {id}, id, quotedName(op) + " of a list"});
    }
    if (root[node] == none || members[root[node]] < least)
      continue;
    uint32_t &number = matchOf[root[node]];
    if (number == none) {
      number = static_cast<uint32_t>(out.size());
      out.push_back({name(),
                     context.functionIndex,
                     context.region,
                     {},
                     context.graph.operation(root[node]),
                     std::to_string(members[root[node]]) + " x " + quotedName(op)});
    }
    out[number].operations.push_back(context.graph.operation(node));
  }
}

std::unique_ptr<Pattern> xcs::createReduce() { return std::make_unique<Reduce>(); }
