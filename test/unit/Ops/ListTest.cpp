#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

struct ListTest : OpsTest {
  Typed numbers(int64_t count) {
    std::vector<Typed> items;
    for (int64_t i = 0; i < count; ++i)
      items.push_back(I(i));
    return L(i64, items);
  }
  TypeId pairOf(std::string_view a, TypeId first, std::string_view b, TypeId second) {
    TypeField fields[] = {{pool.intern(a), first}, {pool.intern(b), second}};
    return pool.list(pool.record(fields));
  }
};

TEST_F(ListTest, PackTakesItsOperandsInOrder) {
  EXPECT_EQ(eval("list.pack", {S("a"), S("b"), S("a")}), R"(["a","b","a"])");
  EXPECT_EQ(eval("list.pack", {}, {}, pool.list(str)), "[]");
}

TEST_F(ListTest, FirstAndLast) {
  EXPECT_EQ(eval("list.first", {numbers(3)}), "0");
  EXPECT_EQ(eval("list.last", {numbers(3)}), "2");
  for (const char *op : {"list.first", "list.last"})
    EXPECT_TRUE(eval(op, {L(str, {})}).starts_with("[empty-list] `" + std::string(op) + "`")) << op;
}

TEST_F(ListTest, GetChecksTheIndex) {
  EXPECT_EQ(eval("list.get", {numbers(3), I(2)}), "2");
  EXPECT_EQ(eval("list.get", {numbers(3), I(7)}), "[index-out-of-range] index 7 is outside a list of 3");
  EXPECT_EQ(eval("list.get", {numbers(3), I(-1)}), "[index-out-of-range] index -1 is outside a list of 3");
  EXPECT_EQ(eval("list.get", {numbers(0), I(0)}), "[index-out-of-range] index 0 is outside a list of 0");
}

TEST_F(ListTest, SliceChecksBothEnds) {
  EXPECT_EQ(eval("list.slice", {numbers(4), I(1), I(3)}), "[1,2]");
  EXPECT_EQ(eval("list.slice", {numbers(4), I(2)}), "[2,3]");
  EXPECT_EQ(eval("list.slice", {numbers(4), I(4), I(4)}), "[]");
  EXPECT_EQ(eval("list.slice", {numbers(4), I(1), I(5)}),
            "[index-out-of-range] index 5 is outside a list of 4");
  EXPECT_TRUE(
      eval("list.slice", {numbers(4), I(3), I(1)}).starts_with("[bad-argument] the end of `list.slice`"));
}

TEST_F(ListTest, ListsAreJoined) {
  EXPECT_EQ(eval("list.len", {numbers(3)}), "3");
  EXPECT_EQ(eval("list.concat", {numbers(2), numbers(0), numbers(1)}), "[0,1,0]");
  EXPECT_EQ(eval("list.concat", {}, {}, pool.list(i64)), "[]");
  EXPECT_EQ(eval("list.append", {numbers(2), I(9)}), "[0,1,9]");
  EXPECT_EQ(eval("list.flatten", {L({numbers(2), numbers(0), numbers(1)})}), "[0,1,0]");
  EXPECT_EQ(eval("list.reverse", {numbers(3)}), "[2,1,0]");
}

TEST_F(ListTest, ZipWantsListsOfOneLength) {
  TypeId pairs = pairOf("first", i64, "second", str);
  EXPECT_EQ(eval("list.zip", {numbers(2), L({S("a"), S("b")})}, {}, pairs),
            R"([{"first":0,"second":"a"},{"first":1,"second":"b"}])");
  EXPECT_EQ(eval("list.zip", {numbers(3), L({S("a")})}, {}, pairs),
            "[length-mismatch] `list.zip` needs lists of the same length, not of 3 and 1");
}

TEST_F(ListTest, EnumerateCountsFromZero) {
  EXPECT_EQ(eval("list.enumerate", {L({S("a"), S("b")})}, {}, pairOf("index", i64, "value", str)),
            R"([{"index":0,"value":"a"},{"index":1,"value":"b"}])");
}

TEST_F(ListTest, SortIsStableAndPutsNanLastEitherWay) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  AttrId yes = pool.unitAttr();
  EXPECT_EQ(eval("list.sort", {L({F(2), F(nan), F(-1)})}), "[-1.0,2.0,nan]");
  EXPECT_EQ(eval("list.sort", {L({F(2), F(nan), F(-1), F(3)})}, {{"descending", yes}}), "[3.0,2.0,-1.0,nan]");
  EXPECT_EQ(eval("list.sort", {L({S("b"), S("B"), S("\u00e9"), S("")})}), "[\"\",\"B\",\"b\",\"\u00e9\"]");
  EXPECT_EQ(eval("list.sort", {L({F(-0.0), F(0.0), F(-1)})}), "[-1.0,-0.0,0.0]");
  EXPECT_EQ(eval("list.sort", {L({L({I(2)}), L({I(1), I(5)}), L(i64, {}), L({I(1)})})}),
            "[[],[1],[1,5],[2]]");
}

TEST_F(ListTest, UniqueKeepsTheFirst) {
  EXPECT_EQ(eval("list.unique", {L({S("b"), S("a"), S("b"), S("a")})}), R"(["b","a"])");
  EXPECT_EQ(eval("list.unique", {L({F(0.0), F(-0.0)})}), "[0.0]");
  EXPECT_EQ(eval("list.unique", {L({J("{\"a\":1,\"b\":2}"), J("{\"b\":2.0,\"a\":1}")})}),
            R"([{"a":1,"b":2}])");
}

