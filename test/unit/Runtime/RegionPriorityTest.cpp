// What comes after a region counts for all within it, by exact makespans on the clock of a FakeWorld. Each
// program waits under a limit for the same few slots; what is not under it only makes a path longer.
#include "Runtime/Stage.h"

using namespace xcs;

namespace {

std::string milliseconds(int count) { return std::to_string(count) + "ms"; }

/// A `time.sleep` under the limit.
std::string limited(const std::string &name, int length, const std::string &after = "") {
  return "  %t" + name + " = const {value = " + milliseconds(length) + "} : duration\n  %" + name +
         " = time.sleep(%t" + name + ")" + (after.empty() ? "" : " after(" + after + ")") +
         " {limit = @slots} : none\n";
}

/// `count` short ones of `length` beside `work`, which defines `%done`, and a tail of 300 ms behind that,
/// which needs no slot.
std::string besideShorts(int slots, int count, int length, const std::string &work, bool tail = true) {
  std::string text = "limit @slots {max_in_flight = " + std::to_string(slots) +
                     "}\nfunc @main(%yes: bool, %n: i64) -> i64 {\n",
              all = "%done";
  for (int i = 0; i < count; ++i) {
    text += limited("short" + std::to_string(i), length);
    all += ", %short" + std::to_string(i);
  }
  text += work;
  if (tail) {
    text += "  %ttail = const {value = 300ms} : duration\n  %tail = time.sleep(%ttail) after(%done) : none\n";
    all += ", %tail";
  }
  return text + "  %one = const {value = 1} : i64\n  return(%one) after(" + all + ")\n}\n";
}

const std::string list = "  %zero = const {value = 0} : i64\n  %xs = list.range(%zero, %n) : list<i64>\n";

/// How long a program takes in milliseconds, given true and `n`: the same on one worker and on several.
int64_t makespan(const std::string &text, int64_t n = 0, Schedule schedule = Schedule::Dataflow) {
  int64_t found = 0;
  for (unsigned jobs : {1u, 3u}) {
    Stage stage(text, 0, jobs);
    stage.options.schedule = schedule;
    RunReport report = stage.run({Value::boolean(true), Value::i64(n)});
    EXPECT_TRUE(report.ok) << report.failure.message << stage.messages;
    EXPECT_TRUE(!found || found == report.stats.wallNanoseconds) << text;
    found = report.stats.wallNanoseconds;
  }
  EXPECT_EQ(found % ms, 0);
  return found / ms;
}

// One slot, four short ones of 50 ms, and one of 20 ms before the tail: 320 ms when it goes first, 520 last.
int64_t beforeTheTail(const std::string &work, int64_t n = 0) {
  return makespan(besideShorts(1, 4, 50, work), n);
}

std::string ifOf(const std::string &name, const std::string &body, const std::string &last) {
  const std::string yield = "  yield(%n) after(%" + last + ")\n  } ";
  return "  %" + name + " = if(%yes) : i64 {\n" + body + yield + "{\n  yield(%n)\n  }\n";
}

std::string mapOf(const std::string &name, const std::string &body, const std::string &yielded,
                  const std::string &attributes = "") {
  return "  %" + name + " = map(%xs) " + attributes + " : list<none> {\n  ^(%x" + name + ": i64)\n" + body +
         "  yield(%" + yielded + ")\n  }\n";
}

} // namespace

TEST(RegionPriorityTest, WithoutARegionTheLongerPathGoesFirst) {
  EXPECT_EQ(beforeTheTail(limited("done", 20)), 320);
}

TEST(RegionPriorityTest, WhatComesAfterAnIfCountsWithinIt) {
  EXPECT_EQ(beforeTheTail(ifOf("done", limited("a", 20), "a")), 320);
}

TEST(RegionPriorityTest, WhatComesAfterNestedRegionsCountsWithinTheInnermost) {
  EXPECT_EQ(beforeTheTail(ifOf("done", ifOf("b", ifOf("c", limited("a", 20), "a"), "c"), "b")), 320);
}

TEST(RegionPriorityTest, WhatComesAfterARegionCountsForAChainWithinIt) {
  EXPECT_EQ(beforeTheTail(ifOf("done", limited("a", 20) + limited("b", 20, "%a"), "b")), 340);
}

TEST(RegionPriorityTest, WhatComesAfterASwitchCountsWithinIt) {
  EXPECT_EQ(beforeTheTail("  %done = switch(%n) {cases = [0]} : none {\n" + limited("a", 20) +
                          "  yield(%a)\n  } {\n" + limited("b", 20) + "  yield(%b)\n  }\n"),
            320);
}

TEST(RegionPriorityTest, WhatComesAfterATryCountsWithinIt) {
  EXPECT_EQ(beforeTheTail("  %done = try : result<none> {\n" + limited("a", 20) + "  yield(%a)\n  }\n"), 320);
}

TEST(RegionPriorityTest, WhatComesAfterARaceCountsWithinIt) {
  EXPECT_EQ(beforeTheTail("  %done = race : list<none> {\n" + limited("a", 20) + "  yield(%a)\n  } {\n" +
                          sleepOf("b", 5000) + "  yield(%b)\n  }\n"),
            320);
}

TEST(RegionPriorityTest, WhatComesAfterAMapCountsWithinIt) {
  EXPECT_EQ(beforeTheTail(list + mapOf("done", limited("a", 20), "a"), 2), 340);
}

TEST(RegionPriorityTest, WhatComesAfterAMapWithinAnIfCountsWithinIt) {
  EXPECT_EQ(
      beforeTheTail(list + ifOf("done", mapOf("m", limited("a", 20), "a") + limited("b", 20, "%m"), "b"), 2),
      360);
}

