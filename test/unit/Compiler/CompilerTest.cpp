#include "xcs/Compiler/Compiler.h"
#include "xcs/IR/Builder.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <gtest/gtest.h>

using namespace xcs;

namespace {

constexpr std::string_view twoDraws = R"(
func @main() -> i64, i64 {
  %low = const {value = 1} : i64
  %high = const {value = 6} : i64
  %a = random.int(%low, %high) : i64
  %b = random.int(%low, %high) : i64
  return(%a, %b)
})";

struct CompilerTest : ::testing::Test {
  std::string messages;
  llvm::raw_string_ostream stream{messages};
  DiagnosticEngine diagnostics{&stream};
  CompileOptions options;

  CompilerTest() { diagnostics.showRemarks(false); }

  static std::shared_ptr<const SourceBuffer> source(std::string_view text) {
    return std::make_shared<SourceBuffer>("test.xir", std::string(text));
  }
  Result<std::string> compiled(std::string_view text) { return compile(source(text), options, diagnostics); }
  std::unique_ptr<PlanFile> planOf(std::string_view text) {
    Result<std::string> bytes = compiled(text);
    if (!bytes)
      return nullptr;
    auto file = PlanFile::fromBytes(*bytes, "test.xplan", diagnostics, options.limits);
    return file ? std::move(*file) : nullptr;
  }
};

/// Takes the last operation out of every function: what comes out breaks a rule.
struct Breaker : Pass {
  Result<Change> run(Module &module, PassContext &) override {
    for (auto &function : module.functions)
      function->graph.erase(function->graph.terminator(function->body));
    return Change::Program;
  }
};
/// Gives a draw another name.
struct Renamer : Pass {
  Result<Change> run(Module &module, PassContext &) override {
    ComputationGraph &graph = module.functions[0]->graph;
    for (OpId op : graph.region(module.functions[0]->body).body)
      if (graph.drawName(op)) {
        graph.setDrawName(op, module.pool.intern("another"));
        break;
      }
    return Change::Program;
  }
};
const PassRow renamer{"renamer", "renames", [] { return std::unique_ptr<Pass>(new Renamer); }, ""};
const PassRow breaker{"breaker", "breaks", [] { return std::unique_ptr<Pass>(new Breaker); }, ""};

} // namespace

TEST_F(CompilerTest, EveryLevelGivesAPlanThatSaysItsLevel) {
  for (unsigned level : {0u, 1u, 2u, 3u}) {
    options.level = level;
    std::unique_ptr<PlanFile> file = planOf(twoDraws);
    ASSERT_TRUE(file) << messages;
    EXPECT_EQ(file->view().optimizationLevel, level);
  }
}

TEST_F(CompilerTest, PassesOfOnesOwnTakeThePlaceOfTheLevel) {
  options.passes = PipelineSteps{{findPass("dce"), ""}};
  std::unique_ptr<PlanFile> file = planOf(twoDraws);
  ASSERT_TRUE(file) << messages;
  EXPECT_EQ(file->view().optimizationLevel, 0u);
  ASSERT_EQ(options.steps().size(), 1u);
}

TEST_F(CompilerTest, EveryDrawHasItsNameAtEveryLevel) {
  for (unsigned level : {0u, 1u, 2u, 3u}) {
    options.level = level;
    std::unique_ptr<PlanFile> file = planOf(twoDraws);
    ASSERT_TRUE(file) << messages;
    const PlanView &plan = file->view();
    std::vector<std::string> names;
    for (const PlanOp &op : plan.ops)
      if (op.code == OpCode::random_int)
        if (AttrId draw = plan.constants.find(op.dict, "draw"))
          names.emplace_back(plan.constants.textAttr(draw));
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names.size(), 2u) << "level " << level;
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  }
}

TEST_F(CompilerTest, EqualInputGivesEqualBytes) {
  Result<std::string> one = compiled(twoDraws), other = compiled(twoDraws);
  ASSERT_TRUE(one && other) << messages;
  EXPECT_EQ(*one, *other);
}

TEST_F(CompilerTest, WatchingThePassesChangesNothing) {
  Result<std::string> unwatched = compiled(twoDraws);
  std::vector<std::string> ran;
  options.afterPass = [&](std::string_view pass, const Module &) { ran.emplace_back(pass); };
  Result<std::string> watched = compiled(twoDraws);
  ASSERT_TRUE(unwatched && watched) << messages;
  EXPECT_EQ(*unwatched, *watched);
  std::vector<std::string> wanted;
  for (const PipelineStep &step : options.steps())
    wanted.emplace_back(step.row->name);
  EXPECT_EQ(ran, wanted);
}

