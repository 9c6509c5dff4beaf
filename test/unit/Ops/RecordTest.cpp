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
  const TypeId empty = pool.record({});
  EXPECT_FALSE(foldPure(OpCode::record_make, pool.view(), {&point.value, 1}, {&point.type, 1}, {}, empty,
                        limits, out, error));
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

/// One call of `record.with` in a frame: the record in slot 0, the new field in slot 1, the result in slot 2.
struct WithCall : RecordTest {
  Value slots[3];
  std::atomic<uint32_t> readsLeft[3]{1, 1, 0};

  /// Slot 0 and 1 are filled.
  bool run(const PreparedAttrs &prepared, TypeId record, TypeId by, AttrId field) {
    static constexpr uint32_t operands[] = {0, 1};
    const TypeId types[] = {record, by};
    const ConstantView view = pool.view();
    KernelCall call(view, limits);
    call.code = OpCode::record_with;
    call.slots = slots;
    call.operandSlots = operands;
    call.operandTypes = types;
    call.attributes = &field;
    call.readsLeft = readsLeft;
    call.operandCount = 2;
    call.resultSlot = 2;
    call.resultType = record;
    call.prepared = &prepared;
    return kernelOf(OpCode::record_with)(call);
  }
  bool with(Typed record, std::string_view field, Typed by) {
    const AttrId name = pool.textAttr(field);
    slots[0] = std::move(record.value);
    slots[1] = std::move(by.value);
    PreparedAttrs prepared(limits);
    prepared.addRecord(pool.view(), record.type);
    return run(prepared, record.type, by.type, name);
  }
};

TEST_F(WithCall, ARecordThatNobodyElseReadsChangesInPlace) {
  Typed point = R({{"x", I(1)}, {"y", S("a")}});
  const TypeId type = point.type;
  const Value *at = point.value.items().data();
  ASSERT_TRUE(with({std::move(point.value), type}, "y", S("longer")));
  EXPECT_EQ(slots[2].items().data(), at);
  EXPECT_EQ(show(slots[2], type), R"({"x":1,"y":"longer"})");
  Typed anew = R({{"x", I(1)}, {"y", S("longer")}});
  EXPECT_EQ(slots[2].byteSize(), anew.value.byteSize());
  EXPECT_EQ(slots[2].depth(), anew.value.depth());
}

TEST_F(WithCall, ARecordThatIsReadAgainStaysAsItIs) {
  Typed point = R({{"x", I(1)}, {"y", S("a")}});
  readsLeft[0] = 2; // in this frame
  ASSERT_TRUE(with(point, "x", I(2)));
  EXPECT_EQ(show(slots[0], point.type), R"({"x":1,"y":"a"})");
  EXPECT_EQ(show(slots[2], point.type), R"({"x":2,"y":"a"})");
  readsLeft[0] = 1;
  ASSERT_TRUE(with(point, "x", I(3))); // elsewhere: `point` holds it
  EXPECT_EQ(show(point.value, point.type), R"({"x":1,"y":"a"})");
  EXPECT_EQ(show(slots[2], point.type), R"({"x":3,"y":"a"})");
}

/// Bounds are asked of sizes and depths, so these must be what they would be of a record made anew.
TEST_F(WithCall, SizesAndDepthsAreThoseOfARecordMadeAnew) {
  auto nested = [&](const std::string &text) { return Typed{J(text).value, json}; };
  for (const auto &[before, after] : {std::pair{"1", "[[[1]]]"},
                                      {"[[[1]]]", "1"},
                                      {"[[1]]", "[[2,3]]"},
                                      {"[1]", "\"text\""},
                                      {"\"text\"", "[1]"}}) {
    Typed old = R({{"a", nested(before)}, {"b", nested("[1]")}});
    const TypeId type = old.type;
    ASSERT_TRUE(with({std::move(old.value), type}, "a", nested(after)));
    Typed anew = R({{"a", nested(after)}, {"b", nested("[1]")}});
    EXPECT_EQ(slots[2].byteSize(), anew.value.byteSize()) << before << " to " << after;
    EXPECT_EQ(slots[2].depth(), anew.value.depth()) << before << " to " << after;
    EXPECT_EQ(show(slots[2], type), show(anew.value, type));
  }
}

/// Copying the record for each field would take minutes.
TEST_F(WithCall, EachFieldOfAWideRecordInTurnTakesLinearTime) {
  constexpr int64_t width = 20'000, rounds = 20;
  std::vector<std::pair<std::string_view, Typed>> fields;
  std::vector<std::string> names;
  for (int64_t i = 0; i < width; ++i)
    names.push_back("f" + std::to_string(i));
  for (const std::string &name : names)
    fields.push_back({name, I(0)});
  Typed wide = R(std::move(fields));
  std::vector<AttrId> attributes;
  for (const std::string &name : names)
    attributes.push_back(pool.textAttr(name));
  PreparedAttrs prepared(limits);
  prepared.addRecord(pool.view(), wide.type);
  slots[2] = std::move(wide.value);
  for (int64_t i = 0; i < rounds * width; ++i) {
    slots[0] = std::move(slots[2]);
    slots[1] = Value::i64(i);
    ASSERT_TRUE(run(prepared, wide.type, i64, attributes[static_cast<size_t>(i % width)]));
  }
  EXPECT_EQ(slots[2].items()[width - 1].asI64(), rounds * width - 1);
}

} // namespace