TEST_F(ListTest, RangeStopsBeforeItsEnd) {
  EXPECT_EQ(eval("list.range", {I(0), I(3)}), "[0,1,2]");
  EXPECT_EQ(eval("list.range", {I(0), I(7), I(3)}), "[0,3,6]");
  EXPECT_EQ(eval("list.range", {I(3), I(0), I(-2)}), "[3,1]");
  EXPECT_EQ(eval("list.range", {I(3), I(3)}), "[]");
  EXPECT_EQ(eval("list.range", {I(0), I(3), I(-1)}), "[]");
  EXPECT_EQ(eval("list.range", {I(0), I(3), I(0)}),
            "[bad-argument] the step of `list.range` must move, not 0");
}

TEST_F(ListTest, RangeOfExtremesDoesNotOverflow) {
  EXPECT_EQ(eval("list.range", {I(INT64_MIN), I(INT64_MAX), I(INT64_MAX)}),
            "[-9223372036854775808,-1,9223372036854775806]");
  EXPECT_EQ(eval("list.range", {I(INT64_MAX), I(INT64_MIN), I(INT64_MIN)}), "[9223372036854775807,-1]");
  EXPECT_TRUE(eval("list.range", {I(INT64_MIN), I(INT64_MAX)}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.range", {I(0), I(100'000'000)}).starts_with("[limit-exceeded] "));
}

TEST_F(ListTest, ChunkLeavesNothingOut) {
  EXPECT_EQ(eval("list.chunk", {numbers(5), I(2)}), "[[0,1],[2,3],[4]]");
  EXPECT_EQ(eval("list.chunk", {numbers(2), I(INT64_MAX)}), "[[0,1]]");
  EXPECT_EQ(eval("list.chunk", {numbers(0), I(2)}), "[]");
  EXPECT_EQ(eval("list.chunk", {numbers(2), I(0)}),
            "[bad-argument] the size of `list.chunk` must be at least 1, not 0");
}

TEST_F(ListTest, TopKPrefersTheEarlierOfEqualOnes) {
  auto pair = [&](double score, std::string_view name) {
    return L({F(score), F(static_cast<double>(name.size()))});
  };
  EXPECT_EQ(eval("list.top_k", {L({I(3), I(9), I(5)}), I(2)}), "[9,5]");
  EXPECT_EQ(eval("list.top_k", {L({I(3)}), I(2)}), "[3]");
  EXPECT_EQ(eval("list.top_k", {L({pair(1, "a"), pair(2, "bb"), pair(2, "cc")}), I(1)}), "[[2.0,2.0]]");
  EXPECT_EQ(eval("list.top_k", {L({F(std::numeric_limits<double>::quiet_NaN()), F(1)}), I(1)}), "[1.0]");
  EXPECT_EQ(eval("list.top_k", {L({F(0.0), F(-0.0)}), I(2)}), "[0.0,-0.0]");
  EXPECT_EQ(eval("list.top_k", {numbers(2), I(0)}), "[]");
  EXPECT_EQ(eval("list.top_k", {numbers(2), I(-1)}),
            "[bad-argument] the number of `list.top_k` must be at least 0, not -1");
}

TEST_F(ListTest, ContainsAndIndexOfCompareDeeply) {
  Typed lists = L({L({I(1)}), L({I(2)}), L({I(2)})});
  EXPECT_EQ(eval("list.contains", {lists, L({I(2)})}), "true");
  EXPECT_EQ(eval("list.contains", {lists, L({I(3)})}), "false");
  EXPECT_EQ(eval("list.index_of", {lists, L({I(2)})}), "1");
  EXPECT_EQ(eval("list.index_of", {lists, L(i64, {})}), "null");
  EXPECT_EQ(eval("list.contains", {L({F(std::numeric_limits<double>::quiet_NaN())}),
                                   F(std::numeric_limits<double>::quiet_NaN())}),
            "false");
}

TEST_F(ListTest, SharedPartsCountInFullSoThatDoublingEnds) {
  Typed bomb = L({S(std::string(1000, 'x'))});
  int doublings = 0;
  for (; doublings < 100; ++doublings) {
    Typed twice{{}, {}};
    OpError error;
    if (!evaluate("list.concat", {bomb, bomb}, {}, twice.type, twice.value, error)) {
      EXPECT_EQ(error.id, Diag::LimitExceeded);
      break;
    }
    bomb = twice;
    if (doublings == 4) // from here on only the nesting grows, and nothing is copied
      break;
  }
  for (; doublings < 100; ++doublings) {
    Typed twice{{}, {}};
    OpError error;
    if (!evaluate("list.pack", {bomb, bomb}, {}, twice.type, twice.value, error)) {
      EXPECT_EQ(error.id, Diag::LimitExceeded);
      break;
    }
    bomb = twice;
  }
  EXPECT_GT(doublings, 15);
  EXPECT_LT(doublings, 21);
}

TEST_F(ListTest, EveryOperationThatGrowsObeysTheLimit) {
  limits.set(Limit::ValueBytes, 200);
  TypeId pairs = pairOf("first", i64, "second", i64), indexed = pairOf("index", i64, "value", i64);
  Typed four = numbers(4);
  EXPECT_TRUE(eval("list.append", {numbers(10), I(1)}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.concat", {four, four, four}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.flatten", {L({four, four, four})}).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.zip", {four, four}, {}, pairs).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.enumerate", {four}, {}, indexed).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("list.chunk", {four, I(1)}).starts_with("[limit-exceeded] "));
}

} // namespace
