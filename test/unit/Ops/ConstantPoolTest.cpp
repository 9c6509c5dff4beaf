#include "OpsTest.h"
#include <cmath>
#include <limits>

using namespace xcs;

namespace {

struct ConstantPoolTest : OpsTest {
  DictId dictOf(std::vector<std::pair<std::string_view, AttrId>> entries) {
    std::vector<DictEntry> list;
    for (const auto &[key, value] : entries)
      list.push_back({pool.intern(key), value});
    return pool.dict(list);
  }
};

TEST_F(ConstantPoolTest, EqualContentHasEqualIds) {
  EXPECT_EQ(pool.intern("abc"), pool.intern(std::string("ab") + "c"));
  EXPECT_NE(pool.intern("abc"), pool.intern("abd"));
  EXPECT_EQ(pool.list(str), pool.list(str));
  EXPECT_NE(pool.list(str), pool.option(str));
  EXPECT_EQ(pool.intAttr(1), pool.intAttr(1));
  EXPECT_NE(pool.intAttr(1), pool.floatAttr(1));
  EXPECT_NE(pool.intAttr(1), pool.durationAttr(1));
  EXPECT_NE(pool.textAttr("a"), pool.symbolAttr(pool.intern("a")));
  EXPECT_EQ(dictOf({{"a", pool.intAttr(1)}}), dictOf({{"a", pool.intAttr(1)}}));
  EXPECT_NE(dictOf({{"a", pool.intAttr(1)}, {"b", pool.intAttr(2)}}),
            dictOf({{"b", pool.intAttr(2)}, {"a", pool.intAttr(1)}}));
}

TEST_F(ConstantPoolTest, ScalarTypesHaveTheIdOfTheirKind) {
  EXPECT_EQ(pool.scalar(TypeKind::Bool).index, 0u);
  EXPECT_EQ(pool.scalar(TypeKind::Secret).index, static_cast<uint32_t>(TypeKind::Secret));
  EXPECT_EQ(ConstantPool().scalar(TypeKind::Json), json);
}

TEST_F(ConstantPoolTest, TheEmptyTextAndTheEmptyDictionary) {
  ConstantPool fresh;
  EXPECT_FALSE(fresh.lookup("").valid());
  StringId empty = fresh.intern("");
  EXPECT_EQ(fresh.text(empty), "");
  EXPECT_EQ(fresh.lookup(""), empty);
  EXPECT_FALSE(fresh.dict({}).valid());
  EXPECT_TRUE(fresh.view().entries(DictId()).empty());
}

TEST_F(ConstantPoolTest, TextsStayWhereTheyAreWhileThePoolGrows) {
  std::string longText(3'000'000, 'x'), half(600'000, 'y');
  std::vector<std::pair<StringId, const char *>> places;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = i == 100          ? longText
                       : i % 10'000 == 5 ? half + std::to_string(i)
                                         : "text" + std::to_string(i);
    StringId id = pool.intern(text);
    places.push_back({id, pool.text(id).data()});
    ASSERT_EQ(pool.text(id), text);
  }
  for (const auto &[id, place] : places) {
    ASSERT_EQ(pool.text(id).data(), place);
    ASSERT_EQ(pool.view().text(id).data(), place);
  }
  EXPECT_EQ(pool.text(places[49'999].first), "text49999");
}

TEST_F(ConstantPoolTest, ItemsMayComeFromThePoolItself) {
  AttrId items[] = {pool.intAttr(1), pool.intAttr(2), pool.intAttr(3)};
  AttrId list = pool.listAttr(items);
  for (int i = 0; i < 20; ++i) // a span of the table that grows under it
    pool.listAttr(pool.view().items(list).first(2));
  AttrId shorter = pool.listAttr(pool.view().items(list).subspan(1));
  EXPECT_EQ(printAttr(pool.view(), shorter), "[2, 3]");
}

TEST_F(ConstantPoolTest, EntriesAreReplacedInPlaceOrAppended) {
  DictId base = dictOf({{"a", pool.intAttr(1)}, {"b", pool.intAttr(2)}});
  const DictId replaced = pool.withEntry(base, pool.intern("a"), pool.intAttr(9));
  const DictId appended = pool.withEntry(base, pool.intern("c"), pool.unitAttr());
  const DictId removed = pool.withoutEntry(base, pool.intern("a"));
  EXPECT_EQ(printDict(pool.view(), replaced), "{a = 9, b = 2}");
  EXPECT_EQ(printDict(pool.view(), appended), "{a = 1, b = 2, c}");
  EXPECT_EQ(printDict(pool.view(), removed), "{b = 2}");
  EXPECT_EQ(pool.withoutEntry(pool.withoutEntry(base, pool.intern("a")), pool.intern("b")), DictId());
  EXPECT_EQ(pool.withoutEntry(base, pool.intern("nowhere")), base);
}

TEST_F(ConstantPoolTest, ViewFindsKeys) {
  DictId base = dictOf({{"hint.latency", pool.durationAttr(5)}, {"b", pool.boolAttr(true)}});
  EXPECT_EQ(pool.view().find(base, Attribute::hint_latency), pool.durationAttr(5));
  EXPECT_FALSE(pool.view().find(base, "hint").valid());
}

TEST_F(ConstantPoolTest, AllNansAreOneAttribute) {
  EXPECT_EQ(pool.floatAttr(std::nan("1")), pool.floatAttr(-std::nan("2")));
  EXPECT_NE(pool.floatAttr(0.0), pool.floatAttr(-0.0));
}

TEST_F(ConstantPoolTest, TypesArePrintedAsTheyAreWritten) {
  TypeId nested = pool.list(R({{"name", S("")}, {"score", some(F(0))}}).type);
  const TypeId result = pool.result(nested), empty = pool.record({});
  EXPECT_EQ(printType(pool.view(), result), "result<list<record<name: str, score: option<f64>>>>");
  EXPECT_EQ(printType(pool.view(), empty), "record<>");
  EXPECT_EQ(printType(pool.view(), none), "none");
}

TEST_F(ConstantPoolTest, AttributesArePrintedAsTheyAreWritten) {
  auto show = [&](AttrId attr) { return printAttr(pool.view(), attr); };
  EXPECT_EQ(show(pool.boolAttr(false)), "false");
  EXPECT_EQ(show(pool.intAttr(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(show(pool.floatAttr(-0.0)), "-0.0");
  EXPECT_EQ(show(pool.floatAttr(-std::numeric_limits<double>::infinity())), "-inf");
  EXPECT_EQ(show(pool.textAttr("a\"\\\n\x01\u00e9")), "\"a\\\"\\\\\\n\\u0001\u00e9\"");
  EXPECT_EQ(show(pool.symbolAttr(pool.intern("gpt"))), "@gpt");
  EXPECT_EQ(show(pool.typeAttr(pool.list(str))), "list<str>");
  EXPECT_EQ(show(pool.secretAttr(pool.intern("KEY"), StringId())), "secret(\"KEY\")");
  EXPECT_EQ(show(pool.secretAttr(pool.intern("KEY"), pool.intern("Bearer "))),
            "secret(\"KEY\", prefix = \"Bearer \")");
  EXPECT_EQ(show(pool.envAttr(pool.intern("HOME"))), "env(\"HOME\")");
  AttrId inner[] = {pool.intAttr(1), pool.listAttr({}), pool.dictAttr(DictId())};
  EXPECT_EQ(show(pool.dictAttr(dictOf({{"keep", pool.unitAttr()}, {"x", pool.listAttr(inner)}}))),
            "{keep, x = [1, [], {}]}");
}

TEST_F(ConstantPoolTest, DurationsArePrintedInTheLargestUnitThatDividesThem) {
  const std::pair<int64_t, const char *> wanted[] = {{0, "0s"},
                                                     {1, "1ns"},
                                                     {1'000, "1us"},
                                                     {250'000'000, "250ms"},
                                                     {60'000'000'000, "1m"},
                                                     {90'000'000'000, "90s"},
                                                     {7'200'000'000'000, "2h"},
                                                     {-1'500'000, "-1500us"},
                                                     {INT64_MIN, "-9223372036854775808ns"}};
  for (const auto &[nanoseconds, text] : wanted) {
    EXPECT_EQ(printDuration(nanoseconds), text);
    int64_t back = -1;
    EXPECT_TRUE(parseDuration(text, back)) << text;
    EXPECT_EQ(back, nanoseconds);
  }
}

TEST_F(ConstantPoolTest, DurationsHavePartsWithDecimalsFromLargeToSmall) {
  const std::pair<const char *, int64_t> right[] = {{"1.5s", 1'500'000'000},
                                                    {"1h30m", 5'400'000'000'000},
                                                    {"-1h0.5s", -3'600'500'000'000},
                                                    {"1m1ms1us1ns", 60'001'001'001},
                                                    {"0.25h", 900'000'000'000},
                                                    {"1.50000ms", 1'500'000},
                                                    {"00s", 0}};
  for (const auto &[text, nanoseconds] : right) {
    int64_t read = -1;
    EXPECT_TRUE(parseDuration(text, read)) << text;
    EXPECT_EQ(read, nanoseconds) << text;
  }
  for (const char *wrong :
       {"",       "-",     "s",    "1",    "1.s",    ".5s",          "1..5s",
        "1.5.1s", "30m1h", "1s1s", "1h30", "1.5ns",  "1h 30m",       "+1s",
        "1 s",    "1S",    "1d",   "--1s", "1h-30m", "99999999999h", "9223372036854775808ns",
        "1e3s",   "1ss"}) {
    int64_t read;
    EXPECT_FALSE(parseDuration(wrong, read)) << wrong;
  }
}

TEST_F(ConstantPoolTest, FloatsReadBackToTheSameBits) {
  for (double v : {0.1, 1e22, 5e-324, 1.7976931348623157e308, 123456789.0, -2.5e-7}) {
    std::string text = printFloat(v);
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), v) << text;
    EXPECT_NE(text.find_first_of(".e"), text.npos) << text;
  }
}

TEST_F(ConstantPoolTest, DeepTypesAndLiteralsOverflowNoStack) {
  TypeId type = i64;
  AttrId literal = pool.intAttr(7);
  for (int i = 0; i < 200'000; ++i) {
    type = pool.list(type);
    literal = pool.listAttr({&literal, 1});
  }
  EXPECT_EQ(printType(pool.view(), type).size(), 200'000 * 6 + 3);
  EXPECT_EQ(printAttr(pool.view(), literal).size(), 200'000 * 2 + 1);
  Value deep = valueOfAttr(pool.view(), literal, type);
  EXPECT_FALSE(deep.empty());
  EXPECT_EQ(attrOfValue(pool, deep, type), literal);
}

} // namespace
