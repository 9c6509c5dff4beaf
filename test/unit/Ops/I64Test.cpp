#include "OpsTest.h"

using namespace xcs;

namespace {

struct I64Test : OpsTest {};

TEST_F(I64Test, ArithmeticGivesExactResults) {
  EXPECT_EQ(eval("i64.add", {I(2), I(3)}), "5");
  EXPECT_EQ(eval("i64.sub", {I(2), I(3)}), "-1");
  EXPECT_EQ(eval("i64.mul", {I(-4), I(3)}), "-12");
  EXPECT_EQ(eval("i64.add", {I(INT64_MAX), I(INT64_MIN)}), "-1");
  EXPECT_EQ(eval("i64.neg", {I(7)}), "-7");
  EXPECT_EQ(eval("i64.abs", {I(-7)}), "7");
  EXPECT_EQ(eval("i64.abs", {I(7)}), "7");
  EXPECT_EQ(eval("i64.min", {I(-7), I(2)}), "-7");
  EXPECT_EQ(eval("i64.max", {I(-7), I(2)}), "2");
}

TEST_F(I64Test, OverflowIsAnErrorNeverWrapped) {
  EXPECT_EQ(eval("i64.add", {I(INT64_MAX), I(1)}),
            "[integer-overflow] the result of `i64.add` does not fit into an i64; use smaller numbers");
  for (const auto &[op, a, b] :
       {std::tuple("i64.sub", INT64_MIN, int64_t(1)), std::tuple("i64.mul", INT64_MAX, int64_t(2)),
        std::tuple("i64.div", INT64_MIN, int64_t(-1))})
    EXPECT_TRUE(eval(op, {I(a), I(b)}).starts_with("[integer-overflow] ")) << op;
  EXPECT_TRUE(eval("i64.neg", {I(INT64_MIN)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("i64.abs", {I(INT64_MIN)}).starts_with("[integer-overflow] "));
  EXPECT_TRUE(eval("i64.sum", {L({I(INT64_MAX), I(1), I(-5)})}).starts_with("[integer-overflow] "));
}

TEST_F(I64Test, DivisionRoundsTowardsZero) {
  EXPECT_EQ(eval("i64.div", {I(7), I(2)}), "3");
  EXPECT_EQ(eval("i64.div", {I(-7), I(2)}), "-3");
  EXPECT_EQ(eval("i64.rem", {I(7), I(-2)}), "1");
  EXPECT_EQ(eval("i64.rem", {I(-7), I(2)}), "-1");
}

TEST_F(I64Test, RemainderOfTheLeastNumberByMinusOneIsZero) {
  EXPECT_EQ(eval("i64.rem", {I(INT64_MIN), I(-1)}), "0");
}

TEST_F(I64Test, DivisionByZeroIsAnError) {
  EXPECT_EQ(eval("i64.div", {I(1), I(0)}),
            "[division-by-zero] `i64.div` divides by zero; check the divisor first");
  EXPECT_EQ(eval("i64.rem", {I(0), I(0)}),
            "[division-by-zero] `i64.rem` divides by zero; check the divisor first");
}

TEST_F(I64Test, RelationsCompareSignedNumbers) {
  const std::map<std::string, std::string> wanted = {{"eq", "001"}, {"ne", "110"}, {"lt", "100"},
                                                     {"le", "101"}, {"gt", "010"}, {"ge", "011"}};
  for (const auto &[relation, truths] : wanted) {
    std::string found;
    for (auto [a, b] : {std::pair(int64_t(-1), int64_t(1)), std::pair(INT64_MAX, INT64_MIN),
                        std::pair(int64_t(4), int64_t(4))})
      found += eval("i64." + relation, {I(a), I(b)}) == "true" ? '1' : '0';
    EXPECT_EQ(found, truths) << relation;
  }
}

TEST_F(I64Test, ConvertsToFloatsAndText) {
  EXPECT_EQ(eval("i64.to_f64", {I(3)}), "3.0");
  EXPECT_EQ(eval("i64.to_f64", {I(INT64_MAX)}), "9223372036854775808.0");
  EXPECT_EQ(eval("i64.to_str", {I(INT64_MIN)}), "\"-9223372036854775808\"");
}

TEST_F(I64Test, ListsAreSummedAndSearched) {
  EXPECT_EQ(eval("i64.sum", {L({I(1), I(2), I(3)})}), "6");
  EXPECT_EQ(eval("i64.sum", {L(i64, {})}), "0");
  EXPECT_EQ(eval("i64.min_of", {L({I(3), I(-2), I(9)})}), "-2");
  EXPECT_EQ(eval("i64.max_of", {L({I(3), I(-2), I(9)})}), "9");
}

TEST_F(I64Test, AnEmptyListHasNoLeastElement) {
  EXPECT_EQ(eval("i64.min_of", {L(i64, {})}),
            "[empty-list] `i64.min_of` has no result for an empty list; check `list.len` first");
  EXPECT_TRUE(eval("i64.max_of", {L(i64, {})}).starts_with("[empty-list] "));
}

} // namespace
