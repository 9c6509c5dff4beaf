#include "xcs/IR/Verifier.h"
#include "xcs/Patterns/Pattern.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

std::unique_ptr<Module> parse(std::string_view text) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  std::unique_ptr<Module> module =
      parseModule(std::make_shared<SourceBuffer>("test.xir", std::string(text)), diagnostics);
  EXPECT_TRUE(module && verify(*module, diagnostics)) << messages;
  return module;
}

/// Finds every `str.trim`.
class Trims : public Pattern {
public:
  std::string_view name() const override { return "trims"; }
  void match(const PatternContext &context, std::vector<PatternMatch> &out) const override {
    for (uint32_t node = 0; node != context.graph.size(); ++node)
      if (OpId op = context.graph.operation(node);
          context.operations().operation(op).code == OpCode::str_trim)
        out.push_back({name(), context.functionIndex, context.region, {op}, {}, "a trim"});
  }
};

} // namespace

TEST(PatternLibraryTest, KnowsItsPatternsFromTheMostToTheLeastParticular) {
  std::vector<std::string_view> names;
  PatternLibrary library = PatternLibrary::builtin();
  for (const std::unique_ptr<Pattern> &pattern : library.all())
    names.push_back(pattern->name());
  EXPECT_EQ(names, (std::vector<std::string_view>{"ensemble", "map", "reduce", "chain"}));
}

TEST(PatternLibraryTest, MatchesFunctionsAndRegionsInOrder) {
  std::unique_ptr<Module> module = parse(R"(func @first(%xs: list<str>) -> str {
  %ys = map(%xs) : list<str> {
  ^(%x: str)
    %y = str.trim(%x) : str
    yield(%y)
  }
  %z = str.join(%ys) : str
  return(%z)
}
func @second(%x: str) -> str {
  %y = str.trim(%x) : str
  return(%y)
}
)");
  PatternLibrary library = PatternLibrary::builtin();
  library.add(std::make_unique<Trims>());
  std::string found;
  AnalysisCache analyses(*module);
  for (const PatternMatch &match : library.matchAll(analyses))
    found += std::string(match.pattern) + " in " + std::to_string(match.function) + ", ";
  EXPECT_EQ(found, "map in 0, reduce in 0, trims in 0, trims in 1, ");
}

TEST(PatternLibraryTest, ACombinerIsNamed) {
  std::unique_ptr<Module> module = parse(R"(model @gpt { url = "http://127.0.0.1:8080/v1", model = "small" }
func @main(%q: str) -> str {
  %a = model.chat @gpt(%q) : str
  %b = model.chat @gpt(%q) : str
  %l = list.pack(%a, %b) : list<str>
  %v = vote.majority(%l) : str
  return(%v)
}
)");
  AnalysisCache analyses(*module);
  std::vector<PatternMatch> matches = PatternLibrary::builtin().matchAll(analyses);
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches[0].pattern, "ensemble");
  EXPECT_EQ(matches[0].operations.size(), 2u);
  EXPECT_EQ(module->functions[0]->graph.operation(matches[0].combiner).code, OpCode::vote_majority);
}

/// Packs that all flow into one long line: the way to each combiner is followed a few steps only.
TEST(PatternLibraryTest, LooksAFewStepsFar) {
  std::string text =
      "model @gpt { url = \"http://127.0.0.1:8080/v1\", model = \"small\" }\nfunc @main(%q: str) -> str {\n"
      "%j0 = str.trim(%q) : str\n";
  constexpr int size = 20000;
  for (int i = 0; i != size; ++i) {
    std::string n = std::to_string(i), next = std::to_string(i + 1);
    text += "%a" + n + " = model.chat @gpt(%q) : str\n%b" + n + " = model.chat @gpt(%q) : str\n%l" + n +
            " = list.pack(%a" + n + ", %b" + n + ") : list<str>\n%t" + n + " = str.join(%l" + n +
            ") : str\n%j" + next + " = str.concat(%j" + n + ", %t" + n + ") : str\n";
  }
  text += "%r = model.chat @gpt(%j" + std::to_string(size) + ") : str\nreturn(%r)\n}\n";
  std::unique_ptr<Module> module = parse(text);
  size_t ensembles = 0;
  AnalysisCache analyses(*module);
  for (const PatternMatch &match : PatternLibrary::builtin().matchAll(analyses))
    ensembles += match.pattern == "ensemble";
  EXPECT_GT(ensembles, 0u);
  EXPECT_LT(ensembles, 10u);
}
