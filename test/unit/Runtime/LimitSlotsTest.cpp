// Operations that take several slots of several limits, by exact makespans on the clock of a FakeWorld.
#include "Runtime/Stage.h"

using namespace xcs;

namespace {

std::string waitOf(const std::string &name, int milliseconds, const std::string &limit,
                   const std::string &after = "") {
  return "  %t" + name + " = const {value = " + std::to_string(milliseconds) + "ms} : duration\n  %" + name +
         " = time.sleep(%t" + name + ")" + (after.empty() ? "" : " after(" + after + ")") +
         (limit.empty() ? "" : " {limit = " + limit + "}") + " : none\n";
}

std::string program(const std::string &limits, const std::string &body) {
  return limits + "func @main(%n: i64) -> i64 {\n" + body + "  return(%n)\n}\n";
}

/// When each operation of a kind began, in the order of the program, in milliseconds: the same on one worker
/// and on several.
std::vector<int64_t> starts(const std::string &text, int64_t n = 0) {
  std::vector<int64_t> found;
  for (unsigned jobs : {1u, 3u}) {
    Stage stage(text, 0, jobs);
    RunReport report = stage.run({Value::i64(n)});
    EXPECT_TRUE(report.ok) << report.failure.message << stage.messages;
    if (!stage.world)
      return {};
    std::vector<FakeWorld::Entry> entries = stage.world->entries();
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto &a, const auto &b) { return a.op < b.op; });
    std::vector<int64_t> now;
    for (const FakeWorld::Entry &entry : entries)
      now.push_back(entry.start / ms);
    EXPECT_TRUE(found.empty() || found == now);
    found = now;
  }
  return found;
}

const std::string limits = "limit @gpu {max_in_flight = 4}\nlimit @db {max_in_flight = 2}\n";

} // namespace

TEST(LimitSlots, AnOperationCountsAsManyAsItTakes) {
  EXPECT_EQ(starts(program(limits, waitOf("a", 10, "{@gpu = 2}") + waitOf("b", 10, "{@gpu = 2}") +
                                       waitOf("c", 10, "{@gpu = 3}") + waitOf("d", 10, "@gpu"))),
            (std::vector<int64_t>{0, 0, 10, 10}));
}

TEST(LimitSlots, AllItsLimitsHaveToHaveRoom) {
  // `c` needs both: it waits for the database, and `d` has the two slots of `@gpu` meanwhile.
  EXPECT_EQ(
      starts(program(limits, waitOf("a", 50, "{@db = 2}") + waitOf("b", 20, "{@gpu = 2}") +
                                 waitOf("c", 20, "{@gpu = 2, @db = 1}") + waitOf("d", 10, "{@gpu = 2}"))),
      (std::vector<int64_t>{0, 0, 50, 0}));
}

TEST(LimitSlots, TheSameLimitsInAnotherOrderDoNotBlockEachOther) {
  std::string body;
  for (int i = 0; i < 20; ++i)
    body += waitOf("a" + std::to_string(i), 10, i % 2 ? "{@gpu = 4, @db = 2}" : "{@db = 2, @gpu = 4}");
  std::vector<int64_t> at = starts(program(limits, body));
  ASSERT_EQ(at.size(), 20u);
  std::sort(at.begin(), at.end());
  for (int64_t i = 0; i < 20; ++i)
    EXPECT_EQ(at[static_cast<size_t>(i)], 10 * i); // one at a time, none lost
}

/// The one that takes all slots is first in the queue: none of the many that come later passes it.
TEST(LimitSlots, ManyThatTakeOneDoNotKeepOutOneThatTakesAll) {
  std::string body = waitOf("a", 10, "@gpu") + waitOf("b", 20, "@gpu") + waitOf("all", 10, "{@gpu = 4}");
  for (int i = 0; i < 100; ++i)
    body += waitOf("c" + std::to_string(i), 10, "@gpu");
  std::vector<int64_t> at = starts(program(limits, body));
  ASSERT_EQ(at.size(), 103u);
  // The longer one goes first (by its path), then those of 10 ms in order.
  EXPECT_EQ(at[0], 0);
  EXPECT_EQ(at[1], 0);
  EXPECT_EQ(at[2], 20);
  EXPECT_EQ(at[3], 30);
  EXPECT_EQ(at[102], 30 + 24 * 10);
}

/// A stream of operations keeps both limits busy, in turn, so that both never have room together by chance.
TEST(LimitSlots, OneThatNeedsTwoBusyLimitsComesToItsTurn) {
  std::string body;
  for (int i = 0; i < 60; ++i) { // 15 ms long, begun 5 ms apart on either side
    const std::string n = std::to_string(i);
    body += waitOf("wl" + n, 1 + 10 * i, "") + waitOf("l" + n, 15, "{@gpu = 2}", "%wl" + n);
    body += waitOf("wr" + n, 6 + 10 * i, "") + waitOf("r" + n, 15, "@db", "%wr" + n);
  }
  body += waitOf("wb", 30, "") + waitOf("both", 10, "{@gpu = 4, @db = 2}", "%wb");
  const std::vector<int64_t> at = starts(program(limits, body));
  ASSERT_EQ(at.size(), 242u);
  EXPECT_GE(at[241], 30);
  EXPECT_LE(at[241], 200); // not after the last of the others, at 600
}
