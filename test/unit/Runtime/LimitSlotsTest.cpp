// Operations that take several slots of several limits, by exact makespans on the clock of a FakeWorld.
#include "Runtime/Stage.h"
#include <map>
#include <set>

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

/// When each wait began, in milliseconds, by the name of its result: the same on one worker and on several.
std::map<std::string, int64_t> startsOf(const std::string &text) {
  std::map<std::string, int64_t> found;
  for (unsigned jobs : {1u, 3u}) {
    Stage stage(text, 0, jobs);
    RunReport report = stage.run({Value::i64(0)});
    EXPECT_TRUE(report.ok) << report.failure.message << stage.messages;
    if (!stage.world)
      return {};
    const PlanView &plan = stage.file->view();
    std::map<std::string, int64_t> now;
    for (const FakeWorld::Entry &entry : stage.world->entries())
      now[std::string(plan.constants.text(plan.ops[entry.op].name))] = entry.start / ms;
    EXPECT_TRUE(found.empty() || found == now);
    found = now;
  }
  return found;
}

using Starts = std::map<std::string, int64_t>;

const std::string limits = "limit @gpu {max_in_flight = 4}\nlimit @db {max_in_flight = 2}\n";

} // namespace

TEST(LimitSlots, AnOperationCountsAsManyAsItTakes) {
  EXPECT_EQ(startsOf(program(limits, waitOf("a", 10, "{@gpu = 2}") + waitOf("b", 10, "{@gpu = 2}") +
                                         waitOf("c", 10, "{@gpu = 3}") + waitOf("d", 10, "@gpu"))),
            (Starts{{"a", 0}, {"b", 0}, {"c", 10}, {"d", 10}}));
}

TEST(LimitSlots, AllItsLimitsHaveToHaveRoom) {
  // `c` needs both: it waits for the database, and `d` has the two slots of `@gpu` meanwhile.
  EXPECT_EQ(
      startsOf(program(limits, waitOf("a", 50, "{@db = 2}") + waitOf("b", 20, "{@gpu = 2}") +
                                   waitOf("c", 20, "{@gpu = 2, @db = 1}") + waitOf("d", 10, "{@gpu = 2}"))),
      (Starts{{"a", 0}, {"b", 0}, {"c", 50}, {"d", 0}}));
}

TEST(LimitSlots, TheSameLimitsInAnotherOrderDoNotBlockEachOther) {
  std::string body;
  for (int i = 0; i < 20; ++i)
    body += waitOf("a" + std::to_string(i), 10, i % 2 ? "{@gpu = 4, @db = 2}" : "{@db = 2, @gpu = 4}");
  std::set<int64_t> at, wanted;
  for (const auto &[name, start] : startsOf(program(limits, body)))
    at.insert(start);
  for (int64_t i = 0; i < 20; ++i)
    wanted.insert(10 * i); // one at a time, none lost
  EXPECT_EQ(at, wanted);
}

/// The one that takes all slots is first in the queue: none of the many that come later passes it.
TEST(LimitSlots, ManyThatTakeOneDoNotKeepOutOneThatTakesAll) {
  std::string body = waitOf("a", 10, "@gpu") + waitOf("b", 20, "@gpu") + waitOf("all", 10, "{@gpu = 4}");
  for (int i = 0; i < 100; ++i)
    body += waitOf("c" + std::to_string(i), 10, "@gpu");
  Starts at = startsOf(program(limits, body));
  ASSERT_EQ(at.size(), 103u);
  EXPECT_EQ(at["a"], 0);
  EXPECT_EQ(at["b"], 0);
  EXPECT_EQ(at["all"], 20);
  EXPECT_EQ(at["c0"], 30);
  EXPECT_EQ(at["c99"], 30 + 24 * 10);
}

/// A stream of operations, of paths of the same length, keeps both limits busy, so that they never have room
/// together by chance.
TEST(LimitSlots, OneThatNeedsTwoBusyLimitsComesToItsTurn) {
  std::string body;
  for (int i = 0; i < 60; ++i) { // 15 ms long, begun 5 ms apart on either side
    const std::string n = std::to_string(i);
    body += waitOf("wl" + n, 1 + 10 * i, "") + waitOf("l" + n, 15, "{@gpu = 2}", "%wl" + n);
    body += waitOf("wr" + n, 6 + 10 * i, "") + waitOf("r" + n, 15, "@db", "%wr" + n);
  }
  body += waitOf("wb", 30, "") + waitOf("both", 15, "{@gpu = 4, @db = 2}", "%wb");
  Starts at = startsOf(program(limits, body));
  ASSERT_EQ(at.size(), 242u);
  EXPECT_GE(at["both"], 30);
  EXPECT_LE(at["both"], 250); // not after the last of the others, at 600
}
