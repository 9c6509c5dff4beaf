#include "Transforms/PassTest.h"

using namespace xcs;

namespace {

using PassManagerTest = PassTest;

/// Takes the value away that `return` hands on.
class Breaker : public Pass {
public:
  Result<Change> run(Module &module, PassContext &) override {
    ComputationGraph &graph = module.functions[0]->graph;
    graph.setBody(module.functions[0]->body, {graph.terminator(module.functions[0]->body)});
    return Change::Program;
  }
};

class Failing : public Pass {
public:
  Result<Change> run(Module &, PassContext &) override { return Failure(); }
};

/// Renames what `return` hands on without saying so, or with.
class Changer : public Pass {
public:
  explicit Changer(Change says) : says(says) {}
  Result<Change> run(Module &module, PassContext &context) override {
    context.analyses().graphs();
    ComputationGraph &graph = module.functions[0]->graph;
    OpId first = graph.region(module.functions[0]->body).body[0];
    DictEntry entry{module.pool.intern("value"), module.pool.intAttr(2)};
    graph.setAttributes(first, module.pool.dict({&entry, 1}));
    return says;
  }
  Change says;
};

/// Asks for everything that can be known and changes nothing.
class Asker : public Pass {
public:
  Result<Change> run(Module &, PassContext &context) override {
    context.analyses().pathAfter();
    context.analyses().uses(0);
    return Change::Nothing;
  }
};

constexpr PassRow asker{"asker", "", [] { return std::unique_ptr<Pass>(new Asker); }, ""};
constexpr PassRow honest{"honest", "", [] { return std::unique_ptr<Pass>(new Changer(Change::Program)); },
                         ""};
constexpr PassRow silent{"silent", "", [] { return std::unique_ptr<Pass>(new Changer(Change::Nothing)); },
                         ""};
/// Takes away what the operands of `return` come from, without a word.
class SilentBreaker : public Breaker {
public:
  Result<Change> run(Module &module, PassContext &context) override {
    return Breaker::run(module, context) ? Change::Nothing : Change::Program;
  }
};

/// Asks who uses what, then makes `return` hand on another value, and says nothing.
class SilentAsker : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override {
    context.analyses().uses(0);
    ComputationGraph &graph = module.functions[0]->graph;
    const RegionId body = module.functions[0]->body;
    const OpId first = graph.region(body).body[0], end = graph.terminator(body);
    OpId copy = graph.addOperation({}, OpCode::core_const, {}, {}, {});
    graph.setAttributes(copy, graph.operation(first).attributes);
    const ValueRef copied[] = {graph.addResult(copy, graph.type(graph.operation(first).firstResult), {})};
    graph.setBody(body, {first, copy, end});
    graph.setOperands(end, copied, {});
    return Change::Nothing;
  }
};

constexpr PassRow halfHonest{"half-honest", "",
                             [] { return std::unique_ptr<Pass>(new Changer(Change::Facts)); }, ""};
constexpr PassRow silentAsker{"silent-asker", "", [] { return std::unique_ptr<Pass>(new SilentAsker); }, ""};
constexpr PassRow silentBreaker{"silent-breaker", "", [] { return std::unique_ptr<Pass>(new SilentBreaker); },
                                ""};
constexpr PassRow breaker{"breaker", "", [] { return std::unique_ptr<Pass>(new Breaker); }, ""};
constexpr PassRow failing{"failing", "", [] { return std::unique_ptr<Pass>(new Failing); }, ""};

constexpr std::string_view program =
    "func @main() -> i64 {\n  %a = const {value = 1} : i64\n  return(%a)\n}\n";

} // namespace

TEST_F(PassManagerTest, NamesThePassThatBrokeTheModule) {
  std::unique_ptr<Module> module = parse(program);
  PipelineSteps steps{{findPass("dce"), ""}, {&breaker, ""}, {findPass("cse"), ""}};
  EXPECT_FALSE(runPipeline(*module, steps, options, context));
  EXPECT_NE(messages.find("the pass `breaker` broke the module; report this with the program that triggers "
                          "it, and continue with "
                          "`--disable-pass=breaker` [pass-broke-ir]"),
            std::string::npos)
      << messages;
}

TEST_F(PassManagerTest, BelievesAPassWhenAskedTo) {
  std::unique_ptr<Module> module = parse(program);
  options.verifyEach = false;
  EXPECT_TRUE(runPipeline(*module, {{&breaker, ""}}, options, context));
  EXPECT_EQ(messages, "");
}

TEST_F(PassManagerTest, StopsAtAFailure) {
  std::unique_ptr<Module> module = parse(program);
  options.printAfterAll = true;
  EXPECT_FALSE(runPipeline(*module, {{&failing, ""}, {findPass("dce"), ""}}, options, context));
  EXPECT_EQ(printed, "");
}

TEST_F(PassManagerTest, LeavesDisabledPassesOut) {
  std::unique_ptr<Module> module = parse(program);
  options.disabled = {"dce"};
  options.printBeforeAll = true;
  EXPECT_TRUE(run(*module, "dce,cse"));
  EXPECT_EQ(printed.find("// before dce"), std::string::npos);
  EXPECT_NE(printed.find("// before cse"), std::string::npos);
}

TEST_F(PassManagerTest, RefusesUnknownNamesInOptions) {
  std::unique_ptr<Module> module = parse(program);
  options.disabled = {"dcee"};
  options.printBefore = {"x"};
  options.printAfter = {"shedule"};
  EXPECT_FALSE(run(*module, "dce"));
  EXPECT_EQ(messages, "error: there is no pass `dcee`; did you mean `dce` [unknown-pass]\n"
                      "error: there is no pass `x` [unknown-pass]\n"
                      "error: there is no pass `shedule`; did you mean `schedule` [unknown-pass]\n");
}