TEST(RegionPriorityTest, WhatComesAfterAMapWithinAMapCountsWithinIt) {
  EXPECT_EQ(
      beforeTheTail(list + mapOf("done", mapOf("m", limited("a", 20), "a") + limited("b", 20, "%m"), "b"), 2),
      420);
}

TEST(RegionPriorityTest, WhatComesAfterAWhileCountsInEachTrip) {
  EXPECT_EQ(
      beforeTheTail("  %zero = const {value = 0} : i64\n  %done = while(%zero) {max_trips = 9} : i64 {\n"
                    "  ^(%i: i64)\n  %step = const {value = 1} : i64\n" +
                        limited("a", 20) +
                        "  %next = i64.add(%i, %step) after(%a) : i64\n  %more = i64.lt(%next, %n) : bool\n"
                        "  continue(%more, %next)\n  }\n",
                    3),
      360);
}

static const std::string callee =
    "func private @callee() -> none {\n" + limited("a", 20) + "  return(%a)\n}\n";

TEST(RegionPriorityTest, WhatComesAfterACallCountsWithinIt) {
  EXPECT_EQ(makespan(besideShorts(1, 4, 50, "  %done = call @callee() : none\n") + callee), 320);
}

/// The short ones of 50 ms, then the calls that nothing follows: those are the shortest.
TEST(RegionPriorityTest, EachCallOfAFunctionCountsWhatComesAfterItself) {
  EXPECT_EQ(makespan(besideShorts(1, 4, 50,
                                  "  %idle0 = call @callee() : none\n  %idle1 = call @callee() : none\n"
                                  "  %done = call @callee() : none\n  %idle2 = call @callee() : none\n") +
                     callee),
            320);
}

/// Each of its activations asks for a slot on its way out.
TEST(RegionPriorityTest, WhatComesAfterARecursiveCallCountsWithinIt) {
  const std::string again = "func private @again(%n: i64) -> none attributes {recursive} {\n"
                            "  %zero = const {value = 0} : i64\n  %minus = const {value = -1} : i64\n"
                            "  %goes = i64.gt(%n, %zero) : bool\n  %less = i64.add(%n, %minus) : i64\n"
                            "  %r = if(%goes) : i64 {\n  %c = call @again(%less) : none\n"
                            "  yield(%n) after(%c)\n  } {\n  yield(%n)\n  }\n" +
                            limited("a", 20, "%r") + "  return(%a)\n}\n";
  EXPECT_EQ(makespan(besideShorts(1, 4, 50, "  %done = call @again(%n) : none\n") + again, 2), 360);
}

/// Two slots, four short ones of 50 ms and six trips of 30 ms: 200 ms when the trips have a slot of their own
/// from the start; 280 where each trip counts as 30 ms, because all short ones go first.
static int64_t besideTrips(const std::string &work) {
  return makespan(besideShorts(2, 4, 50, work, false), 6);
}

TEST(RegionPriorityTest, ATripOfALoopCountsThoseBehindIt) {
  EXPECT_EQ(besideTrips(list + "  %done = for(%xs, %n) : i64 {\n  ^(%x: i64, %so: i64)\n" + limited("a", 30) +
                        "  yield(%so) after(%a)\n  }\n"),
            200);
}

TEST(RegionPriorityTest, ATripOfAScanCountsThoseBehindIt) {
  EXPECT_EQ(besideTrips(list + "  %done = scan(%xs, %n) : list<i64> {\n  ^(%x: i64, %so: i64)\n" +
                        limited("a", 30) + "  yield(%so) after(%a)\n  }\n"),
            200);
}

TEST(RegionPriorityTest, AnElementOfAMapCountsThoseThatWaitForItsPlaceInTheWindow) {
  EXPECT_EQ(besideTrips(list + mapOf("done", limited("a", 30), "a", "{window = 1}")), 200);
}

/// Three trips of three elements of 20 ms one by one, and two short ones of 70 ms: the first two elements
/// have 100 and 80 ms before them, the third 60, so it waits until 70 for a slot. Where the trips did not
/// count, it would wait from the start.
TEST(RegionPriorityTest, AnElementCountsWhatIsLeftOfTheLoopAroundItsMap) {
  EXPECT_EQ(makespan(besideShorts(2, 2, 70,
                                  list + "  %done = for(%xs, %n) : i64 {\n  ^(%x: i64, %so: i64)\n" +
                                      mapOf("m", limited("a", 20), "a", "{window = 1}") +
                                      "  yield(%so) after(%m)\n  }\n",
                                  false),
                     3),
            210);
}

/// Four values make two pairs and a third of those: 120 ms of 60, which go before the 100 ms beside them.
TEST(RegionPriorityTest, APairOfATreeCountsThoseAboveIt) {
  EXPECT_EQ(makespan(besideShorts(2, 1, 100,
                                  list +
                                      "  %done = reduce(%xs, %n) {associative} : i64 {\n"
                                      "  ^(%l: i64, %r: i64)\n" +
                                      limited("a", 60) + "  yield(%l) after(%a)\n  }\n",
                                  false),
                     3),
            160);
}

/// Serial and level by level there is no choice to make: the result is the same, and no slot is kept back.
TEST(RegionPriorityTest, OtherSchedulesRunTheSameProgram) {
  const std::string text = besideShorts(1, 4, 50, list + mapOf("done", limited("a", 20), "a"));
  EXPECT_EQ(makespan(text, 2, Schedule::Serial), 540);
  EXPECT_EQ(makespan(text, 2, Schedule::Levels), 540);
}
