#include "OpsTest.h"
#include <limits>

using namespace xcs;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct ValueTest : OpsTest {
  /// What attrOfValue makes of a value, as it is written; "none" when there is no literal. Checked to read
  /// back the same.
  std::string literal(const Typed &v) {
    AttrId attr = attrOfValue(pool, v.value, v.type);
    if (!attr)
      return "none";
    Value back = valueOfAttr(pool.view(), attr, v.type);
    EXPECT_EQ(show(back, v.type), show(v.value, v.type));
    EXPECT_EQ(compareValues(back, v.value), 0);
    const DictId dict = pool.withEntry(DictId(), pool.intern("value"), attr);
    return printDict(pool.view(), dict);
  }
};

TEST_F(ValueTest, CopiesShareAndMovesTake) {
  Value a = S("text").value;
  Value b = a;
  EXPECT_EQ(a.text().data(), b.text().data());
  Value c = std::move(a);
  EXPECT_TRUE(a.empty()); // NOLINT: that a moved-from value is empty is its contract
  EXPECT_EQ(c.text(), "text");
  b = c;
  c = Value();
  EXPECT_EQ(b.text(), "text");
}

TEST_F(ValueTest, AssignmentToItselfKeepsTheValue) {
  Value a = L({S("x")}).value;
  const Value &same = a;
  a = same;
  EXPECT_EQ(a.items()[0].text(), "x");
  a = a.items()[0];
  EXPECT_EQ(a.text(), "x");
}

TEST_F(ValueTest, OnlyTheSingleOwnerAppendsToAList) {
  Value list = L({I(1), I(2)}).value, longer = L({S("longer")}).value;
  Value other = list;
  EXPECT_FALSE(list.appendItems({&longer, 1}));
  EXPECT_EQ(list.size(), 2u);
  other = Value();
  EXPECT_TRUE(list.appendItems({&longer, 1}));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list.items()[0].asI64(), 1);
  EXPECT_EQ(list.items()[2].items()[0].text(), "longer");
  EXPECT_EQ(list.byteSize(), Value::sequenceBytes(2 * 16 + longer.byteSize()));
  EXPECT_EQ(list.depth(), 2u);
}

TEST_F(ValueTest, OnlyTheSingleOwnerAppendsToAText) {
  Value text = S("ab").value, other = text;
  EXPECT_FALSE(text.appendText("c"));
  other = Value();
  EXPECT_TRUE(text.appendText("c"));
  EXPECT_TRUE(text.appendText(""));
  EXPECT_EQ(text.text(), "abc");
  EXPECT_EQ(text.byteSize(), Value::textBytes(3));
  Value empty = Y("").value;
  EXPECT_TRUE(empty.appendText("x"));
  EXPECT_EQ(empty.text(), "x");
}

// Counted by blocks, not on a clock: a block that stays where it is was not copied.
TEST_F(ValueTest, AppendingAgainAndAgainMovesAValueRarely) {
  constexpr int count = 10'000;
  Value list = Value::list({}), text = S("").value, item = S("shared").value;
  size_t listMoves = 0, textMoves = 0;
  for (int i = 0; i < count; ++i) {
    const void *listBlock = list.items().data(), *textBlock = text.text().data();
    ASSERT_TRUE(list.appendItems({&item, 1}));
    ASSERT_TRUE(text.appendText("xy"));
    listMoves += list.items().data() != listBlock;
    textMoves += text.text().data() != textBlock;
  }
  EXPECT_LE(listMoves, 15u); // log2 of the size, and the first one
  EXPECT_LE(textMoves, 16u);
  EXPECT_EQ(list.byteSize(), Value::sequenceBytes(count * item.byteSize()));
  EXPECT_EQ(text.size(), size_t(2) * count);
  for (const Value &each : list.items())
    ASSERT_EQ(each.text().data(), item.text().data());
}

TEST_F(ValueTest, SizesStayAtTheirGreatestValueWhenItemsAreAppended) {
  Value v = S(std::string(1000, 'x')).value;
  for (int i = 0; i < 100; ++i) {
    Value pair[] = {v, v};
    v = Value::list(pair);
  }
  Value list = Value::list({});
  ASSERT_TRUE(list.appendItems({&v, 1}));
  ASSERT_TRUE(list.appendItems({&v, 1}));
  EXPECT_EQ(list.byteSize(), (uint64_t(1) << 45) - 1);
}

