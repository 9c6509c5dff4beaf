#include "xcs/Lowering/Lowering.h"
#include "xcs/IR/Builder.h"
#include "xcs/Transforms/Pass.h"

#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

#include <random>

using namespace xcs;

namespace {

/// Lowers, writes and opens again: every test also shows that the verifier takes what the lowering makes.
std::unique_ptr<PlanFile> planOf(Module &module, const LoweringOptions &options = {}) {
  DiagnosticEngine diagnostics;
  Result<std::string> bytes = writePlan(lower(module, options), "test", diagnostics, {});
  if (!bytes)
    return nullptr;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(*bytes, "test", diagnostics, {});
  for (const Diagnostic &d : diagnostics.all())
    ADD_FAILURE() << d.message;
  return file ? std::move(*file) : nullptr;
}

/// `@main(%x: i64) -> i64`: `%two = const 2; %sum = i64.add(%x, %two)`.
struct Sum {
  Module module{std::make_shared<SourceBuffer>("sum.xir", "func\n  sum")};
  Sum() {
    TypeId i64 = module.pool.scalar(TypeKind::I64);
    Function &f = addFunction(module, "main", {{"x", i64}}, {i64});
    Builder b(module, f);
    b.setLocation(Location::atOffset(7));
    ValueRef two = b.constant(i64, module.pool.intAttr(2), "two");
    ValueRef sum = b.value(OpCode::i64_add, i64, {f.graph.arguments(f.body)[0], two}, {}, "sum");
    b.op(OpCode::core_return, {sum});
  }
};

TEST(Lowering, ConstantsBecomeSlotsWithoutANode) {
  Sum sum;
  std::unique_ptr<PlanFile> file = planOf(sum.module);
  ASSERT_TRUE(file);
  const PlanView &plan = file->view();
  ASSERT_EQ(plan.ops.size(), 1u);
  EXPECT_EQ(plan.ops[0].code, OpCode::i64_add);
  ASSERT_EQ(plan.constantSlots.size(), 1u);
  EXPECT_EQ(plan.constantSlots[0].slot, 1u);
  EXPECT_EQ(plan.constants.intAttr(plan.constantSlots[0].value), 2);
}

TEST(Lowering, NamesAndLocationsAreKept) {
  Sum sum;
  std::unique_ptr<PlanFile> file = planOf(sum.module);
  ASSERT_TRUE(file);
  const PlanView &plan = file->view();
  EXPECT_EQ(plan.constants.text(plan.ops[0].name), "sum");
  ASSERT_EQ(plan.locations.size(), 1u);
  EXPECT_EQ(plan.constants.text(plan.locations[0].file), "sum.xir");
  EXPECT_EQ(plan.locations[0].line, 2u);
  EXPECT_EQ(plan.locations[0].column, 3u);
}

TEST(Lowering, NamesAndLocationsCanBeLeftOut) {
  Sum sum;
  LoweringOptions options;
  options.names = options.locations = false;
  std::unique_ptr<PlanFile> file = planOf(sum.module, options);
  ASSERT_TRUE(file);
  const PlanView &plan = file->view();
  EXPECT_FALSE(plan.ops[0].name);
  EXPECT_EQ(plan.ops[0].location, UINT32_MAX);
  EXPECT_TRUE(plan.locations.empty());
  for (size_t i = 0; i < plan.constants.strings.size(); ++i)
    EXPECT_NE(plan.constants.text(StringId(i)), "sum.xir");
}

TEST(Lowering, EqualAttributesShareTheirRows) {
  Module module;
  TypeId str = module.pool.scalar(TypeKind::Str), list = module.pool.list(str);
  Function &f = addFunction(module, "main", {{"x", list}}, {str, str});
  Builder b(module, f);
  ValueRef x = f.graph.arguments(f.body)[0];
  Builder::Attr comma{"separator", module.pool.textAttr(",")};
  ValueRef one = b.value(OpCode::str_join, str, {x}, {comma}),
           other = b.value(OpCode::str_join, str, {x}, {comma});
  b.op(OpCode::core_return, {one, other});
  std::unique_ptr<PlanFile> file = planOf(module);
  ASSERT_TRUE(file);
  const PlanView &plan = file->view();
  ASSERT_EQ(plan.ops.size(), 2u);
  EXPECT_EQ(plan.ops[0].attributes, plan.ops[1].attributes);
  EXPECT_EQ(plan.ops[0].dict, plan.ops[1].dict);
  EXPECT_EQ(plan.constants.textAttr(plan.attrsOf(plan.ops[0])[0]), ",");
}

/// Random functions of arithmetic, nested maps, branches, catches and calls, valid by construction.
class RandomProgram {
public:
  explicit RandomProgram(uint32_t seed) : random(seed) {
    i64 = module.pool.scalar(TypeKind::I64);
    boolean = module.pool.scalar(TypeKind::Bool);
    list = module.pool.list(i64);
    const size_t count = 1 + pick(3);
    for (size_t f = 0; f < count; ++f)
      addFunctionOf("f" + std::to_string(f));
  }
  Module module;

private:
  size_t pick(size_t n) { return random() % n; }
  ValueRef any() { return known[pick(known.size())]; }

