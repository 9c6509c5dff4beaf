#include "Patterns/Patterns.h"
#include "Patterns/RegionUses.h"

using namespace xcs;

namespace {
/// A straight line: each operation uses the previous one and is its only user. If two lines meet in one
/// operation, the longer one continues. Constants do not count. Lines shorter than `least` are ignored.
class Chain : public Pattern {
public:
  static constexpr size_t least = 3;
  std::string_view name() const override { return "chain"; }
  void match(const PatternContext &context, std::vector<PatternMatch> &out) const override;
};
} // namespace

void Chain::match(const PatternContext &context, std::vector<PatternMatch> &out) const {
  constexpr uint32_t none = RegionUses::none;
  RegionUses uses(context);
  size_t size = context.graph.size();
  std::vector<uint32_t> before(size, none), after(size, none), length(size, 0);
  for (uint32_t node = 0; node != size; ++node) {
    if (uses.isConstant(node))
      continue;
    length[node] = before[node] == none ? 1 : length[before[node]] + 1;
    uint32_t user = uses.soleUser(node);
    if (user == none || (before[user] != none && length[before[user]] >= length[node]))
      continue;
    before[user] = node;
  }
  for (uint32_t node = 0; node != size; ++node)
    if (before[node] != none)
      after[before[node]] = node;

  for (uint32_t head = 0; head != size; ++head) {
    if (before[head] != none || after[head] == none)
      continue;
    PatternMatch match{name(), context.functionIndex, context.region, {}, {}, {}};
    uint32_t last = head;
    for (uint32_t node = head; node != none; node = after[node]) {
      match.operations.push_back(context.graph.operation(node));
      last = node;
    }
    if (match.operations.size() < least)
      continue;
    match.summary = std::to_string(match.operations.size()) + " operations in sequence, from " +
                    quotedName(uses.operation(head)) + " to " + quotedName(uses.operation(last));
    out.push_back(std::move(match));
  }
}

std::unique_ptr<Pattern> xcs::createChain() { return std::make_unique<Chain>(); }
