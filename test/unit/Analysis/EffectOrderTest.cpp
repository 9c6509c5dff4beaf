#include "Analysis/EffectOrder.h"
#include "Analysis/OrderSupport.h"
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

namespace {

using Kind = EffectTarget::Kind;

EffectOn on(Effect effect, Kind kind = Kind::Http, uint32_t identity = UINT32_MAX) {
  return {effect, {kind, identity == UINT32_MAX ? StringId() : StringId(identity)}};
}

/// Feeds nodes and keeps their edges.
struct Order {
  EffectOrder order;
  std::vector<std::vector<uint32_t>> before;
  void add(std::vector<EffectOn> effects, bool leaf = true) {
    before.emplace_back();
    order.add(static_cast<uint32_t>(before.size() - 1), effects, leaf, before.back());
  }
  size_t edges() const {
    size_t count = 0;
    for (const auto &list : before)
      count += list.size();
    return count;
  }
};

bool writes(Effect e) {
  return e == Effect::WriteNever || e == Effect::WriteIdempotent || e == Effect::WriteKeyed;
}
bool reads(Effect e) { return e == Effect::Read || e == Effect::Sample; }

/// Whether two targets may be one. Of files only whether they may conflict: their texts say more.
bool conflict(const EffectTarget &a, const EffectTarget &b) {
  return a.kind == b.kind && (a.kind == Kind::File || a.identity == b.identity || !a.identity || !b.identity);
}

/// The rule of the language for two effects, the first before the second in program order.
bool mustOrder(const EffectOn &a, const EffectOn &b, bool leaves) {
  if (a.effect == Effect::Guard)
    return writes(b.effect);
  if (a.effect == Effect::Log)
    return b.effect == Effect::Log && leaves;
  bool access = (writes(a.effect) || reads(a.effect)) && (writes(b.effect) || reads(b.effect));
  return access && (writes(a.effect) || writes(b.effect)) && conflict(a.target, b.target);
}

struct Random {
  std::mt19937_64 engine;
  size_t below(size_t n) { return static_cast<size_t>(engine() % n); }
};

} // namespace

TEST(EffectOrderTest, AFanOfReadersThenAWriterIsLinear) {
  Order order;
  for (int i = 0; i != 1000; ++i)
    order.add({on(Effect::Sample, Kind::Http, 1)});
  order.add({on(Effect::WriteNever, Kind::Http, 1)});
  for (int i = 0; i != 1000; ++i)
    order.add({on(Effect::Sample, Kind::Http, 1)});
  EXPECT_EQ(order.edges(), 2000u);
}

TEST(EffectOrderTest, ManyTargetsBeforeManyUnknownOnesAreLinear) {
  for (Effect first : {Effect::Sample, Effect::WriteNever, Effect::Guard})
    for (Effect second : {Effect::Sample, Effect::WriteNever}) {
      Order order;
      for (uint32_t i = 0; i != 1000; ++i)
        order.add({on(first, Kind::Http, i)}, i % 2 == 0);
      for (uint32_t i = 0; i != 1000; ++i)
        order.add({on(second)});
      for (uint32_t i = 0; i != 1000; ++i)
        order.add({on(second, Kind::Http, i)});
      EXPECT_LE(order.edges(), 2 * EffectOrder::crowd * 3000);
    }
}

TEST(EffectOrderTest, ClearForgets) {
  Order order;
  order.add({on(Effect::WriteNever), on(Effect::Guard), on(Effect::Log)});
  order.order.clear();
  order.add({on(Effect::WriteNever), on(Effect::Log)});
  EXPECT_EQ(order.edges(), 0u);
}

TEST(EffectOrderTest, AnOperationDoesNotWaitForItself) {
  Order order;
  order.add({on(Effect::Sample), on(Effect::WriteNever), on(Effect::Guard), on(Effect::Sample, Kind::Http, 1),
             on(Effect::WriteNever, Kind::Http, 1)},
            false);
  EXPECT_EQ(order.edges(), 0u);
}

/// The effects of a node and whether it is a leaf.
using EffectNode = std::pair<std::vector<EffectOn>, bool>;

/// The rule applied to every pair, closed under what follows from it.
static std::vector<std::vector<bool>> orderByTheRule(const std::vector<EffectNode> &nodes) {
  std::vector<std::vector<bool>> wanted(nodes.size(), std::vector<bool>(nodes.size()));
  for (size_t b = 0; b != nodes.size(); ++b)
    for (size_t a = 0; a != b; ++a) {
      for (const EffectOn &x : nodes[a].first)
        for (const EffectOn &y : nodes[b].first)
          if (mustOrder(x, y, nodes[a].second && nodes[b].second))
            wanted[b][a] = true;
      if (wanted[b][a])
        for (size_t i = 0; i != a; ++i)
          if (wanted[a][i])
            wanted[b][i] = true;
    }
  return wanted;
}

/// Against the rule applied to every pair: every pair it names is ordered, and with few targets no other
/// pair.
TEST(EffectOrderTest, OrdersExactlyWhatTheRuleSays) {
  constexpr Effect effects[] = {Effect::Read,       Effect::Sample,     Effect::WriteIdempotent,
                                Effect::WriteKeyed, Effect::WriteNever, Effect::Guard,
                                Effect::Log,        Effect::Wait};
  for (uint64_t seed = 0; seed != 300; ++seed) {
    Random random{std::mt19937_64(seed)};
    Order order;
    std::vector<EffectNode> nodes;
    for (size_t i = 0, n = 2 + random.below(24); i != n; ++i) {
      bool leaf = random.below(4) != 0;
      std::vector<EffectOn> list;
      for (size_t k = 0, count = leaf ? 1 : random.below(4); k != count; ++k) {
        Effect effect = effects[random.below(std::size(effects))];
        Kind kind = effect == Effect::Guard  ? Kind::Control
                    : effect == Effect::Log  ? Kind::Log
                    : effect == Effect::Wait ? Kind::Clock
                    : random.below(3) == 0   ? Kind::Model
                                             : Kind::Http;
        bool known = reads(effect) || writes(effect) ? random.below(4) != 0 : false;
        list.push_back(on(effect, kind, known ? static_cast<uint32_t>(random.below(3)) : UINT32_MAX));
      }
      nodes.emplace_back(list, leaf);
      order.add(list, leaf);
    }
    EXPECT_EQ(closureOf(order.before), orderByTheRule(nodes)) << "seed " << seed;
  }
}

/// With many targets more may be ordered, never less.
TEST(EffectOrderTest, OrdersNoLessThanTheRuleSaysInACrowd) {
  for (uint64_t seed = 0; seed != 20; ++seed) {
    Random random{std::mt19937_64(seed)};
    Order order;
    std::vector<EffectOn> nodes;
    for (size_t i = 0; i != 400; ++i) {
      bool known = random.below(8) != 0;
      uint32_t identity = known ? static_cast<uint32_t>(random.below(100)) : UINT32_MAX;
      nodes.push_back(random.below(5) == 0
                          ? on(Effect::Guard, Kind::Control)
                          : on(random.below(2) ? Effect::Sample : Effect::WriteNever, Kind::Http, identity));
      order.add({nodes.back()});
    }
    std::vector<std::vector<bool>> reach = closureOf(order.before);
    for (size_t b = 0; b != nodes.size(); ++b)
      for (size_t a = 0; a != b; ++a)
        EXPECT_TRUE(reach[b][a] || !mustOrder(nodes[a], nodes[b], true))
            << "seed " << seed << ": " << a << " before " << b;
    EXPECT_LE(order.edges(), 2 * EffectOrder::crowd * nodes.size());
  }
}
