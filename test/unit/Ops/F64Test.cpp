#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();

struct F64Test : OpsTest {};

TEST_F(F64Test, ArithmeticIsThatOfIeee) {
  EXPECT_EQ(eval("f64.add", {F(0.1), F(0.2)}), "0.30000000000000004");
  EXPECT_EQ(eval("f64.sub", {F(1), F(0.5)}), "0.5");
  EXPECT_EQ(eval("f64.mul", {F(1e308), F(10)}), "inf");
  EXPECT_EQ(eval("f64.div", {F(1), F(4)}), "0.25");
  EXPECT_EQ(eval("f64.neg", {F(0)}), "-0.0");
  EXPECT_EQ(eval("f64.abs", {F(-2.5)}), "2.5");
  EXPECT_EQ(eval("f64.floor", {F(-1.5)}), "-2.0");
  EXPECT_EQ(eval("f64.ceil", {F(-1.5)}), "-1.0");
  EXPECT_EQ(eval("f64.sqrt", {F(9)}), "3.0");
  EXPECT_EQ(eval("f64.sqrt", {F(-1)}), "nan");
  EXPECT_EQ(eval("f64.pow", {F(2), F(10)}), "1024.0");
}

TEST_F(F64Test, HalvesRoundAwayFromZero) {
  EXPECT_EQ(eval("f64.round", {F(0.5)}), "1.0");
  EXPECT_EQ(eval("f64.round", {F(-2.5)}), "-3.0");
  EXPECT_EQ(eval("f64.round", {F(0.49999999999999994)}), "0.0");
}

TEST_F(F64Test, DivisionByZeroIsAnErrorOfEitherSign) {
  for (double zero : {0.0, -0.0})
    EXPECT_EQ(eval("f64.div", {F(1), F(zero)}),
              "[division-by-zero] `f64.div` divides by zero; check the divisor first");
}

TEST_F(F64Test, MinAndMaxLetANanThroughOnEitherSide) {
  EXPECT_EQ(eval("f64.min", {F(1), F(2)}), "1.0");
  EXPECT_EQ(eval("f64.max", {F(1), F(2)}), "2.0");
  for (const char *op : {"f64.min", "f64.max"}) {
    EXPECT_EQ(eval(op, {F(nan), F(2)}), "nan");
    EXPECT_EQ(eval(op, {F(2), F(nan)}), "nan");
  }
}

TEST_F(F64Test, TheZeroWithTheSignIsTheLesserInEitherOrder) {
  EXPECT_EQ(eval("f64.min", {F(0.0), F(-0.0)}), "-0.0");
  EXPECT_EQ(eval("f64.min", {F(-0.0), F(0.0)}), "-0.0");
  EXPECT_EQ(eval("f64.max", {F(0.0), F(-0.0)}), "0.0");
  EXPECT_EQ(eval("f64.max", {F(-0.0), F(0.0)}), "0.0");
  for (auto [a, b] : {std::pair(0.0, -0.0), std::pair(-0.0, 0.0)}) {
    EXPECT_EQ(eval("f64.min_of", {L({F(a), F(b)})}), "-0.0");
    EXPECT_EQ(eval("f64.max_of", {L({F(a), F(b)})}), "0.0");
  }
  EXPECT_EQ(eval("f64.min", {F(-0.0), F(nan)}), "nan");
}

TEST_F(F64Test, RelationsNeverHoldWithANanButNotEqual) {
  const std::map<std::string, std::string> wanted = {{"eq", "0010"}, {"ne", "1101"}, {"lt", "1000"},
                                                     {"le", "1010"}, {"gt", "0100"}, {"ge", "0110"}};
  for (const auto &[relation, truths] : wanted) {
    std::string found;
    for (auto [a, b] : {std::pair(-1.0, 1.0), std::pair(inf, 1.0), std::pair(0.0, -0.0), std::pair(nan, nan)})
      found += eval("f64." + relation, {F(a), F(b)}) == "true" ? '1' : '0';
    EXPECT_EQ(found, truths) << relation;
  }
  EXPECT_EQ(eval("f64.is_nan", {F(nan)}), "true");
  EXPECT_EQ(eval("f64.is_nan", {F(inf)}), "false");
  EXPECT_EQ(eval("f64.is_finite", {F(inf)}), "false");
  EXPECT_EQ(eval("f64.is_finite", {F(1)}), "true");
}

TEST_F(F64Test, ConversionToIntegersIsTowardsZeroAndChecked) {
  EXPECT_EQ(eval("f64.to_i64", {F(-2.9)}), "-2");
  EXPECT_EQ(eval("f64.to_i64", {F(-0x1p63)}), "-9223372036854775808");
  EXPECT_EQ(eval("f64.to_i64", {F(0x1p63)}),
            "[parse-failed] cannot read `9223372036854775808.0` as an i64: it is out of range");
  EXPECT_EQ(eval("f64.to_i64", {F(nan)}), "[parse-failed] cannot read `nan` as an i64: it is out of range");
}

TEST_F(F64Test, TextIsTheShortestThatReadsBackAndAlwaysLooksLikeAFloat) {
  EXPECT_EQ(eval("f64.to_str", {F(1)}), "\"1.0\"");
  EXPECT_EQ(eval("f64.to_str", {F(0.1)}), "\"0.1\"");
  EXPECT_EQ(eval("f64.to_str", {F(1e30)}), "\"1e+30\"");
  EXPECT_EQ(eval("f64.to_str", {F(-inf)}), "\"-inf\"");
  EXPECT_EQ(eval("f64.to_str", {F(-nan)}), "\"nan\"");
}

TEST_F(F64Test, ListsAreSummedAndSearched) {
  EXPECT_EQ(eval("f64.sum", {L({F(1), F(2.5)})}), "3.5");
  EXPECT_EQ(eval("f64.sum", {L(f64, {})}), "0.0");
  EXPECT_EQ(eval("f64.mean", {L({F(1), F(2)})}), "1.5");
  EXPECT_EQ(eval("f64.min_of", {L({F(3), F(1), F(2)})}), "1.0");
  EXPECT_EQ(eval("f64.max_of", {L({F(1), F(3), F(2)})}), "3.0");
  EXPECT_EQ(eval("f64.argmax", {L({F(1), F(3), F(3)})}), "1");
  EXPECT_EQ(eval("f64.argmin", {L({F(2), F(1), F(1)})}), "1");
}

TEST_F(F64Test, TheFirstNanOfAListIsItsBest) {
  EXPECT_EQ(eval("f64.max_of", {L({F(1), F(nan), F(3)})}), "nan");
  EXPECT_EQ(eval("f64.argmax", {L({F(1), F(nan), F(nan)})}), "1");
  EXPECT_EQ(eval("f64.argmin", {L({F(nan), F(1)})}), "0");
}

TEST_F(F64Test, AnEmptyListHasNoMeanAndNoBest) {
  for (const char *op : {"f64.mean", "f64.min_of", "f64.max_of", "f64.argmin", "f64.argmax"})
    EXPECT_TRUE(eval(op, {L(f64, {})}).starts_with("[empty-list] `" + std::string(op) + "`")) << op;
}

} // namespace