  void addFunctionOf(const std::string &name) {
    function = &addFunction(module, name, {{"x", i64}, {"y", i64}, {"xs", list}}, {i64});
    function->isPrivate = pick(4) == 0;
    Builder b(module, *function);
    xs = function->graph.arguments(function->body)[2];
    known = {function->graph.arguments(function->body)[0], function->graph.arguments(function->body)[1]};
    fill(b, 3);
    b.op(OpCode::core_return, {any()});
    symbols.push_back(name);
  }

  void fill(Builder &b, unsigned depth) {
    const size_t count = 1 + pick(12);
    for (size_t i = 0; i < count; ++i)
      addOne(b, depth);
  }

  /// A region whose values are seen within it alone; it yields one of all that can be seen.
  void addRegion(Builder &b, OpId op, unsigned depth, bool takesElement) {
    std::vector<ValueRef> seen = known;
    const Builder::Parameter element[] = {{"", i64}};
    b.beginRegion(op, std::span(element, takesElement ? 1 : 0));
    if (takesElement)
      known.push_back(b.argument(0));
    fill(b, depth - 1);
    b.op(OpCode::core_yield, {any()});
    b.endRegion();
    known = std::move(seen);
  }

  void addOne(Builder &b, unsigned depth) {
    switch (pick(depth ? 8 : 5)) {
    case 0:
      known.push_back(b.constant(i64, module.pool.intAttr(static_cast<int64_t>(pick(100)))));
      return;
    case 1:
      b.op(OpCode::core_assert, {b.value(OpCode::i64_lt, boolean, {any(), any()})});
      return;
    case 2:
      if (!symbols.empty()) {
        const std::vector<ValueRef> operands{any(), any(), xs};
        known.push_back(b.result(b.call(symbols[pick(symbols.size())], operands), i64));
      }
      return;
    case 3:
    case 4:
      known.push_back(b.value(OpCode::i64_add, i64, {any(), any()}));
      return;
    case 5: {
      OpId map = b.op(OpCode::core_map, {xs});
      ValueRef all = b.result(map, list);
      addRegion(b, map, depth, true);
      known.push_back(b.value(OpCode::list_len, i64, {all}));
      return;
    }
    case 6: {
      OpId branch = b.op(OpCode::core_if, {b.value(OpCode::i64_lt, boolean, {any(), any()})});
      ValueRef out = b.result(branch, i64);
      addRegion(b, branch, depth, false);
      addRegion(b, branch, depth, false);
      known.push_back(out);
      return;
    }
    default: {
      OpId attempt = b.op(OpCode::core_try, {});
      ValueRef out = b.result(attempt, module.pool.compound(TypeKind::Result, i64));
      addRegion(b, attempt, depth, false);
      known.push_back(b.value(OpCode::result_or, i64, {out, any()}));
    }
    }
  }

  std::mt19937 random;
  TypeId i64, boolean, list;
  Function *function = nullptr;
  ValueRef xs;
  std::vector<ValueRef> known;
  std::vector<std::string> symbols;
};

TEST(Lowering, RandomProgramsAreValidPlansAtEveryLevel) {
  for (uint32_t seed = 0; seed < 60; ++seed)
    for (unsigned level = 0; level <= 3; ++level) {
      RandomProgram program(seed);
      DiagnosticEngine diagnostics;
      const Limits limits;
      PassContext context(diagnostics, limits, llvm::nulls());
      diagnostics.showRemarks(false);
      ASSERT_TRUE(runPipeline(program.module, defaultPipeline(level), {}, context))
          << (diagnostics.all().empty() ? "" : diagnostics.all()[0].message);
      ASSERT_TRUE(planOf(program.module)) << "seed " << seed << " level " << level;
    }
}

TEST(Lowering, ParametersWithoutANameOfTheirOwnGetOne) {
  Module module;
  TypeId i64 = module.pool.scalar(TypeKind::I64);
  Function &f =
      addFunction(module, "main", {{"", i64}, {"x", i64}, {"x", i64}, {"1", i64}, {"", i64}}, {i64});
  Builder b(module, f);
  b.op(OpCode::core_return, {b.argument(2)});
  std::unique_ptr<PlanFile> file = planOf(module);
  ASSERT_TRUE(file);
  std::vector<std::string> names;
  for (const PlanParameter &p : file->view().parameters.first(5))
    names.emplace_back(file->view().constants.text(p.name));
  EXPECT_EQ(names, (std::vector<std::string>{"0", "x", "2", "1", "3"}));
}

TEST(Lowering, SameModuleLowersToTheSameBytes) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    RandomProgram one(seed), other(seed);
    std::unique_ptr<PlanFile> first = planOf(one.module), second = planOf(other.module);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->view().digest, second->view().digest);
  }
}

} // namespace
