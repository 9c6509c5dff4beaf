#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

struct BoolTest : OpsTest {};
struct DurationTest : OpsTest {};

TEST_F(BoolTest, TruthTables) {
  const std::map<std::string, std::string> wanted = {
      {"and", "0001"}, {"or", "0111"}, {"xor", "0110"}, {"eq", "1001"}};
  for (const auto &[op, truths] : wanted) {
    std::string found;
    for (int i = 0; i < 4; ++i)
      found += eval("bool." + op, {B(i & 2), B(i & 1)}) == "true" ? '1' : '0';
    EXPECT_EQ(found, truths) << op;
  }
  EXPECT_EQ(eval("bool.not", {B(true)}), "false");
}

TEST_F(BoolTest, OfAnEmptyListAllAreTrueAndNoneIs) {
  EXPECT_EQ(eval("bool.all_of", {L(boolean, {})}), "true");
  EXPECT_EQ(eval("bool.any_of", {L(boolean, {})}), "false");
  EXPECT_EQ(eval("bool.all_of", {L({B(true), B(false)})}), "false");
  EXPECT_EQ(eval("bool.any_of", {L({B(false), B(true)})}), "true");
}

TEST_F(DurationTest, ConversionsAndArithmetic) {
  EXPECT_EQ(eval("duration.from_ms", {I(1500)}), "\"1500ms\"");
  EXPECT_EQ(eval("duration.to_ms", {D(-1'999'999)}), "-1");
  EXPECT_EQ(eval("duration.from_seconds", {F(0.25)}), "\"250ms\"");
  EXPECT_EQ(eval("duration.to_seconds", {D(1'500'000'000)}), "1.5");
  EXPECT_EQ(eval("duration.add", {D(1000), D(1)}), "\"1001ns\"");
  EXPECT_EQ(eval("duration.sub", {D(0), D(1000)}), "\"-1us\"");
  EXPECT_EQ(eval("duration.mul", {D(1'000'000'000), I(120)}), "\"2m\"");
  EXPECT_EQ(eval("duration.min", {D(1), D(2)}), "\"1ns\"");
  EXPECT_EQ(eval("duration.max", {D(1), D(2)}), "\"2ns\"");
  EXPECT_EQ(eval("duration.to_str", {D(7'200'000'000'000)}), "\"2h\"");
}

TEST_F(DurationTest, ReadsWhatItWrites) {
  EXPECT_EQ(eval("duration.from_str", {S("-250ms")}), "\"-250ms\"");
  EXPECT_EQ(eval("duration.from_str", {S("120s")}), "\"2m\"");
  EXPECT_EQ(eval("duration.from_str", {S("1.5s")}), "\"1500ms\"");
  EXPECT_EQ(eval("duration.from_str", {S("1h30m")}), "\"90m\"");
  EXPECT_EQ(
      eval("duration.from_str", {S("1.5")}),
      "[parse-failed] cannot read `1.5` as a duration: it is not like `250ms`, `1.5s` or `1h30m`, in whole "
      "nanoseconds and from large to small units");
  for (const char *wrong : {"", "3", "s", "3 s", " 3s", "3S", "9223372036854775807h"})
    EXPECT_TRUE(eval("duration.from_str", {S(wrong)}).starts_with("[parse-failed] ")) << wrong;
}

TEST_F(DurationTest, OverflowIsAnError) {
  EXPECT_EQ(eval("duration.from_ms", {I(INT64_MAX)}), "[integer-overflow] the result of `duration.from_ms` "
                                                      "does not fit into a duration; use smaller numbers");
  EXPECT_TRUE(eval("duration.add", {D(INT64_MAX), D(1)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("duration.sub", {D(INT64_MIN), D(1)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("duration.mul", {D(INT64_MAX), I(2)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("duration.from_seconds", {F(1e10)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("duration.from_seconds", {F(std::numeric_limits<double>::quiet_NaN())})
                  .starts_with("[integer-overflow] "));
}

TEST_F(DurationTest, Relations) {
  const std::map<std::string, std::string> wanted = {{"eq", "001"}, {"ne", "110"}, {"lt", "100"},
                                                     {"le", "101"}, {"gt", "010"}, {"ge", "011"}};
  for (const auto &[relation, truths] : wanted) {
    std::string found;
    for (auto [a, b] : {std::pair(-1, 1), std::pair(2, 1), std::pair(4, 4)})
      found += eval("duration." + relation, {D(a), D(b)}) == "true" ? '1' : '0';
    EXPECT_EQ(found, truths) << relation;
  }
}

} // namespace
