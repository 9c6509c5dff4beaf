#include "Ops/CompiledSchema.h"
#include "Ops/OpsTest.h"

using namespace xcs;

namespace {

/// A run that was stopped: no kernel whose work grows with its operands comes to an end that takes long.
struct StoppedKernel : OpsTest {
  std::atomic<bool> flag{false};

  std::string text(size_t size) { return std::string(size, 'a'); }
  Typed numbers(int64_t count) {
    std::vector<Typed> items;
    for (int64_t i = 0; i < count; ++i)
      items.push_back(I(i * 7919 % 104729));
    return L(i64, items);
  }
  AttrId pattern(std::string_view source) { return pool.textAttr(source); }

  /// What the operation gives when it runs, and what when the run was stopped.
  std::pair<std::string, std::string> both(std::string_view name, const std::vector<Typed> &operands,
                                           const Attrs &attrs = {}, TypeId result = {}) {
    flag = false;
    std::string done = eval(name, operands, attrs, result);
    flag = true;
    std::string stopped = eval(name, operands, attrs, result);
    flag = false;
    return {done, stopped};
  }
  void SetUp() override { limits.stopWhen(&flag); }
};

#define EXPECT_STOPS(...)                                                                                    \
  {                                                                                                          \
    auto [done, stopped] = both(__VA_ARGS__);                                                                \
    EXPECT_FALSE(done.starts_with("[") && done.find("] ") != done.npos &&                                    \
                 done.find("interrupted") != done.npos)                                                      \
        << done;                                                                                             \
    EXPECT_EQ(stopped, "[interrupted] interrupted by a signal");                                             \
  }

TEST_F(StoppedKernel, RegularExpressions) {
  Typed letters = S(text(300));
  Attrs choice = {{"pattern", pattern("a*b|a")}};
  EXPECT_STOPS("str.regex_extract_all", {letters}, choice);
  EXPECT_STOPS("str.regex_split", {letters}, choice);
  EXPECT_STOPS("str.regex_replace", {letters, S("x")}, choice);
  EXPECT_STOPS("str.regex_rewrite", {letters},
               {{"pattern", pattern("a*b|a")}, {"template", pool.textAttr("{0}")}});
}

TEST_F(StoppedKernel, Lists) {
  Typed many = numbers(300);
  EXPECT_STOPS("list.sort", {many});
  EXPECT_STOPS("list.sort", {many}, {{"descending", pool.unitAttr()}});
  EXPECT_STOPS("list.top_k", {many, I(100)});
  EXPECT_STOPS("list.unique", {many});
  EXPECT_STOPS("list.zip", {many, many}, {},
               pool.list(pool.record(
                   std::vector<TypeField>{{pool.intern("first"), i64}, {pool.intern("second"), i64}})));
  EXPECT_STOPS("list.enumerate", {many}, {},
               pool.list(pool.record(
                   std::vector<TypeField>{{pool.intern("index"), i64}, {pool.intern("value"), i64}})));
  EXPECT_STOPS("list.chunk", {many, I(3)});
  EXPECT_STOPS("vote.majority", {many});
}

TEST_F(StoppedKernel, Vectors) {
  Typed query = L({F(1), F(2)}), other = L({F(2), F(1)});
  EXPECT_STOPS("vec.top_k", {query, L({query, other, query}), I(2)});
}

TEST_F(StoppedKernel, Texts) {
  Typed words = S("One two. Three four! Five, six, seven; eight.");
  EXPECT_STOPS("str.chunk", {words, I(3), I(1)});
  EXPECT_STOPS("str.chunk_sentences", {words, I(1)});
  EXPECT_STOPS("str.chunk_tokens", {words, I(3), I(2)});
  EXPECT_STOPS("str.count_tokens", {words});
  EXPECT_STOPS("str.split", {words}, {{"separator", pool.textAttr(",")}});
  EXPECT_STOPS("str.lines", {words});
  EXPECT_STOPS("str.replace", {words, S("e"), S("E")});
  EXPECT_STOPS("str.url_encode", {words});
  EXPECT_STOPS("str.url_decode", {words});
}

TEST_F(StoppedKernel, BytesAndDigests) {
  Typed some = Y("some bytes");
  EXPECT_STOPS("bytes.sha256", {some});
  EXPECT_STOPS("bytes.to_base64", {some});
  EXPECT_STOPS("bytes.to_hex", {some});
  EXPECT_STOPS("bytes.from_base64", {S("YWJj")});
  EXPECT_STOPS("bytes.from_hex", {S("6162")});
  EXPECT_STOPS("str.sha256", {S("abc")});
  EXPECT_STOPS("str.to_base64", {S("abc")});
  EXPECT_STOPS("str.from_base64", {S("YWJj")});
  EXPECT_STOPS("str.to_hex", {S("abc")});
  EXPECT_STOPS("str.from_hex", {S("6162")});
}

TEST_F(StoppedKernel, Json) {
  Typed texts = L({S("a"), S("b")});
  Typed people = L({R({{"name", S("a")}, {"age", F(1)}}), R({{"name", S("b")}, {"age", F(2)}})});
  EXPECT_STOPS("json.parse", {S("[1, 2, {\"a\": [3]}]")});
  EXPECT_STOPS("json.from", {people}, {}, json);
  EXPECT_STOPS("json.print", {J("[1, [2]]")});
  EXPECT_STOPS("str.from", {people});
  Attrs schema = {
      {"schema",
       pool.textAttr("{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"number\"}}")}};
  std::string what;
  auto compiled = CompiledSchema::ofAttr(pool.view(), schema[0].second, limits, what);
  ASSERT_TRUE(compiled) << what;
  Typed three = J("[1, 2, 3]");
  std::vector<std::string> violations;
  OpError error;
  EXPECT_TRUE(compiled->check(three.value, CompiledSchema::Report::All, limits, violations, error));
  flag = true;
  EXPECT_FALSE(compiled->check(three.value, CompiledSchema::Report::All, limits, violations, error));
  EXPECT_EQ(error.id, Diag::Interrupted);
  flag = false;
  EXPECT_STOPS("json.cast", {J("[1, 2, 3]")}, {}, pool.list(i64));
}

/// Work in pieces gives what it gives as a whole, at the edges of the pieces too.
TEST_F(StoppedKernel, PiecesAreSeenByNobody) {
  for (size_t size :
       {size_t(0), size_t(12 << 16) - 1, size_t(12 << 16), size_t(12 << 16) + 1, size_t(25 << 16) + 5}) {
    std::string raw;
    for (size_t i = 0; i < size; ++i)
      raw += static_cast<char>(i * 31 % 251);
    for (auto [to, from] :
         {std::pair{"bytes.to_base64", "bytes.from_base64"}, std::pair{"bytes.to_hex", "bytes.from_hex"}}) {
      Value coded, back;
      OpError error;
      TypeId codedType, backType;
      ASSERT_TRUE(evaluate(to, {Y(raw)}, {}, codedType, coded, error));
      ASSERT_TRUE(evaluate(from, {{coded, codedType}}, {}, backType, back, error)) << error.message;
      EXPECT_TRUE(back.text() == raw) << size;
    }
  }
  std::string padded = std::string((12 << 16) - 4, 'Y') + "YQ==" + "YWJj"; // padding in the middle
  EXPECT_TRUE(eval("bytes.from_base64", {S(padded)}).starts_with("[parse-failed]"));
  EXPECT_EQ(eval("str.sha256", {S(text((12 << 16) + 1))}), eval("bytes.sha256", {Y(text((12 << 16) + 1))}));
}

} // namespace
