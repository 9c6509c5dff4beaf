#include "OpsTest.h"

using namespace xcs;

namespace {

struct RecordTest : OpsTest {};
struct OptionTest : OpsTest {};
struct ResultTest : OpsTest {};
struct CoreTest : OpsTest {};

TEST_F(RecordTest, TheWrittenTypeNamesTheFields) {
  TypeId type = R({{"x", I(0)}, {"y", S("")}}).type;
  EXPECT_EQ(eval("record.make", {I(1), S("a")}, {}, type), R"({"x":1,"y":"a"})");
  EXPECT_EQ(eval("record.make", {}, {}, pool.record({})), "{}");
}

TEST_F(RecordTest, FieldsAreReadAndReplaced) {
  Typed point = R({{"x", I(1)}, {"y", S("a")}});
  EXPECT_EQ(eval("record.get", {point}, {{"field", pool.textAttr("y")}}, str), "\"a\"");
  EXPECT_EQ(eval("record.with", {point, I(7)}, {{"field", pool.textAttr("x")}}, point.type),
            R"({"x":7,"y":"a"})");
  EXPECT_EQ(show(point.value, point.type), R"({"x":1,"y":"a"})");
}

TEST_F(RecordTest, AKernelChecksWhatAPlanMayGetWrong) {
  // Past the verifiers, which the other tests ask.
  Typed point = R({{"x", I(1)}});
  Value out;
  OpError error;
  AttrId field = pool.textAttr("nowhere");
  EXPECT_FALSE(foldPure(OpCode::record_get, pool.view(), {&point.value, 1}, {&point.type, 1}, {&field, 1},
                        i64, limits, out, error));
  EXPECT_EQ(
      describe(error),
      "[bad-constant] `record.get` does not match its types; the plan or the pass that made it is wrong");
  EXPECT_FALSE(foldPure(OpCode::record_make, pool.view(), {&point.value, 1}, {&point.type, 1}, {},
                        pool.record({}), limits, out, error));
  EXPECT_EQ(error.id, Diag::BadConstant);
}

TEST_F(OptionTest, AValueOrNone) {
  EXPECT_EQ(eval("option.some", {I(3)}), "3");
  EXPECT_EQ(eval("option.none", {}, {}, pool.option(i64)), "null");
  EXPECT_EQ(eval("option.is_some", {some(I(3))}), "true");
  EXPECT_EQ(eval("option.is_some", {noneOf(i64)}), "false");
  EXPECT_EQ(eval("option.or", {some(I(3)), I(4)}), "3");
  EXPECT_EQ(eval("option.or", {noneOf(i64), I(4)}), "4");
}

TEST_F(OptionTest, NoneHasNoValue) {
  EXPECT_EQ(eval("option.value", {some(I(3))}), "3");
  EXPECT_EQ(eval("option.value", {noneOf(i64)}),
            "[empty-option] the option has no value; give a default with `option.or`");
}

TEST_F(ResultTest, AValueOrAnError) {
  Typed error = failed(f64, "parse-failed", "cannot read `x`");
  EXPECT_EQ(eval("result.ok", {I(3)}), R"({"ok":3})");
  EXPECT_EQ(eval("result.is_ok", {ok(F(3))}), "true");
  EXPECT_EQ(eval("result.is_ok", {error}), "false");
  EXPECT_EQ(eval("result.or", {ok(F(3)), F(0)}), "3.0");
  EXPECT_EQ(eval("result.or", {error, F(0)}), "0.0");
  EXPECT_EQ(eval("result.value", {ok(F(3))}), "3.0");
}

TEST_F(ResultTest, TheValueOfAnErrorFailsAgainWithItsMessage) {
  EXPECT_EQ(eval("result.value", {failed(f64, "parse-failed", "cannot read `x`")}),
            "[error-result] the result is an error (parse-failed): cannot read `x`");
}

TEST_F(ResultTest, TheErrorIsARecord) {
  TypeId record = R({{"kind", S("")}, {"message", S("")}, {"op", S("")}, {"attempt", I(0)}}).type;
  EXPECT_EQ(eval("result.error", {failed(f64, "parse-failed", "no")}, {}, record),
            R"({"kind":"parse-failed","message":"no","op":"str.to_f64","attempt":2})");
  EXPECT_EQ(eval("result.error", {ok(F(3))}, {}, record),
            "[no-error-result] the result is a value, not an error; check `result.is_ok` first");
}

TEST_F(CoreTest, ConstantsOfEveryForm) {
  auto constant = [&](AttrId literal, TypeId type) { return eval("const", {}, {{"value", literal}}, type); };
  EXPECT_EQ(constant(pool.intAttr(3), i64), "3");
  EXPECT_EQ(constant(pool.intAttr(3), f64), "3.0");
  EXPECT_EQ(constant(pool.textAttr("a"), str), "\"a\"");
  AttrId items[] = {pool.textAttr("a"), pool.textAttr("b")};
  EXPECT_EQ(constant(pool.listAttr(items), pool.list(str)), R"(["a","b"])");
}

TEST_F(CoreTest, AConstantThatDoesNotFitItsTypeFails) {
  Value out;
  OpError error;
  AttrId literal = pool.textAttr("a");
  EXPECT_FALSE(foldPure(OpCode::core_const, pool.view(), {}, {}, {&literal, 1}, i64, limits, out, error));
  EXPECT_EQ(error.id, Diag::BadConstant);
}

TEST_F(CoreTest, SelectTakesOneOfTwo) {
  EXPECT_EQ(eval("select", {B(true), S("a"), S("b")}), "\"a\"");
  EXPECT_EQ(eval("select", {B(false), S("a"), S("b")}), "\"b\"");
}

TEST_F(CoreTest, OperationsThatAreNotPureAreNotFolded) {
  Value out;
  OpError error;
  Typed wait = D(1);
  EXPECT_FALSE(foldPure(OpCode::time_sleep, pool.view(), {&wait.value, 1}, {&wait.type, 1}, {}, none, limits,
                        out, error));
}

} // namespace
