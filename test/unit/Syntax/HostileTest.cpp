// Texts nobody means well with: cut off anywhere, mixed at random, nested without end. Nothing crashes, every
// limit holds, and time stays linear.
#include "ProgramPieces.h"
#include "SyntaxTest.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

namespace {

constexpr std::string_view sample = R"(module @m attributes {a = 1}
model @gpt {url = "http://x", model = "m", key = secret("K", prefix = "B "), timeout = 1.5s}
func private @f(%q: str, %xs: list<record<a: str, b: option<i64>>>) -> str attributes {hint.cost = -2.5e3} {
  %a = model.chat @gpt(%q) after(%q, %xs) {seed = 0x1F, limit = @x, stop = ["a\u00e9\n", {b = [nan, -inf]}]} : str loc("f.py":1:2)
  %r = map(%xs) : list<str> {
  ^(%x: record<a: str>)
    if(%q) : () { yield } { yield }
    %t = str.format(%a) {template = """raw "é" {0}
"""} : str // comment
    yield(%t)
  }
  %b, %c = call @f(%a) : str, str
  return(%b)
}
)";

TEST(Hostile, ThePrefixesOfAProgram) {
  ASSERT_TRUE(Parsed(sample).module) << Parsed(sample).messages();
  size_t whole = sample.size() - 1; // without its last line end it is whole too
  for (size_t size = 0; size < whole; ++size) {
    Parsed p(sample.substr(0, size));
    // A cut after `module @m`, `module @m attributes {..}` and the resource leaves a shorter program.
    bool shorter = p.module && p.module->functions.empty();
    EXPECT_TRUE(p.engine.hasErrors() || shorter) << size;
  }
}

TEST(Hostile, AProgramWithoutOneByte) {
  for (size_t at = 0; at < sample.size(); ++at)
    Parsed(std::string(sample.substr(0, at)) + std::string(sample.substr(at + 1)));
}

TEST(Hostile, AProgramWithOneByteChanged) {
  Dice dice(3);
  for (size_t at = 0; at < sample.size(); ++at) {
    std::string text(sample);
    text[at] = static_cast<char>(dice.below(256));
    Parsed p(text);
    if (invalidTextAt(text) != std::string_view::npos) {
      EXPECT_FALSE(p.module);
    }
  }
}

TEST(Hostile, RandomPieces) {
  Dice dice(4);
  for (int run = 0; run < 3000; ++run) {
    std::string text = randomPieces(dice, 20);
    Parsed alone(text), inFunction("func @f(%x: str) {\n" + text + "\n}\nfunc @g() { return }");
  }
}

TEST(Hostile, LinesOfAProgramInAnyOrder) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < sample.size();) {
    size_t end = sample.find('\n', at) + 1;
    lines.push_back(sample.substr(at, end - at));
    at = end;
  }
  Dice dice(5);
  for (int run = 0; run < 1000; ++run) {
    std::string text;
    for (size_t i = dice.below(40); i--;)
      text += dice.pick(lines);
    Parsed p(text);
  }
}

std::string repeat(std::string_view piece, size_t count) {
  std::string out;
  while (count--)
    out += piece;
  return out;
}

