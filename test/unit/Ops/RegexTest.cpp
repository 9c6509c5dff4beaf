#include "Ops/RegexCache.h"
#include "OpsTest.h"
#include <thread>

using namespace xcs;

namespace {

struct RegexTest : OpsTest {
  Attrs by(std::string_view pattern) { return {{"pattern", pool.textAttr(pattern)}}; }
  Attrs by(std::string_view pattern, int64_t group) {
    return {{"pattern", pool.textAttr(pattern)}, {"group", pool.intAttr(group)}};
  }
  Attrs by(std::string_view pattern, std::string_view to) {
    return {{"pattern", pool.textAttr(pattern)}, {"template", pool.textAttr(to)}};
  }
  std::string whyNo(std::string_view pattern) {
    PreparedAttrs prepared(limits);
    AttrId attr = pool.textAttr(pattern);
    prepared.add(pool.view(), OpCode::str_regex_match, {&attr, 1});
    EXPECT_EQ(prepared.regex(attr) == nullptr, !prepared.regexError(attr).empty());
    return std::string(prepared.regexError(attr));
  }
};

TEST_F(RegexTest, MatchesAnywhereUnlessTiedToTheEnds) {
  EXPECT_EQ(eval("str.regex_match", {S("the 42nd")}, by("\\d+")), "true");
  EXPECT_EQ(eval("str.regex_match", {S("the 42nd")}, by("^\\d+$")), "false");
  EXPECT_EQ(eval("str.regex_match", {S("")}, by("")), "true");
  EXPECT_EQ(eval("str.regex_match", {S("a\nb")}, by("^b$")), "false");
  EXPECT_EQ(eval("str.regex_match", {S("a\nb")}, by("(?m)^b$")), "true");
}

TEST_F(RegexTest, ADotIsOneCodePoint) {
  EXPECT_EQ(eval("str.regex_match", {S("\u00e9")}, by("^.$")), "true");
  EXPECT_EQ(eval("str.regex_match", {S("\U0001f600")}, by("^.$")), "true");
  EXPECT_EQ(eval("str.regex_extract_all", {S("a\u00e9\u4e2d")}, by(".")), "[\"a\",\"\u00e9\",\"\u4e2d\"]");
}

TEST_F(RegexTest, ExtractGivesTheFirstGroupOrTheWholeMatch) {
  EXPECT_EQ(eval("str.regex_extract", {S("Answer: 42.")}, by("Answer: (\\w+)")), "\"42\"");
  EXPECT_EQ(eval("str.regex_extract", {S("Answer: 42.")}, by("\\d+")), "\"42\"");
  EXPECT_EQ(eval("str.regex_extract", {S("Answer: 42.")}, by("Answer: (\\w+)", 0)), "\"Answer: 42\"");
  EXPECT_EQ(eval("str.regex_extract", {S("a-b")}, by("(\\w)-(\\w)", 2)), "\"b\"");
  EXPECT_EQ(eval("str.regex_extract", {S("none")}, by("\\d+")), "null");
}

TEST_F(RegexTest, AGroupThatTakesNoPartIsNone) {
  EXPECT_EQ(eval("str.regex_extract", {S("b")}, by("(a)|b")), "null");
  EXPECT_EQ(eval("str.regex_extract", {S("b")}, by("(a*)b")), "\"\"");
  EXPECT_EQ(eval("str.regex_extract_all", {S("ba")}, by("(a)|b")), "[\"\",\"a\"]");
  EXPECT_EQ(eval("str.regex_groups", {S("b")}, by("(a)|(b)")), "[\"\",\"b\"]");
}

TEST_F(RegexTest, GroupsAreThoseOfTheFirstMatch) {
  EXPECT_EQ(eval("str.regex_groups", {S("2024-05 2025-06")}, by("(\\d+)-(\\d+)")), "[\"2024\",\"05\"]");
  EXPECT_EQ(eval("str.regex_groups", {S("x")}, by("x")), "[]");
  EXPECT_EQ(eval("str.regex_groups", {S("y")}, by("x")), "null");
}

TEST_F(RegexTest, AReplacementIsTakenAsItIs) {
  EXPECT_EQ(eval("str.regex_replace", {S("a1b22"), S("<\\0 $1 {0}>")}, by("\\d+")),
            "\"a<\\\\0 $1 {0}>b<\\\\0 $1 {0}>\"");
  EXPECT_EQ(eval("str.regex_replace", {S("abc"), S("x")}, by("\\d")), "\"abc\"");
}

TEST_F(RegexTest, RewriteFillsTheTemplateAndNeverScansWhatItFillsIn) {
  EXPECT_EQ(eval("str.regex_rewrite", {S("ann@home {1}")}, by("(\\w+)@(\\w+)", "{2} of {1}: {0} {{}}")),
            "\"home of ann: ann@home {} {1}\"");
  EXPECT_EQ(eval("str.regex_rewrite", {S("{0}{1}")}, by("\\{.\\}", "<{0}>")), "\"<{0}><{1}>\"");
  EXPECT_EQ(eval("str.regex_rewrite", {S("b")}, by("(a)|b", "[{1}]")), "\"[]\"");
}

// The expectations are those of Go's regexp, whose rule for empty matches this is.
TEST_F(RegexTest, EmptyMatchesStandBetweenCodePointsOnce) {
  EXPECT_EQ(eval("str.regex_replace", {S("ab\u00e9"), S("-")}, by("")), "\"-a-b-\u00e9-\"");
  EXPECT_EQ(eval("str.regex_replace", {S("baaac"), S("-")}, by("a*")), "\"-b-c-\"");
  EXPECT_EQ(eval("str.regex_extract_all", {S("abxxc")}, by("x*")), "[\"\",\"\",\"xx\",\"\"]");
}

TEST_F(RegexTest, SplitGivesOnePartMoreThanThereAreMatches) {
  EXPECT_EQ(eval("str.regex_split", {S("a, b;c")}, by("[,;]\\s*")), "[\"a\",\"b\",\"c\"]");
  EXPECT_EQ(eval("str.regex_split", {S(",a,")}, by(",")), "[\"\",\"a\",\"\"]");
  EXPECT_EQ(eval("str.regex_split", {S("")}, by(",")), "[\"\"]");
  EXPECT_EQ(eval("str.regex_split", {S("ab")}, by("")), "[\"\",\"a\",\"b\",\"\"]");
}

TEST_F(RegexTest, AnchorsAndWordBoundariesSeeTheWholeText) {
  EXPECT_EQ(eval("str.regex_extract_all", {S("aaa")}, by("^a")), "[\"a\"]");
  EXPECT_EQ(eval("str.regex_extract_all", {S("ab ab")}, by("\\bab|b")), "[\"ab\",\"ab\"]");
  EXPECT_EQ(eval("str.regex_replace", {S("xy"), S("-")}, by("\\b")), "\"-xy-\"");
}

TEST_F(RegexTest, AWrongPatternIsRefusedInTheWordsOfRe2) {
  EXPECT_EQ(whyNo("a+"), "");
  EXPECT_EQ(whyNo("a("), "missing ): a(");
  EXPECT_EQ(whyNo("*"), "no argument for repetition operator: *");
  EXPECT_EQ(whyNo("(?=a)"), "invalid perl operator: (?=");
  EXPECT_EQ(whyNo("\\1"), "invalid escape sequence: \\1");
  EXPECT_NE(whyNo("((((a{100}){100}){100}){100})"), "");
}

TEST_F(RegexTest, ThePatternsLengthIsBounded) {
  limits.set(Limit::RegexBytes, 10);
  EXPECT_EQ(whyNo(std::string(10, 'a')), "");
  EXPECT_EQ(whyNo(std::string(11, 'a')), "it is longer than 10 bytes; raise it with `--limit regex-bytes=N`");
}

TEST_F(RegexTest, ResultsObeyTheLimit) {
  limits.set(Limit::ValueBytes, 1000);
  std::string text(500, 'a');
  EXPECT_TRUE(eval("str.regex_extract_all", {S(text)}, by("a")).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.regex_split", {S(text)}, by("a")).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.regex_replace", {S(text), S("xyz")}, by("a")).starts_with("[limit-exceeded] "));
  EXPECT_TRUE(eval("str.regex_rewrite", {S(text)}, by("a", "{0}{0}{0}")).starts_with("[limit-exceeded] "));
}

