#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct VerifierRegion : FunctionTest {
  /// An operation with results, whose regions the test adds.
  OpId owner(OpCode code, std::initializer_list<ValueRef> operands,
             std::initializer_list<TypeId> results = {}, std::initializer_list<Builder::Attr> attrs = {}) {
    OpId op = builder->op(code, operands, attrs);
    for (TypeId type : results)
      builder->result(op, type);
    return op;
  }
  RegionId region; // of the last map
};
} // namespace

TEST_F(VerifierRegion, BranchesYieldTheResults) {
  begin({{"c", boolean}});
  OpId branch = owner(OpCode::core_if, {parameter(0)}, {i64, str});
  enter(branch);
  yield({number(), word()});
  leave();
  enter(branch);
  yield({number()});
  leave();
  EXPECT_EQ(diagnose(),
            "error: the region of `if` yields `i64`, `str`, not `i64`; yield the types that `if` requires "
            "[yield-type]\n");
}

TEST_F(VerifierRegion, OneBranchIsEnoughWithoutResults) {
  begin({{"c", boolean}});
  enter(owner(OpCode::core_if, {parameter(0)}));
  leave();
  EXPECT_EQ(diagnose(), "");
  enter(owner(OpCode::core_if, {parameter(0)}, {i64}));
  yield({number()});
  leave();
  EXPECT_EQ(diagnose(),
            "error: `if` takes 2 regions when it has results, not 1 region; add or remove regions "
            "[region-count]\n");
}

TEST_F(VerifierRegion, TheNumberOfRegions) {
  begin({{"c", boolean}});
  OpId branch = owner(OpCode::core_if, {parameter(0)});
  for (int i = 0; i < 3; ++i)
    graph().addRegion(branch);
  owner(OpCode::core_try, {}, {pool.result(none)});
  graph().addRegion(builder->op(OpCode::core_fail, {word()}));
  EXPECT_EQ(diagnose(),
            "error: `if` takes 1 or 2 regions, not 3 regions; add or remove regions [region-count]\n"
            "error: `try` takes 1 region, not no regions; add or remove regions [region-count]\n"
            "error: `fail` takes no regions, not 1 region; add or remove regions [region-count]\n");
}

TEST_F(VerifierRegion, AMapTakesAnElementAndYieldsOne) {
  begin({{"xs", pool.list(str)}});
  enter(owner(OpCode::core_map, {parameter(0)}, {pool.list(i64)}), {{"x", str}});
  yield({number()});
  leave();
  enter(owner(OpCode::core_map, {parameter(0)}), {{"x", str}});
  leave();
  EXPECT_EQ(diagnose(), "");
  enter(owner(OpCode::core_map, {parameter(0)}, {pool.list(i64)}));
  yield({number()});
  leave();
  enter(owner(OpCode::core_map, {parameter(0)}, {pool.list(i64)}), {{"x", i64}});
  yield({word()});
  leave();
  enter(owner(OpCode::core_map, {parameter(0)}, {i64}), {{"x", str}});
  yield({number()});
  leave();
  enter(owner(OpCode::core_map, {parameter(0)}, {pool.list(i64), pool.list(i64)}), {{"x", str}});
  yield({number(), number()});
  leave();
  EXPECT_EQ(
      diagnose(),
      "error: the region of `map` takes `str`, not nothing; begin it with `^(%x: str)` [region-arguments]\n"
      "error: the region of `map` takes `str`, not `i64`; begin it with `^(%x: str)` [region-arguments]\n"
      "error: the region of `map` yields `i64`, not `str`; yield the types that `map` requires [yield-type]\n"
      "error: the result of `map` is `list<..>`, not `i64`; write `: list<..>` [result-type]\n"
      "error: `map` has at most 1 result, not 2 results; name each and write its type [result-count]\n");
}