/// The last message of a text with `piece` 100,000 times in the body of a function.
std::string lastOf(std::string_view before, std::string_view piece) {
  Parsed p("func @f(%c: bool) {\n" + std::string(before) + repeat(piece, 100'000));
  EXPECT_FALSE(p.module);
  EXPECT_FALSE(p.engine.all().empty());
  return p.engine.all().empty() ? "" : std::string(p.engine.all().back().message);
}

constexpr std::string_view tooDeep =
    "the nesting of regions, literals and types exceeds the limit of 256 levels; raise "
    "it with `--limit nesting-depth=N`";

TEST(Hostile, DeepNests) {
  EXPECT_EQ(lastOf("", "if(%c) : () {"), tooDeep);
  EXPECT_EQ(lastOf("const {value = ", "["), tooDeep);
  EXPECT_EQ(lastOf("const ", "{a = "), tooDeep);
  EXPECT_EQ(lastOf("%a = const : ", "list<"), tooDeep);
  EXPECT_EQ(lastOf("%a = const : ", "record<a: "), tooDeep);
}

TEST(Hostile, DeepNestsOfMistakes) {
  EXPECT_EQ(lastOf("", "if(%c : () { ^"), tooDeep);
  EXPECT_EQ(lastOf("", ") { %a"), tooDeep);
  EXPECT_EQ(lastOf("", "{ ) { ( ^"), tooDeep);
  EXPECT_EQ(lastOf("", "{ ( [ < "), tooDeep);
}

TEST(Hostile, BracketsThatNestNothingAreNotCounted) {
  Parsed p("func @f() {\n" + repeat(" str.trim(\n", 1000) + "}");
  EXPECT_EQ(p.engine.errorCount(), 500u); // each takes the name after it for an operand
  EXPECT_EQ(p.messages().find("limit-exceeded"), std::string::npos);
  Parsed more("func @f() {\n" + repeat(" const {a = [<{\n", 1000) + "}");
  EXPECT_EQ(more.messages().find("limit-exceeded"), std::string::npos) << more.messages();
}

TEST(Hostile, TheLimitIsExact) {
  auto nested = [](size_t depth) {
    return "func @f() {\n const {value = " + repeat("[", depth) + repeat("]", depth) + "} : i64\n}";
  };
  EXPECT_TRUE(Parsed(nested(254)).module); // and the braces around them
  EXPECT_EQ(Parsed(nested(255)).kinds(), "2: limit-exceeded\n");
  Limits limits;
  limits.set(Limit::NestingDepth, 4);
  EXPECT_TRUE(Parsed(nested(2), limits).module);
  EXPECT_EQ(Parsed(nested(3), limits).kinds(), "2: limit-exceeded\n");
}

TEST(Hostile, ARaisedLimitStaysWithinTheStack) {
  Limits limits;
  limits.set(Limit::NestingDepth, 1'000'000'000);
  Parsed p("func @f(%c: bool) {\n" + repeat("if(%c) : () {\n", 100'000), limits);
  EXPECT_EQ(p.kinds(), "4097: limit-exceeded\n");
}

TEST(Hostile, LimitsOnSizes) {
  Limits limits;
  limits.set(Limit::SourceBytes, 30);
  EXPECT_EQ(Parsed("func @f() { return } // long", limits).kinds(), "");
  EXPECT_EQ(Parsed("func @f() { return } // longer.", limits).kinds(), "1: limit-exceeded\n");
  limits = {};
  limits.set(Limit::Operations, 2);
  EXPECT_EQ(Parsed("func @f() {\n return\n return\n}", limits).kinds(), "");
  EXPECT_EQ(Parsed("func @f() {\n return\n return\n return\n return }", limits).kinds(),
            "4: limit-exceeded\n");
}

TEST(Hostile, CountsOfOneOperation) {
  std::string order = "func @f(%a: none) {\n return after(" + repeat("%a, ", 65535) + "%a)\n}";
  EXPECT_EQ(Parsed(order).messages(),
            "2:2: too-many: an operation has at most 65535 order-only operands; split it\n");
  std::string types = "func @f() {\n call @f() : " + repeat("i64, ", 65535) + "i64\n}";
  EXPECT_EQ(Parsed(types).messages(), "2:2: too-many: an operation has at most 65535 results; split it\n");
  std::string regions = "func @f() {\n try : ()\n" + repeat("{}", 65536) + "}";
  EXPECT_EQ(Parsed(regions).messages().substr(0, 70),
            "3:131071: too-many: an operation has at most 65535 regions; split it\n");
}

TEST(Hostile, NoText) {
  EXPECT_EQ(Parsed("").kinds(), "0: empty-input\n");
  EXPECT_EQ(Parsed(" // nothing\n").kinds(), "0: empty-input\n");
  EXPECT_EQ(Parsed(std::string_view("func\0", 5)).messages(),
            "0:0: nul-byte: `t.xir` is not text: byte 4 is NUL; give a `.xir` file\n");
  EXPECT_EQ(Parsed("func @f() { // \xff }").messages(),
            "0:0: binary-input: `t.xir` is not text: byte 15 is not valid UTF-8; give a `.xir` file\n");
}

TEST(Hostile, ManyMistakesTakeLinearTime) {
  // Each of these was made to cost look-ahead or search a step; a quadratic reading would take minutes.
  for (std::string_view piece :
       {"%a,\n", "%a, %b =\n", "foo\n", "? ", "( ", "{ a\n", "\"x\n", "%a = foo(%b, %c)\n"})
    Parsed("func @f() {\n" + repeat(piece, 50'000));
  std::string keys = "func @f() {\n const {";
  for (int i = 0; i < 50'000; ++i)
    keys += "k" + std::to_string(i) + ", ";
  EXPECT_EQ(Parsed(keys + "k7}\n}").kinds(), "2: duplicate-key\n");
}

} // namespace