TEST_F(CompilerTest, APassThatIsLeftOutIsNotShown) {
  std::vector<std::string> ran;
  options.afterPass = [&](std::string_view pass, const Module &) { ran.emplace_back(pass); };
  options.manager.disabled = {"cse"};
  ASSERT_TRUE(compiled(twoDraws)) << messages;
  EXPECT_FALSE(ran.empty());
  EXPECT_EQ(std::count(ran.begin(), ran.end(), "cse"), 0);
}

TEST_F(CompilerTest, ARefusalBeforeThePassesEndsIt) {
  bool anyRan = false;
  options.beforePasses = [&](const Module &, const PipelineSteps &steps) -> Status {
    EXPECT_FALSE(steps.empty());
    return Failure{};
  };
  options.afterPass = [&](std::string_view, const Module &) { anyRan = true; };
  EXPECT_FALSE(compiled(twoDraws));
  EXPECT_FALSE(anyRan);
}

TEST_F(CompilerTest, WhatTheVerifierRefusesReachesNoPass) {
  Module module;
  TypeId i64 = module.pool.scalar(TypeKind::I64);
  addFunction(module, "main", {}, {i64}); // no terminator
  bool asked = false;
  options.beforePasses = [&](const Module &, const PipelineSteps &) {
    asked = true;
    return success();
  };
  EXPECT_FALSE(compile(module, options, diagnostics));
  EXPECT_FALSE(asked);
  EXPECT_TRUE(diagnostics.hasErrors());
}

TEST_F(CompilerTest, WhatAPassBreaksIsFoundWithAndWithoutACheckAfterEach) {
  for (bool each : {true, false}) {
    DiagnosticEngine found;
    options.passes = PipelineSteps{{&breaker, ""}};
    options.manager.verifyEach = each;
    EXPECT_FALSE(compile(source(twoDraws), options, found));
    ASSERT_TRUE(found.hasErrors());
    auto says = [&](Diag id) {
      return std::any_of(found.all().begin(), found.all().end(),
                         [id](const Diagnostic &d) { return d.id == id; });
    };
    EXPECT_EQ(says(Diag::PassBrokeIr), each);
    EXPECT_EQ(says(Diag::PassesBrokeIr), !each);
  }
}

TEST_F(CompilerTest, DrawsAreComparedWithAndWithoutACheckAfterEach) {
  for (bool each : {true, false}) {
    messages.clear();
    options.passes = PipelineSteps{{findPass("dce"), ""}, {&renamer, ""}, {findPass("cse"), ""}};
    options.manager.verifyEach = each;
    EXPECT_FALSE(compiled(twoDraws));
    EXPECT_NE(messages.find(each ? "the pass `renamer` changed the draws of `@main`: `another` is new"
                                 : "the passes broke the module: of the draws of `@main`, `another` is new; "
                                   "find the pass with `--verify-each`"),
              std::string::npos)
        << messages;
    EXPECT_NE(messages.find(each ? "[pass-changed-draws]" : "[passes-broke-ir]"), std::string::npos)
        << messages;
  }
}

TEST_F(CompilerTest, WithoutNamesOfDrawsThePrintedProgramIsAsWritten) {
  for (bool named : {false, true}) {
    std::unique_ptr<Module> module = parseModule(source(twoDraws), diagnostics);
    ASSERT_TRUE(module) << messages;
    options.passes.emplace();
    options.nameDraws = named;
    ASSERT_TRUE(optimize(*module, options, diagnostics)) << messages;
    const ComputationGraph &graph = module->functions[0]->graph;
    bool found = false;
    for (OpId op : graph.region(module->functions[0]->body).body)
      found |= graph.drawName(op).valid();
    EXPECT_EQ(found, named);
  }
}

TEST_F(CompilerTest, WhatPassesPrintGoesWhereItIsSentAndElseNowhere) {
  std::string printed;
  llvm::raw_string_ostream out(printed);
  options.manager.stats = true;
  ASSERT_TRUE(compiled(twoDraws)) << messages;
  options.passOutput = &out;
  ASSERT_TRUE(compiled(twoDraws)) << messages;
  EXPECT_NE(printed.find("// counts of each pass"), std::string::npos);
  EXPECT_EQ(messages, "");
}

TEST_F(CompilerTest, TextThatIsNoProgramAndImportsWithoutFilesAreReported) {
  EXPECT_FALSE(compiled("func @main() -> i64 {"));
  EXPECT_NE(messages, "");
  messages.clear();
  EXPECT_FALSE(compiled("import \"other.xir\"\nfunc @main() {\n  return()\n}\n"));
  EXPECT_NE(messages.find("other.xir"), std::string::npos) << messages;
}

TEST_F(CompilerTest, ALimitIsReportedUnderTheNameOfThePlan) {
  options.name = "out.xplan";
  options.limits.set(Limit::PlanBytes, 16);
  EXPECT_FALSE(compiled(twoDraws));
  EXPECT_NE(messages.find("out.xplan"), std::string::npos) << messages;
}