TEST_F(VerifierRegion, ATryYieldsWhatItsResultHolds) {
  begin({{"c", boolean}});
  enter(owner(OpCode::core_try, {}, {pool.result(i64)}));
  yield({number()});
  leave();
  enter(owner(OpCode::core_try, {}, {pool.result(none)}));
  leave();
  enter(owner(OpCode::core_try, {}, {pool.result(none)}));
  yield({builder->constant(none, pool.unitAttr())});
  leave();
  EXPECT_EQ(diagnose(), "");
  enter(owner(OpCode::core_try, {}, {pool.result(i64)}));
  yield({word()});
  leave();
  enter(owner(OpCode::core_try, {}, {pool.result(none)}), {{"x", i64}});
  leave();
  EXPECT_EQ(
      diagnose(),
      "error: the region of `try` yields `i64`, not `str`; yield the types that `try` requires [yield-type]\n"
      "error: the region of `try` takes nothing, not `i64`; begin it with `{` [region-arguments]\n");
}

TEST_F(VerifierRegion, AFunctionReturnsWhatItsHeadSays) {
  begin({}, {i64, str}, "f");
  give({number()});
  begin({}, {}, "g");
  give({number()});
  EXPECT_EQ(diagnose(),
            "error: `@f` returns `i64`, `str`, not `i64`; return what its signature says [return-type]\n"
            "error: `@g` returns nothing, not `i64`; return what its signature says [return-type]\n");
}

TEST_F(VerifierRegion, WhatGivesSomethingHasAnEnd) {
  begin({{"c", boolean}}, {i64}, "f");
  OpId branch = owner(OpCode::core_if, {parameter(0)}, {i64});
  enter(branch);
  builder->op(OpCode::core_fail, {word()}); // not a terminator: what comes back is still to be said
  leave();
  enter(branch);
  yield({number()});
  leave();
  EXPECT_EQ(diagnose(),
            "error: the region of `if` has no terminator; end it with `yield` of `i64` [missing-terminator]\n"
            "error: `@f` has no terminator; end it with `return` of `i64` [missing-terminator]\n");
}

TEST_F(VerifierRegion, WhatGivesNothingMayEndAnywhere) {
  begin({{"c", boolean}});
  enter(owner(OpCode::core_if, {parameter(0)}));
  yield({});
  leave();
  give({});
  begin({}, {}, "g");
  EXPECT_EQ(diagnose(), "");
}

TEST_F(VerifierRegion, NothingStandsBehindTheEnd) {
  begin({}, {i64});
  ValueRef x = number();
  give({x});
  number();
  number(); // told once
  give({x});
  EXPECT_EQ(diagnose(), "error: nothing after `return` runs; move this up or remove it [unreachable]\n");
}

TEST_F(VerifierRegion, ReturnEndsFunctionsAndYieldRegions) {
  begin({{"c", boolean}});
  enter(owner(OpCode::core_if, {parameter(0)}));
  give({});
  leave();
  yield({});
  EXPECT_EQ(diagnose(), "error: `return` cannot end a region; write `yield` [misplaced-terminator]\n"
                        "error: `yield` cannot end a function; write `return` [misplaced-terminator]\n");
}

TEST_F(VerifierRegion, WritesInAMapNeedItToBeUnordered) {
  TypeId header = record({{"name", str}, {"value", str}});
  TypeId response = record({{"status", i64}, {"headers", pool.list(header)}, {"body", str}});
  begin({{"xs", pool.list(str)}, {"c", boolean}});
  auto post = [&](std::initializer_list<Builder::Attr> attrs) {
    builder->value(OpCode::http_request, response, {graph().arguments(region)[0]}, attrs);
  };
  auto mapOver = [&](bool unordered) {
    OpId map = builder->op(OpCode::core_map, {parameter(0)});
    if (unordered)
      graph().setAttributes(map, dict({{"unordered", pool.unitAttr()}}));
    region = enter(map, {{"x", str}});
  };
  Builder::Attr method{"method", pool.textAttr("POST")};
  mapOver(true);
  post({method});
  leave();
  mapOver(false);
  post({}); // a GET
  leave();
  EXPECT_EQ(diagnose(), "");
  mapOver(false);
  enter(builder->op(OpCode::core_if, {parameter(1)}));
  post({method});
  leave();
  leave();
  mapOver(false);
  mapOver(true); // the outer one has an order all the same
  post({{"method", pool.textAttr("PUT")}});
  leave();
  leave();
  std::string once = "error: `http.request` writes in the body of a `map`, which has no order; add "
                     "`{unordered}` to the `map` "
                     "if any order is acceptable [unordered-write]\n"
                     "note: the `map` is here [owner-is-here]\n";
  EXPECT_EQ(diagnose(), once + once);
}
