#include "IR/IrTest.h"

using namespace xcs;

namespace {
struct ComputationGraphTest : FunctionTest {
  ComputationGraphTest() { begin({{"a", i64}, {"b", i64}}); }
};

std::vector<uint32_t> indices(std::span<const ValueRef> values) {
  std::vector<uint32_t> list;
  for (ValueRef v : values)
    list.push_back(v.index);
  return list;
}
using Indices = std::vector<uint32_t>;
} // namespace

TEST_F(ComputationGraphTest, OperandsThenOrderOnlyOperands) {
  ValueRef a = parameter(0), b = parameter(1);
  ValueRef data[] = {a, b, a}, order[] = {b};
  OpId op = graph().addOperation(function->body, OpCode::list_pack, data, order, Location());
  EXPECT_EQ(indices(graph().operands(op)), (Indices{0, 1, 0}));
  EXPECT_EQ(indices(graph().orderOperands(op)), (Indices{1}));
  EXPECT_EQ(indices(graph().allOperands(op)), (Indices{0, 1, 0, 1}));
  EXPECT_EQ(graph().terminator(function->body), op);
}

TEST_F(ComputationGraphTest, OperandsOfOneOperationCanBeGivenToAnother) {
  std::vector<ValueRef> data(1000, parameter(1));
  data[0] = parameter(0);
  OpId first = graph().addOperation(function->body, OpCode::list_pack, data, {}, Location());
  Indices expected = indices(data);
  // The spans lie in the pool that grows meanwhile.
  for (int i = 0; i < 10; ++i) {
    OpId copy = graph().addOperation(function->body, OpCode::list_pack, graph().operands(first),
                                     graph().operands(first), Location());
    EXPECT_EQ(indices(graph().operands(copy)), expected);
    EXPECT_EQ(indices(graph().orderOperands(copy)), expected);
    graph().setOperands(copy, graph().orderOperands(copy), graph().operands(first).first(2));
    EXPECT_EQ(indices(graph().operands(copy)), expected);
    EXPECT_EQ(indices(graph().orderOperands(copy)), (Indices{0, 1}));
  }
}

TEST_F(ComputationGraphTest, OperandsChangeInPlace) {
  OpId op =
      graph().addOperation(function->body, OpCode::i64_add, {{parameter(0), parameter(0)}}, {}, Location());
  graph().operandsForUpdate(op)[1] = parameter(1);
  EXPECT_EQ(indices(graph().operands(op)), (Indices{0, 1}));
}

TEST_F(ComputationGraphTest, RegionsAreChainedInOrderAlsoWhenOthersComeBetween) {
  OpId outer = builder->op(OpCode::core_if, {truth()});
  RegionId first = graph().addRegion(outer);
  OpId inner = graph().addOperation(first, OpCode::core_if, {}, {}, Location());
  RegionId innerFirst = graph().addRegion(inner), second = graph().addRegion(outer),
           innerSecond = graph().addRegion(inner), third = graph().addRegion(outer);
  EXPECT_EQ(graph().regionsOf(outer), (std::vector{first, second, third}));
  EXPECT_EQ(graph().regionsOf(inner), (std::vector{innerFirst, innerSecond}));
  EXPECT_EQ(graph().operation(outer).regionCount, 3u);
}

TEST_F(ComputationGraphTest, EraseTakesWhatStandsWithin) {
  OpId outer = builder->op(OpCode::core_if, {truth()});
  enter(outer);
  OpId inner = builder->op(OpCode::core_if, {truth()});
  enter(inner);
  number();
  OpId innermost = lastOp();
  leave();
  leave();
  graph().erase(outer);
  EXPECT_TRUE(graph().erased(outer));
  EXPECT_TRUE(graph().erased(inner));
  EXPECT_TRUE(graph().erased(innermost));
}

TEST_F(ComputationGraphTest, ErasingDeepNestingNeedsNoStack) {
  OpId outermost = builder->op(OpCode::core_try, {});
  OpId op = outermost;
  for (int depth = 0; depth < 200000; ++depth) {
    RegionId region = graph().addRegion(op);
    op = graph().addOperation(region, OpCode::core_try, {}, {}, Location());
  }
  graph().erase(outermost);
  EXPECT_TRUE(graph().erased(op));
}

TEST_F(ComputationGraphTest, SetBodyMovesOperations) {
  number(1);
  OpId first = lastOp();
  OpId branch = builder->op(OpCode::core_if, {truth()});
  RegionId region = graph().addRegion(branch);
  std::vector<OpId> rest = graph().region(function->body).body;
  rest.erase(rest.begin());
  graph().setBody(function->body, rest);
  graph().setBody(region, {first});
  EXPECT_EQ(graph().operation(first).parent, region);
  EXPECT_EQ(graph().region(function->body).body, rest);
}

TEST_F(ComputationGraphTest, ADetachedOperationBelongsNowhereUntilItIsPut) {
  OpId op = graph().addOperation(RegionId(), OpCode::core_return, {}, {}, Location());
  EXPECT_TRUE(graph().erased(op));
  EXPECT_TRUE(graph().region(function->body).body.empty());
  graph().setBody(function->body, {op});
  EXPECT_FALSE(graph().erased(op));
}

TEST_F(IrTest, ASymbolKeepsItsFirstMeaning) {
  addModel();
  auto second = std::make_unique<Function>();
  second->symbol = pool.intern("gpt");
  second->body = second->graph.addRegion(OpId());
  EXPECT_FALSE(module.addFunction(std::move(second)));
  EXPECT_EQ(module.functions.size(), 1u) << "it is there all the same, to be checked";
  EXPECT_NE(module.findResource(pool.intern("gpt")), nullptr);
  EXPECT_EQ(module.findFunction(pool.intern("gpt")), nullptr);
  EXPECT_FALSE(module.lookup(pool.intern("other")).has_value());
}

TEST_F(IrTest, ManySymbolsAreAllFound) {
  for (int i = 0; i < 5000; ++i)
    addFunction(module, "f" + std::to_string(i), {}, {});
  for (int i = 0; i < 5000; ++i)
    EXPECT_EQ(module.findFunction(pool.intern("f" + std::to_string(i))),
              module.functions[static_cast<size_t>(i)].get());
}
