#include "Transforms/PassTest.h"
#include "xcs/Lowering/Lowering.h"

using namespace xcs;

// Shapes on which a careless algorithm is quadratic or recurses: with 50,000 operations that would take
// minutes, or the stack.

namespace {

constexpr int size = 50000;

struct ScaleTest : PassTest {
  ScaleTest() { diagnostics.showRemarks(false); }
  /// Runs everything over a program and gives the number of dispatches.
  size_t compile(const std::string &text) {
    std::unique_ptr<Module> module = parse(text);
    EXPECT_TRUE(module) << messages;
    if (!module || !runPipeline(*module, defaultPipeline(3), options, context))
      return 0;
    return lower(*module).nodes.size();
  }
};

std::string name(int i) { return "%v" + std::to_string(i); }

constexpr std::string_view models = "model @gpt { url = \"http://127.0.0.1:8080/v1\", model = \"small\" }\n";
constexpr std::string_view response =
    "record<status: i64, headers: list<record<name: str, value: str>>, body: str>";

} // namespace

TEST_F(ScaleTest, ManyDrawsMeetInOneList) {
  std::string text = std::string(models) + "func @main(%q: str) -> str {\n", operands;
  for (int i = 0; i != size; ++i) {
    text += name(i) + " = model.chat @gpt(%q) : str\n";
    operands += (i ? ", " : "") + name(i);
  }
  text += "%l = list.pack(" + operands + ") : list<str>\n%r = vote.majority(%l) : str\nreturn(%r)\n}\n";
  EXPECT_GT(compile(text), static_cast<size_t>(size));
}

TEST_F(ScaleTest, ManyElementsOfOneList) {
  std::string text = "func @main(%x: i64, %s: str) -> i64 {\n", operands;
  for (int i = 0; i != size; ++i)
    operands += i ? ", %x" : "%x";
  text += "%l = list.pack(" + operands +
          ") : list<i64>\n%m = i64.add(%x, %x) : i64\n%acc0 = i64.add(%m, %x) : i64\n";
  for (int i = 0; i != size; ++i)
    text += name(i) + " = list.get(%l, %m) : i64\n%acc" + std::to_string(i + 1) + " = i64.add(%acc" +
            std::to_string(i) + ", " + name(i) + ") : i64\n";
  EXPECT_GT(compile(text + "return(%acc" + std::to_string(size) + ")\n}\n"), 0u);
}

TEST_F(ScaleTest, ReadersAndWritersInTurns) {
  std::string text = "func @main(%u: str) {\n";
  for (int i = 0; i != size; ++i)
    text += name(i) + " = http.request(%u) {method = \"" + (i % 3 ? "GET" : "POST") +
            "\", keep} : " + std::string(response) + "\nassert(%c)\n";
  text.insert(text.find(')'), ", %c: bool");
  EXPECT_GT(compile(text + "}\n"), static_cast<size_t>(size));
}

TEST_F(ScaleTest, ManyRegions) {
  std::string text =
      "func @main(%l: list<i64>, %c: bool) -> list<i64> {\n%m0 = list.reverse(%l) : list<i64>\n";
  for (int i = 0; i != size / 4; ++i) {
    std::string n = std::to_string(i), next = std::to_string(i + 1);
    text += "%m" + next + " = map(%m" + n +
            ") : list<i64> {\n^(%e: i64)\n%f = i64.add(%e, %e) : i64\nyield(%f)\n}\n";
  }
  EXPECT_GT(compile(text + "return(%m" + std::to_string(size / 4) + ")\n}\n"), 0u);
}

TEST_F(ScaleTest, DeepRegionsWhoseWayIsKnown) {
  std::string text = "func @main(%x: i64) -> i64 {\n%c = const {value = true} : bool\n", end;
  for (int i = 0; i != 200; ++i) {
    text += name(i) + " = if(%c) : i64 {\n%y" + std::to_string(i) + " = i64.add(%x, %x) : i64\n";
    end = "yield(" + (i == 199 ? "%y199" : name(i + 1)) + ")\n} {\nyield(%x)\n}\n" + end;
  }
  EXPECT_GT(compile(text + end + "return(%v0)\n}\n"), 0u);
}