// What takes a backtracking matcher longer than the universe has time.
TEST_F(RegexTest, NestedRepetitionsTakeLinearTime) {
  std::string text(100'000, 'a');
  text += 'b';
  EXPECT_EQ(eval("str.regex_match", {S(text)}, by("^(a+)+$")), "false");
}

TEST_F(RegexTest, APreparedPatternGivesWhatAFreshOneGives) {
  PreparedAttrs prepared(limits);
  AttrId attr = pool.textAttr("(\\d)(\\d)");
  prepared.add(pool.view(), OpCode::str_regex_groups, {&attr, 1});
  ConstantView view = pool.view();
  KernelCall call(view, limits);
  call.prepared = &prepared;
  call.code = OpCode::str_regex_groups;
  Value slots[] = {Value::str("x12"), Value()};
  uint32_t operand = 0;
  call.slots = slots;
  call.operandSlots = &operand;
  call.attributes = &attr;
  call.operandCount = 1;
  call.resultSlot = 1;
  ASSERT_TRUE(kernelOf(call.code)(call));
  EXPECT_EQ(show(slots[1], pool.option(pool.list(str))), "[\"1\",\"2\"]");
}

} // namespace

/// Those used last are kept, each compiled once.
TEST(RegexCache, KeepsWhatWasUsedLast) {
  const Limits limits;
  RegexCache cache(limits);
  std::string why;
  auto get = [&](size_t i) { return cache.get("a{" + std::to_string(i + 1) + "}", why); };
  const std::shared_ptr<const Regex> first = get(0), second = get(1);
  EXPECT_EQ(get(0), first);
  for (size_t i = 2; i != RegexCache::capacity; ++i)
    get(i);
  EXPECT_EQ(get(0), first); // it is the last used one, and the second the first to go
  get(RegexCache::capacity);
  EXPECT_EQ(get(0), first);
  EXPECT_NE(get(1), second);
  EXPECT_EQ(why, "");
}

TEST(RegexCache, ToldWhyATextIsNoPatternEachTime) {
  Limits limits;
  limits.set(Limit::RegexBytes, 4);
  RegexCache cache(limits);
  for (int i = 0; i < 2; ++i) {
    std::string why;
    EXPECT_FALSE(cache.get("a(", why));
    EXPECT_EQ(why, "missing ): a(, at byte 0");
    EXPECT_FALSE(cache.get("aaaaa", why));
    EXPECT_TRUE(why.starts_with("it is longer than 4 bytes")) << why;
    EXPECT_TRUE(cache.get("aaaa", why));
    EXPECT_EQ(why, "");
  }
}

TEST(RegexCache, ManyThreadsShareOneCompilation) {
  const Limits limits;
  RegexCache cache(limits);
  std::vector<std::shared_ptr<const Regex>> found(8);
  std::vector<std::thread> threads;
  for (std::shared_ptr<const Regex> &regex : found)
    threads.emplace_back([&] {
      std::string why;
      for (int i = 0; i < 100; ++i)
        cache.get("b{" + std::to_string(i % 20 + 1) + "}", why);
      regex = cache.get("a+", why);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::shared_ptr<const Regex> &regex : found)
    EXPECT_EQ(regex, found[0]);
}