TEST_F(ValueTest, SizesCountSharedPartsInFull) {
  Value text = S("12345").value;
  EXPECT_EQ(I(1).value.byteSize(), 16u);
  EXPECT_EQ(text.byteSize(), Value::textBytes(5));
  Value twice[] = {text, text};
  EXPECT_EQ(Value::list(twice).byteSize(), Value::sequenceBytes(2 * Value::textBytes(5)));
  EXPECT_EQ(Value::textBytes(UINT64_MAX - 3), UINT64_MAX);
}

TEST_F(ValueTest, SizeAndDepthStayAtTheirGreatestValue) {
  Value v = S(std::string(1000, 'x')).value;
  for (int i = 0; i < 70'000; ++i) {
    Value pair[] = {v, v};
    v = Value::list(pair);
  }
  EXPECT_EQ(v.byteSize(), (uint64_t(1) << 45) - 1);
  EXPECT_EQ(v.depth(), UINT16_MAX);
}

TEST_F(ValueTest, ErrorsHoldTheirFourParts) {
  Value error = Value::error("timeout", "took too long", "model.chat", 3);
  ASSERT_EQ(error.size(), 4u);
  EXPECT_EQ(error.items()[0].text(), "timeout");
  EXPECT_EQ(error.items()[2].text(), "model.chat");
  EXPECT_EQ(error.items()[3].asI64(), 3);
}

