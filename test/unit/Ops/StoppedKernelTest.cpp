#include "Ops/CompiledSchema.h"
#include "Ops/OpsTest.h"
#include <chrono>
#include <thread>

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

TEST_F(StoppedKernel, PartsOfListsAndDictionaries) {
  Typed list = numbers(300);
  EXPECT_STOPS("list.gather", {list, L(i64, {I(1), I(0)})});
  EXPECT_STOPS("list.flat", {list, I(1)}, {}, list.type);
  const TypeId type = pool.dictionary(i64, str);
  Value entries[] = {Value::i64(1), Value::str("a"), Value::i64(2), Value::str("b")};
  Typed dict{Value::dict(entries), type};
  EXPECT_STOPS("dict.keys", {dict}, {}, pool.list(i64));
  EXPECT_STOPS("dict.values", {dict}, {}, pool.list(str));
}

/// One search over a long text, which RE2 does not interrupt: the kernel goes on when the run is stopped.
TEST_F(StoppedKernel, OneLongSearch) {
  std::string letters;
  for (uint32_t i = 0, random = 1; i < 1'000'000; ++i, random = random * 1664525 + 1013904223)
    letters += random >> 31 ? 'a' : 'b';
  Typed long_ = S(letters);
  Attrs gap = {{"pattern", pattern("(a)(a|b){100}c")}};
  for (std::string_view name : {"str.regex_match", "str.regex_extract", "str.regex_groups",
                                "str.regex_extract_all", "str.regex_split"}) {
    flag = false;
    std::thread stopper([this] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      flag = true;
    });
    EXPECT_EQ(eval(name, {long_}, gap), "[interrupted] interrupted by a signal") << name;
    stopper.join();
  }
  // The `pattern` of a schema: neither a violation nor none.
  flag = false;
  Attrs schema = {{"schema", pool.textAttr(R"({"type": "string", "pattern": "(a)(a|b){100}c"})")}};
  std::string what;
  auto compiled = CompiledSchema::ofAttr(pool.view(), schema[0].second, limits, what);
  ASSERT_TRUE(compiled) << what;
  Typed json = J('"' + letters + '"');
  std::thread stopper([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    flag = true;
  });
  std::vector<std::string> violations;
  OpError error;
  EXPECT_FALSE(compiled->check(json.value, CompiledSchema::Report::All, limits, violations, error));
  EXPECT_EQ(error.id, Diag::Interrupted);
  stopper.join();
}

