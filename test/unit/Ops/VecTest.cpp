#include "OpsTest.h"
#include <cmath>
#include <limits>

using namespace xcs;

namespace {

struct VecTest : OpsTest {
  Typed V(std::vector<double> numbers) {
    std::vector<Typed> items;
    for (double number : numbers)
      items.push_back(F(number));
    return L(f64, items);
  }
  Typed M(std::vector<Typed> vectors) { return L(pool.list(f64), std::move(vectors)); }
};

TEST_F(VecTest, ProductsAndLengths) {
  EXPECT_EQ(eval("vec.dot", {V({1, 2, 3}), V({4, 5, 6})}), "32.0");
  EXPECT_EQ(eval("vec.dot", {V({}), V({})}), "0.0");
  EXPECT_EQ(eval("vec.norm", {V({3, 4})}), "5.0");
  EXPECT_EQ(eval("vec.norm", {V({})}), "0.0");
  EXPECT_EQ(eval("vec.add", {V({1, 2}), V({0.5, -2})}), "[1.5,0.0]");
  EXPECT_EQ(eval("vec.scale", {V({1, -2}), F(2)}), "[2.0,-4.0]");
}

TEST_F(VecTest, CosineIsThatOfTheAngle) {
  EXPECT_EQ(eval("vec.cosine", {V({1, 0}), V({0, 2})}), "0.0");
  EXPECT_EQ(eval("vec.cosine", {V({1, 1}), V({-3, -3})}), "-1.0");
  EXPECT_EQ(eval("vec.cosine", {V({0.1, 0.3, 0.7}), V({0.1, 0.3, 0.7})}), "1.0");
}

TEST_F(VecTest, GreatAndSmallNumbersKeepTheirDirection) {
  for (int exponent : {700, -700}) // squares alone would overflow or vanish
    EXPECT_EQ(eval("vec.norm", {V({std::ldexp(3, exponent), std::ldexp(4, exponent)})}),
              printFloat(std::ldexp(5, exponent)));
  EXPECT_EQ(eval("vec.cosine", {V({1e200, 0}), V({1e-200, 0})}), "1.0");
  EXPECT_EQ(eval("vec.norm", {V({std::numeric_limits<double>::infinity(), 1})}), "inf");
}

TEST_F(VecTest, DifferentLengthsAreAnError) {
  for (const char *op : {"vec.dot", "vec.cosine", "vec.add"})
    EXPECT_EQ(eval(op, {V({1}), V({1, 2})}),
              "[length-mismatch] `" + std::string(op) + "` needs lists of the same length, not of 1 and 2");
  EXPECT_TRUE(eval("vec.top_k", {V({1}), M({V({1}), V({1, 2})}), I(1)}).starts_with("[length-mismatch] "));
}

TEST_F(VecTest, AZeroVectorHasNoDirection) {
  EXPECT_EQ(eval("vec.cosine", {V({1}), V({0})}),
            "[zero-vector] `vec.cosine` needs a direction, but the second operand has none: all its elements "
            "are zero; remove it");
  EXPECT_TRUE(eval("vec.cosine", {V({}), V({})}).starts_with("[zero-vector] "));
  EXPECT_TRUE(eval("vec.top_k", {V({1}), M({V({1}), V({0})}), I(1)})
                  .starts_with("[zero-vector] `vec.top_k` needs a direction, but vector 1 has none"));
  EXPECT_TRUE(eval("vec.top_k", {V({0}), M({V({1})}), I(1)}).starts_with("[zero-vector] "));
}

TEST_F(VecTest, TopKIsStableAndNeverMoreThanThereAre) {
  Typed three = M({V({1, 0}), V({0, 1}), V({2, 0})});
  EXPECT_EQ(eval("vec.top_k", {V({1, 0.1}), three, I(2)}), "[0,2]");
  EXPECT_EQ(eval("vec.top_k", {V({1, 0.1}), three, I(9)}), "[0,2,1]");
  EXPECT_EQ(eval("vec.top_k", {V({1, 0.1}), three, I(0)}), "[]");
  EXPECT_EQ(eval("vec.top_k", {V({}), M({}), I(3)}), "[]");
  EXPECT_TRUE(eval("vec.top_k", {V({1, 0}), three, I(-1)}).starts_with("[bad-argument] "));
}

TEST_F(VecTest, ANanComesLast) {
  Typed with = M({V({std::nan(""), 1}), V({-1, 0}), V({1, 0})});
  EXPECT_EQ(eval("vec.top_k", {V({1, 0}), with, I(3)}), "[2,1,0]");
}

TEST_F(VecTest, MedianAndDeviationOfLists) {
  EXPECT_EQ(eval("f64.median", {V({3, 1, 2})}), "2.0");
  EXPECT_EQ(eval("f64.median", {V({4, 1, 3, 2})}), "2.5");
  EXPECT_EQ(eval("f64.median", {V({1.5e308, 1.7e308})}), "1.6e+308");
  EXPECT_EQ(eval("f64.median", {V({1, std::nan("")})}), "nan");
  EXPECT_EQ(eval("f64.stddev", {V({2, 4, 4, 4, 5, 5, 7, 9})}), "2.0");
  EXPECT_EQ(eval("f64.stddev", {V({1e9 + 1, 1e9 + 3})}), "1.0");
  for (const char *op : {"f64.median", "f64.stddev"})
    EXPECT_TRUE(eval(op, {V({})}).starts_with("[empty-list] ")) << op;
}

} // namespace