TEST_F(ValueTest, TheOrderIsTotal) {
  // Ascending, all of one type in each row.
  const std::vector<std::vector<Value>> rows = {
      {B(false).value, B(true).value},
      {F(-std::numeric_limits<double>::infinity()).value, F(-1).value, F(0).value, F(5e-324).value,
       F(nan).value},
      {S("").value, S("a").value, S("ab").value, S("b").value, S("\u00e9").value},
      {L(i64, {}).value, L({I(1)}).value, L({I(1), I(0)}).value, L({I(2)}).value},
      {noneOf(i64).value, some(I(-5)).value, some(I(5)).value},
      {J("null").value, J("false").value, J("1").value, J("1.5").value, J("2").value, J("\"\"").value,
       J("[]").value, J("{}").value, J("{\"a\":2,\"b\":1}").value, J("{\"b\":0,\"a\":3}").value,
       J("{\"b\":0}").value},
  };
  for (const std::vector<Value> &row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      for (size_t j = 0; j < row.size(); ++j) {
        int wanted = i < j ? -1 : i > j;
        EXPECT_EQ(compareValues(row[i], row[j]), wanted) << i << " " << j;
      }
}

TEST_F(ValueTest, IntegersAndFloatsCompareWithoutRounding) {
  Value big = I(9007199254740993).value, near = F(9007199254740992.0).value;
  EXPECT_EQ(compareValues(big, near), 1);
  EXPECT_EQ(compareValues(near, big), -1);
  EXPECT_EQ(compareValues(I(INT64_MAX).value, F(0x1p63).value), -1);
  EXPECT_EQ(compareValues(I(INT64_MIN).value, F(-0x1p63).value), 0);
  EXPECT_EQ(compareValues(I(-1).value, F(-1.5).value), 1);
  EXPECT_EQ(compareValues(I(1).value, F(nan).value), -1);
}

TEST_F(ValueTest, NanDiffersFromItselfButHasAPlaceInTheOrder) {
  EXPECT_FALSE(equalValues(F(nan).value, F(nan).value));
  Value list = L({F(nan)}).value;
  EXPECT_FALSE(equalValues(list, list));
  EXPECT_EQ(compareValues(list, list), 0);
}

TEST_F(ValueTest, EqualValuesShareTheirHash) {
  EXPECT_EQ(hashValue(J("[1,{\"a\":2,\"b\":3}]").value), hashValue(J("[1.0,{\"b\":3.0,\"a\":2}]").value));
  EXPECT_EQ(hashValue(F(0.0).value), hashValue(F(-0.0).value));
  EXPECT_NE(hashValue(J("[[],1]").value), hashValue(J("[[1]]").value));
  EXPECT_NE(hashValue(S("ab").value), hashValue(S("ba").value));
}

TEST_F(ValueTest, LiteralsReadBackToTheirValues) {
  EXPECT_EQ(literal(I(-3)), "{value = -3}");
  EXPECT_EQ(literal(F(nan)), "{value = nan}");
  EXPECT_EQ(literal(S("a\nb")), "{value = \"a\\nb\"}");
  EXPECT_EQ(literal(D(60'000'000'000)), "{value = 1m}");
  EXPECT_EQ(literal({Value::none(), none}), "{value}");
  EXPECT_EQ(literal(noneOf(i64)), "{value}");
  EXPECT_EQ(literal(some(L({some(I(1))}))), "{value = [1]}");
  EXPECT_EQ(literal(R({{"a", I(1)}, {"b", noneOf(str)}, {"c", L(str, {})}})), "{value = {a = 1, b, c = []}}");
  EXPECT_EQ(literal(J("{\"a\":[1,2.5,\"x\",true]}")), "{value = {a = [1, 2.5, \"x\", true]}}");
}

TEST_F(ValueTest, WhatHasNoLiteralSaysSo) {
  EXPECT_EQ(literal(Y("ab")), "none");
  EXPECT_EQ(literal({Value::secret("s"), secret}), "none");
  EXPECT_EQ(literal(ok(I(1))), "none");
  EXPECT_EQ(literal(J("null")), "none");
  EXPECT_EQ(literal(J("[null]")), "none");
  EXPECT_EQ(literal(J("{\"not a name\":1}")), "none");
  EXPECT_EQ(literal(J("{\"1a\":1}")), "none");
  EXPECT_EQ(literal(J("{\"\":1}")), "none");
  EXPECT_EQ(literal(L({noneOf(i64)})), "none");
  EXPECT_EQ(literal(some(noneOf(i64))), "none");
  EXPECT_EQ(literal(some({Value::none(), none})), "none");
}

TEST_F(ValueTest, AttributesMustFitTheType) {
  auto fits = [&](AttrId attr, TypeId type) { return !valueOfAttr(pool.view(), attr, type).empty(); };
  DictEntry entries[] = {{pool.intern("b"), pool.textAttr("x")}, {pool.intern("a"), pool.intAttr(1)}};
  AttrId both = pool.dictAttr(pool.dict(entries)), one = pool.dictAttr(pool.dict({entries, 1}));
  TypeId record = R({{"a", I(0)}, {"b", S("")}}).type;
  EXPECT_TRUE(fits(both, record));
  EXPECT_FALSE(fits(one, record)) << "a field is missing";
  EXPECT_FALSE(fits(both, R({{"b", S("")}}).type)) << "a key is no field";
  EXPECT_TRUE(fits(one, R({{"a", noneOf(i64)}, {"b", S("")}}).type)) << "a missing option is none";
  EXPECT_TRUE(fits(pool.intAttr(1), f64));
  EXPECT_FALSE(fits(pool.floatAttr(1), i64));
  EXPECT_FALSE(fits(pool.floatAttr(nan), json));
  EXPECT_FALSE(fits(pool.textAttr("a"), bytes));
  EXPECT_FALSE(fits(pool.unitAttr(), boolean));
  EXPECT_FALSE(fits(pool.symbolAttr(pool.intern("a")), str));
  EXPECT_FALSE(fits(pool.intAttr(1), pool.list(i64)));
  EXPECT_FALSE(fits(pool.listAttr({}), str));
  EXPECT_FALSE(fits(pool.secretAttr(pool.intern("K"), StringId()), secret));
  AttrId mixed[] = {pool.intAttr(1), pool.textAttr("a")};
  EXPECT_FALSE(fits(pool.listAttr(mixed), pool.list(i64)));
  EXPECT_TRUE(fits(pool.listAttr(mixed), json));
}

TEST_F(ValueTest, RecordsOfManyFieldsInAnyOrderTakeLinearTime) {
  std::vector<TypeField> fields;
  std::vector<DictEntry> entries;
  int64_t count = 100'000;
  for (int64_t i = 0; i < count; ++i) {
    fields.push_back({pool.intern("k" + std::to_string(i)), i64});
    entries.push_back({pool.intern("k" + std::to_string(count - 1 - i)), pool.intAttr(i)});
  }
  const AttrId attr = pool.dictAttr(pool.dict(entries));
  const TypeId type = pool.record(fields);
  Value record = valueOfAttr(pool.view(), attr, type);
  ASSERT_FALSE(record.empty());
  EXPECT_EQ(record.items()[0].asI64(), count - 1);
}

} // namespace