TEST_F(ScaleTest, ALongLineOfCalls) {
  std::string text;
  for (int i = 0; i != size / 10; ++i)
    text += "func " + std::string(i ? "private " : "") + "@f" + std::to_string(i) +
            "(%x: i64) -> i64 {\n%y = call @f" + std::to_string(i + 1) + "(%x) : i64\nreturn(%y)\n}\n";
  text += "func private @f" + std::to_string(size / 10) + "(%x: i64) -> i64 {\nreturn(%x)\n}\n";
  EXPECT_GT(compile(text), 0u);
}

TEST_F(ScaleTest, ManyTargetsBehindManyCalls) {
  std::string text, body;
  for (int i = 0; i != size / 20; ++i) {
    std::string n = std::to_string(i);
    body += "%u" + n + " = const {value = \"http://h" + n + ".test/\"} : str\n%r" + n + " = http.request(%u" +
            n + ") {method = \"PUT\"} : " + std::string(response) + "\n";
  }
  text = "func private @puts() {\n" + body + "}\nfunc @main() {\n";
  for (int i = 0; i != size / 20; ++i)
    text += "call @puts\n";
  EXPECT_GT(compile(text + "}\n"), static_cast<size_t>(size / 20));
}

TEST_F(ScaleTest, TextsThatGrowAreNotFoldedWithoutEnd) {
  std::string text =
                  "func @main() -> i64 {\n%big = const {value = \"" + std::string(3000, 'x') + "\"} : str\n",
              last = "%n";
  text += "%n = const {value = 0} : i64\n";
  for (int i = 0; i != size; ++i) {
    std::string n = std::to_string(i);
    text += "%k" + n + " = const {value = " + n + "} : i64\n%s" + n + " = str.format(%big, %k" + n +
            ") {template = \"{0}{1}\"} : str\n%l" + n + " = str.length(%s" + n + ") : i64\n%m" + n +
            " = i64.max(" + last + ", %l" + n + ") : i64\n";
    last = "%m" + n;
  }
  std::unique_ptr<Module> module = parse(text + "return(" + last + ")\n}\n");
  ASSERT_TRUE(module) << messages;
  ASSERT_TRUE(run(*module, "canonicalize,dce"));
  size_t bytes = 0;
  for (const StringRange &range : module->pool.view().strings)
    bytes += range.size;
  EXPECT_LT(bytes, 16u << 20);
}

TEST_F(ScaleTest, AChainOfCalls) {
  std::string text = "func @f0(%x: i64) -> i64 { return(%x) }\n";
  for (int i = 1; i != size; ++i)
    text += "func @f" + std::to_string(i) + "(%x: i64) -> i64 {\n%y = call @f" + std::to_string(i - 1) +
            "(%x) : i64\n%z = i64.neg(%y) : i64\nreturn(%z)\n}\n";
  EXPECT_GT(compile(text), static_cast<size_t>(size));
}

TEST_F(ScaleTest, ManyCallsOfOneFunction) {
  std::string text = "func private @f(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n"
                     "func @main(%v0: i64) -> i64 {\n";
  for (int i = 1; i != size; ++i)
    text += name(i) + " = call @f(" + name(i - 1) + ") : i64\n";
  EXPECT_GT(compile(text + "return(" + name(size - 1) + ")\n}\n"), 0u);
}

TEST_F(ScaleTest, ACircleOfCalls) {
  std::string text;
  for (int i = 0; i != size; ++i)
    text += "func @f" + std::to_string(i) +
            "(%q: str) attributes {recursive} {\n%l = log.print(%q) : none\ncall @f" +
            std::to_string((i + 1) % size) + "(%q)\nreturn\n}\n";
  EXPECT_GT(compile(text), static_cast<size_t>(size));
}
