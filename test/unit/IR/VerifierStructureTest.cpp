#include "IR/IrTest.h"

using namespace xcs;

namespace {
/// Broken the ways a pass breaks things.
struct VerifierStructure : FunctionTest {};
} // namespace

TEST_F(VerifierStructure, AUseBeforeItsDefinition) {
  begin({});
  ValueRef first = builder->constant(i64, pool.intAttr(1), "a");
  OpId constant = lastOp();
  builder->value(OpCode::i64_neg, i64, {first});
  graph().setBody(function->body, {lastOp(), constant});
  EXPECT_EQ(diagnose(), "error: `%a` is not defined before its use [undefined-value]\n");
}

TEST_F(VerifierStructure, AnOperationDoesNotSeeItsOwnResult) {
  begin({});
  ValueRef v = builder->value(OpCode::i64_neg, i64, {number()}, {}, "v");
  graph().operandsForUpdate(lastOp())[0] = v;
  EXPECT_EQ(diagnose(), "error: `%v` is not defined before its use [undefined-value]\n");
}

TEST_F(VerifierStructure, WhatARegionDefinesIsNotSeenOutside) {
  begin({{"c", boolean}});
  OpId branch = builder->op(OpCode::core_if, {parameter(0)});
  enter(branch);
  ValueRef inner = number();
  leave();
  enter(branch);
  builder->value(OpCode::i64_neg, i64, {inner}); // nor in the next region
  leave();
  builder->value(OpCode::i64_neg, i64, {inner});
  std::string once =
      "error: `a result of const` is not defined before its use; it is visible only in its region of `if`, "
      "so yield it there [undefined-value]\n";
  EXPECT_EQ(diagnose(), once + once);
}

TEST_F(VerifierStructure, AnArgumentIsNotSeenOutside) {
  begin({{"xs", pool.list(i64)}});
  OpId map = builder->op(OpCode::core_map, {parameter(0)});
  RegionId region = enter(map, {{"x", i64}});
  leave();
  builder->value(OpCode::i64_neg, i64, {graph().arguments(region)[0]});
  EXPECT_EQ(
      diagnose(),
      "error: `%x` is not defined before its use; it is visible only in its region of `map`, so yield it "
      "there [undefined-value]\n");
}

TEST_F(VerifierStructure, OrderOnlyOperandsAreUsesToo) {
  begin({});
  ValueRef late = builder->constant(i64, pool.intAttr(1), "late");
  OpId constant = lastOp();
  ValueRef order[] = {late};
  OpId fail = builder->op(OpCode::core_return, {}, {}, order);
  EXPECT_EQ(diagnose(), "");
  graph().setBody(function->body, {fail});
  graph().erase(constant);
  EXPECT_EQ(diagnose(),
            "error: `%late` is not defined before its use; its operation was erased [undefined-value]\n");
}

TEST_F(VerifierStructure, AValueThatDoesNotExist) {
  begin({});
  builder->value(OpCode::i64_neg, i64, {ValueRef(1000u)});
  give({ValueRef()});
  std::string once =
      "error: an operand is a value that does not exist: the module is invalid; report this with the "
      "program that triggers it [broken-module]\n";
  std::string found = diagnose();
  EXPECT_TRUE(found.starts_with(once + once)) << found;
}

TEST_F(VerifierStructure, AnErasedOperationStillInABody) {
  begin({});
  number();
  graph().erase(lastOp());
  EXPECT_EQ(diagnose(),
            "error: an operation was erased or moved and is still in the body of a region: the module is "
            "invalid; report this with the program that triggers it [broken-module]\n");
}

TEST_F(VerifierStructure, AnOperationTwiceInABody) {
  begin({});
  number();
  OpId op = lastOp();
  graph().setBody(function->body, {op, op});
  EXPECT_EQ(diagnose(), "error: an operation is in a body twice: the module is invalid; report this with the "
                        "program that triggers it [broken-module]\n");
}

TEST_F(VerifierStructure, AnOperationWithinItself) {
  begin({{"c", boolean}});
  OpId branch = builder->op(OpCode::core_if, {parameter(0)});
  RegionId region = graph().addRegion(branch);
  graph().setBody(region, {branch});
  EXPECT_NE(diagnose(), "") << "and it ends";
}

TEST_F(VerifierStructure, DeepNestingNeedsNoStack) {
  begin({});
  TypeId type = pool.result(none);
  for (int depth = 0; depth < 100000; ++depth) {
    OpId op = builder->op(OpCode::core_try, {});
    builder->result(op, type);
    builder->setRegion(graph().addRegion(op));
  }
  EXPECT_EQ(diagnose(), "");
}
