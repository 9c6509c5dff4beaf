// What is said about a wrong text: every mistake once, none that is only the shadow of another.
#include "SyntaxTest.h"

using namespace xcs;

namespace {

TEST(Recovery, TenMistakesInOneRun) {
  Parsed p(R"(model @gpt {url = "http://x", model = "m" key = 3}
func @main(%q: str, %r str) -> str {
  %a = model.chat @gpt(%q {temperature = 0.7} : str
  %b = modle.chat @gpt(%q) : strr
  %d model.chat @gpt(%q) : str
  %e = list.pack(%d, %a)) : list<str>
  %f = str.join(%e) {separator = "abc} : str
  %g = str.join(%e) {separator = "a\qbc"} : str
  %h = map(%e) : list<str> {
  ^(%x str)
    %y = str.concat(%x, %q) : str
    yield(%y
  }
  %a = str.trim(%f) : str
  return(%g, %unknown)
}
)");
  EXPECT_EQ(p.kinds(),
            "1: expected-token\n2: expected-token\n3: expected-token\n4: unknown-op\n4: unknown-type\n"
            "5: expected-token\n6: expected-token\n7: unterminated-string\n8: bad-escape\n"
            "10: expected-token\n12: expected-token\n14: redefined-value\n3: first-defined-here\n");
}

TEST(Recovery, ResultsOfABrokenOperationAreDefined) {
  Parsed p("func @f(%q: str) {\n %a = str.trim(%q : str\n %b, %c = str.trim %q : str\n %d = str.concat(%a, "
           "%b, %c) : str\n return\n}");
  EXPECT_EQ(p.kinds(), "2: expected-token\n3: expected-token\n");
}

TEST(Recovery, BodiesOfABrokenOperationAreRead) {
  Parsed p("func @f(%q: list<str>) {\n %a = map(%q %q) : list<str> {\n ^(%x: str)\n  %y = str.trm(%x) : "
           "str\n  yield(%nope)\n }\n return(%a)\n}");
  EXPECT_EQ(p.kinds(), "2: expected-token\n4: unknown-op\n5: undefined-value\n");
}

TEST(Recovery, ABrokenDictionaryEndsWithItsOperation) {
  Parsed closed("func @f(%q: str) {\n %a = str.join(%q) {x = = 1, y = {z}} : str\n return(%a)\n}");
  EXPECT_EQ(closed.kinds(), "2: expected-token\n");
  Parsed open("func @f(%q: str) {\n %a = str.join(%q) {x = {y = 1 : str\n %b = str.trm(%a) : str\n "
              "return(%b)\n}\nfunc @g() { return }");
  EXPECT_EQ(open.kinds(), "2: expected-token\n3: unknown-op\n");
}

TEST(Recovery, AMissingBraceIsFoundAtTheNextFunction) {
  Parsed p("func @f(%c: bool) {\n if(%c) : () {\n  yield\n return\nfunc @g() { return(%nope) }\nfunc @h() { "
           "return }");
  EXPECT_EQ(p.messages(), "5:1: expected-token: expected a symbol such as `@name`, `(`, `after`, `{`, `:`, "
                          "`loc`, an operation or `}`, found `func`\n"
                          "2:14: opened-here: this `{` is not closed\n"
                          "5:20: undefined-value: `%nope` is not defined before its use\n");
}

TEST(Recovery, AMissingBraceIsFoundAtTheEnd) {
  Parsed p("func @f() {\n return");
  EXPECT_EQ(p.messages(),
            "2:8: expected-token: expected a symbol such as `@name`, `(`, `after`, `{`, `:`, `loc`, an "
            "operation or `}`, found the end of the file\n"
            "1:11: opened-here: this `{` is not closed\n");
}

TEST(Recovery, ASpareBraceIsSkipped) {
  Parsed p("func @f() { return }\n}\nfunc @g() { retrun }\n} }\nfunc @h() { yeld }");
  EXPECT_EQ(p.kinds(), "2: expected-token\n3: unknown-op\n4: expected-token\n5: unknown-op\n");
}

TEST(Recovery, ABrokenFunctionHeadHidesItsParameters) {
  Parsed p("func @f(%a: str, b: str) -> str {\n %x = str.concat(%a, %b) : str\n return(%x)\n}");
  EXPECT_EQ(p.kinds(), "1: expected-token\n");
}

TEST(Recovery, ABrokenResultTypeHidesNoParameter) {
  Parsed p("func @f(%a: str) -> {\n return(%b)\n}");
  EXPECT_EQ(p.kinds(), "1: expected-token\n2: undefined-value\n");
}

TEST(Recovery, AFunctionWithoutItsBraceIsRead) {
  Parsed p("func @f(%a: str)\n %b = str.trm(%a) : str\n return(%b)\n}\nfunc @g() { retrun }");
  EXPECT_EQ(p.kinds(), "1: expected-token\n2: unknown-op\n5: unknown-op\n");
}

TEST(Recovery, AMisspelledKeywordIsOneMistake) {
  Parsed p("fun @f(%a: str) {\n return(%a)\n}\nfunc @g() { retrun }");
  EXPECT_EQ(p.messages(),
            "1:1: unknown-resource-kind: there is no kind of resource `fun`; did you mean `func`\n"
            "4:13: unknown-op: there is no operation `retrun`; did you mean `return`\n");
}

TEST(Recovery, UndefinedValuesAreReportedOnceAFunction) {
  Parsed p("func @f() { return(%a, %a) }\nfunc @g() {\n str.trim(%a) : str\n return(%a, %b)\n}");
  EXPECT_EQ(p.kinds(), "1: undefined-value\n3: undefined-value\n4: undefined-value\n");
}

TEST(Recovery, WhatIsMissingAtTheEndOfALineIsMissedThere) {
  Parsed p("func @f(%a: str) {\n  %b = str.trim(%a\n\n\n  return(%b)\n}");
  EXPECT_EQ(p.messages(), "2:19: expected-token: expected `,` or `)`, found `return`\n");
}

TEST(Recovery, LongTokensAreCut) {
  Parsed p("func @f() { return \"" + std::string(35, 'x') +
           "\xc3\xa9\xc3\xa9\xc3\xa9yyyyyyyyyyyyyyyyyyy\" }");
  EXPECT_NE(p.messages().find("found `\"" + std::string(35, 'x') + "\xc3\xa9\xc3\xa9...`"), std::string::npos)
      << p.messages();
}

TEST(Recovery, ErrorsBeyondTheCapAreCounted) {
  std::string text = "func @f() {\n";
  for (int i = 0; i < 1000; ++i)
    text += " return(%a" + std::to_string(i) + " %b)\n";
  Parsed p(text + "}");
  EXPECT_EQ(p.engine.errorCount(), 2000u); // the comma, and the value before it
  EXPECT_EQ(p.engine.all().size(), DiagnosticEngine::cap);
}

} // namespace
