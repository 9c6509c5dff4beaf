#include "xcs/Lowering/Lowering.h"
#include "xcs/IR/Builder.h"

#include <gtest/gtest.h>

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

TEST(Lowering, ConstantsBecomeSlotsWithoutANode) {
  Module module;
  ConstantPool &pool = module.pool;
  TypeId i64 = pool.scalar(TypeKind::I64);
  Function &f = addFunction(module, "main", {{"x", i64}}, {i64});
  Builder b(module, f);
  ValueRef two = b.constant(i64, pool.intAttr(2), "two");
  ValueRef sum = b.value(OpCode::i64_add, i64, {f.graph.arguments(f.body)[0], two}, {}, "sum");
  b.op(OpCode::core_return, {sum});

  std::unique_ptr<PlanFile> file = planOf(module);
  ASSERT_TRUE(file);
  const PlanView &plan = file->view();
  ASSERT_EQ(plan.ops.size(), 1u);
  EXPECT_EQ(plan.ops[0].code, OpCode::i64_add);
  ASSERT_EQ(plan.constantSlots.size(), 1u);
  EXPECT_EQ(plan.constantSlots[0].slot, 1u);
  EXPECT_EQ(plan.constants.intAttr(plan.constantSlots[0].value), 2);
  EXPECT_EQ(plan.constants.text(plan.ops[0].name), "sum");
}

} // namespace