TEST_F(PassManagerTest, CountsByPass) {
  context.runningPass = "one";
  context.count("things");
  context.count("things", 2);
  context.runningPass = "two";
  context.count("things");
  ASSERT_EQ(context.counters.size(), 2u);
  EXPECT_EQ(context.counters[0].value, 3u);
  EXPECT_EQ(context.counters[1].pass, "two");
}

TEST_F(PassManagerTest, OptionsReachThePass) {
  context.options = "attributes, no-clusters";
  EXPECT_TRUE(context.hasOption("attributes"));
  EXPECT_TRUE(context.hasOption("no-clusters"));
  EXPECT_FALSE(context.hasOption("clusters"));
  EXPECT_FALSE(context.hasOption(""));
}

TEST_F(PassManagerTest, ReadsPipelines) {
  Result<PipelineSteps> steps =
      parsePipeline("canonicalize,schedule(no-clusters,attributes), dce", diagnostics);
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->size(), 3u);
  EXPECT_EQ((*steps)[1].row, findPass("schedule"));
  EXPECT_EQ((*steps)[1].options, "no-clusters,attributes");
  EXPECT_EQ((*steps)[2].row, findPass("dce"));
  EXPECT_EQ(parsePipeline("", diagnostics)->size(), 0u);
}

TEST_F(PassManagerTest, ReportsEveryMistakeInAPipeline) {
  EXPECT_FALSE(parsePipeline("dce,,x,dce),schedule(chunk),schedule(,dce(x", diagnostics));
  EXPECT_EQ(diagnostics.errorCount(), 5u) << messages;
}

TEST_F(PassManagerTest, EveryPassHasARowOfItsOwn) {
  for (const PassRow &row : allPasses()) {
    EXPECT_EQ(findPass(row.name), &row);
    EXPECT_FALSE(row.summary.empty());
    EXPECT_NE(row.create(), nullptr);
  }
  EXPECT_EQ(findPass("none"), nullptr);
}

TEST_F(PassManagerTest, WhatIsKnownIsKeptUntilTheProgramChanges) {
  std::unique_ptr<Module> module = parse(program);
  options.checkEach = false;
  EXPECT_TRUE(runPipeline(*module, {{&asker, ""}, {&asker, ""}}, options, context));
  EXPECT_EQ(context.analyses().computed(), 5u); // effects, graphs, costs, paths, uses
  EXPECT_TRUE(
      runPipeline(*module, {{&asker, ""}, {findPass("schedule"), ""}, {&asker, ""}}, options, context));
  EXPECT_EQ(context.analyses().computed(), 5u);
  EXPECT_TRUE(runPipeline(*module, {{&asker, ""}, {&honest, ""}, {&asker, ""}}, options, context));
  EXPECT_EQ(context.analyses().computed(), 10u);
}

TEST_F(PassManagerTest, TheDefaultPipelineFindsEffectsOnceWhereNothingChanges) {
  std::unique_ptr<Module> module = parse("func @main(%a: i64) -> i64 {\n  return(%a)\n}\n");
  options.checkEach = false;
  EXPECT_TRUE(runPipeline(*module, defaultPipeline(2), options, context));
  EXPECT_EQ(context.analyses().computed(), 4u); // effects, graphs, costs, uses
}

TEST_F(PassManagerTest, APassThatChangesWithoutSayingSoIsNamed) {
  std::unique_ptr<Module> module = parse(program);
  options.checkEach = true;
  EXPECT_TRUE(runPipeline(*module, {{&honest, ""}}, options, context)) << messages;
  module = parse(program);
  EXPECT_FALSE(runPipeline(*module, {{&silent, ""}}, options, context));
  EXPECT_EQ(messages,
            "error: the pass `silent` changed more of the module than it said; report this with the "
            "program that triggers it, and continue with `--disable-pass=silent` [pass-hid-change]\n");
}

/// What is known of the module is out of date as well where the pass owns up to facts alone.
TEST_F(PassManagerTest, APassThatChangesMoreThanItSaysIsNamed) {
  options.checkEach = true;
  for (const PassRow *row : {&halfHonest, &silentAsker}) {
    std::unique_ptr<Module> module = parse(program);
    messages.clear();
    EXPECT_FALSE(runPipeline(*module, {{row, ""}}, options, context));
    EXPECT_NE(messages.find("[pass-hid-change]"), std::string::npos) << row->name << ": " << messages;
    EXPECT_EQ(messages.find("[pass-broke-ir]"), std::string::npos) << messages;
  }
}

/// A module that is broken is told of as that, whatever the pass says.
TEST_F(PassManagerTest, ASilentPassThatBreaksTheModuleIsSaidToBreakIt) {
  options.checkEach = true;
  std::unique_ptr<Module> module = parse(program);
  EXPECT_FALSE(runPipeline(*module, {{&silentBreaker, ""}}, options, context));
  EXPECT_NE(messages.find("[pass-broke-ir]"), std::string::npos) << messages;
  EXPECT_EQ(messages.find("[pass-hid-change]"), std::string::npos) << messages;
}

TEST_F(PassManagerTest, WhatIsNotChangedIsNotVerifiedAgain) {
  std::unique_ptr<Module> module = parse(program);
  ComputationGraph &graph = module->functions[0]->graph;
  graph.setBody(module->functions[0]->body, {graph.terminator(module->functions[0]->body)}); // broken before
  options.checkEach = false;
  EXPECT_TRUE(runPipeline(*module, {{findPass("print-effects"), ""}}, options, context));
  EXPECT_FALSE(runPipeline(*module, {{findPass("schedule"), ""}}, options, context));
}