/// Searches on a thread of their own find what others find: matches across the pieces in which they are
/// handed over, empty ones, and those that look for groups.
TEST_F(StoppedKernel, LongSearchesFindTheSame) {
  std::string text;
  for (int i = 0; i < 40'000; ++i)
    text += i % 3 ? "ab" : "é";
  Typed whole = S(text);
  // So many alternatives that a text of this size counts as long.
  std::string alternatives;
  for (int i = 0; i < 2000; ++i)
    alternatives += "|x" + std::to_string(i);
  for (std::string_view name : {"str.regex_extract_all", "str.regex_split"})
    for (std::string_view simple : {"(a)b", "b?", "é(ab)"}) {
      std::string found = eval(name, {whole}, {{"pattern", pattern(simple)}});
      EXPECT_TRUE(found == eval(name, {whole}, {{"pattern", pattern(std::string(simple) + alternatives)}}))
          << name << ' ' << simple;
    }
  Attrs replace = {{"pattern", pattern("a(b)" + alternatives)}, {"template", pool.textAttr("<{1}>")}};
  std::string replaced = eval("str.regex_rewrite", {whole}, replace);
  EXPECT_TRUE(replaced.starts_with("\"é<b><b>é<b><b>é")) << replaced.substr(0, 40);
  EXPECT_EQ(eval("str.regex_groups", {whole}, {{"pattern", pattern("é(a)(b)(a)" + alternatives)}}),
            R"(["a","b","a"])");
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
  EXPECT_STOPS("vec.add", {query, other});
  EXPECT_STOPS("vec.scale", {query, F(2)});
  EXPECT_STOPS("list.range", {I(0), I(3)});
  EXPECT_STOPS("vec.top_k", {query, L({query, other, query}), I(2)});
}

/// Long texts are looked at in pieces, which may cut a character.
TEST_F(StoppedKernel, PiecesOfLongTextsMakeTheWhole) {
  auto many = [](std::string_view one, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i)
      out += one;
    return out;
  };
  for (std::string_view lead : {"", " ", "\t\t"}) {
    const std::string white = std::string(lead) + many("\u3000", 300'000); // more than a piece
    EXPECT_EQ(eval("str.trim", {S(white + "\u00e9 x" + white)}), "\"\u00e9 x\"") << lead;
    EXPECT_EQ(eval("str.trim", {S(white)}), "\"\"") << lead;
    const std::string text = std::string(lead) + many("\u20ac", 300'000) + "\u00e9" + many("\U0001F600", 10);
    const auto place = static_cast<int64_t>(300'000 + lead.size());
    EXPECT_EQ(eval("str.length", {S(text)}), std::to_string(place + 11)) << lead;
    EXPECT_EQ(eval("str.slice", {S(text), I(place - 1), I(place + 2)}), "\"\u20ac\u00e9\U0001F600\"") << lead;
    EXPECT_EQ(eval("str.find", {S(text), S("\u00e9")}), std::to_string(place)) << lead;
  }
}

TEST_F(StoppedKernel, Texts) {
  Typed wide = S("  caf\u00e9 \u20ac  ");
  EXPECT_STOPS("str.trim", {wide});
  EXPECT_STOPS("str.slice", {wide, I(1), I(4)});
  EXPECT_STOPS("str.length", {wide});
  EXPECT_STOPS("str.find", {wide, S("\u20ac")});
  Typed words = S("One two. Three four! Five, six, seven; eight.");
  EXPECT_STOPS("str.chunk", {words, I(3), I(1)});
  EXPECT_STOPS("str.chunk_sentences", {words, I(1)});
  EXPECT_STOPS("str.chunk_tokens", {words, I(3), I(2)});
  EXPECT_STOPS("str.count_tokens", {words});
  EXPECT_STOPS("str.split", {words}, {{"separator", pool.textAttr(",")}});
  EXPECT_STOPS("str.lines", {words});
  EXPECT_STOPS("str.replace", {words, S("e"), S("E")});
  EXPECT_STOPS("str.contains", {words, S("nine")});
  EXPECT_STOPS("str.find", {words, S("nine")});
  EXPECT_STOPS("str.count", {words, S("e")});
  EXPECT_STOPS("str.lower", {words});
  EXPECT_STOPS("str.upper", {words});
  EXPECT_STOPS("str.repeat", {words, I(3)});
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
  EXPECT_STOPS("json.lines", {S("[1]\n\n[2]\n")}, {}, pool.list(json));
  EXPECT_STOPS("json.lines", {S("\n\n")}, {}, pool.list(json));
  EXPECT_STOPS("json.print_lines", {people});
}

TEST_F(StoppedKernel, Tables) {
  Typed people = L({R({{"name", S("a")}, {"age", F(1)}}), R({{"name", S("b")}, {"age", F(2)}})});
  EXPECT_STOPS("csv.parse", {S("name,age\na,1\n")}, {}, people.type);
  EXPECT_STOPS("csv.parse", {S("name,age\na,1\n")}, {}, pool.list(pool.list(str)));
  EXPECT_STOPS("csv.print", {people});
  EXPECT_STOPS("csv.print", {L({L({S("a")}), L({S("b")})})});
}

/// A text is looked through in pieces of 16 MiB: what lies across two of them is found, and nothing twice.
TEST_F(StoppedKernel, APartIsFoundAcrossPieces) {
  const size_t piece = size_t(16) << 20;
  for (size_t before : {piece - 3, piece - 2, piece - 1, piece, piece + 1, 2 * piece - 2}) {
    std::string whole = text(before) + "bcd" + text(5);
    EXPECT_EQ(eval("str.find", {S(whole), S("bcd")}), std::to_string(before));
    EXPECT_EQ(eval("str.contains", {S(whole), S("dc")}), "false");
    EXPECT_EQ(eval("str.contains", {S(whole), S("d" + text(6))}), "false");
  }
  Typed whole = S(text(piece + 8));
  EXPECT_EQ(eval("str.find", {whole, S(text(piece + 8))}), "0");
  EXPECT_EQ(eval("str.contains", {whole, S(text(piece + 9))}), "false");
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
