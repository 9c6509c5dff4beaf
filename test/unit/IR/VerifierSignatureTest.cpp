#include "IR/IrTest.h"
#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

namespace {
struct VerifierSignature : FunctionTest {};
} // namespace

TEST_F(VerifierSignature, ARightModuleHasNothingToSay) {
  addModel();
  begin({{"q", str}}, {str});
  OpId chat = builder->op(OpCode::model_chat, {parameter(0)});
  builder->setSymbol(chat, "gpt");
  give({builder->result(chat, str)});
  EXPECT_EQ(diagnose(), "");
}

TEST_F(VerifierSignature, TooFewAndTooManyOperands) {
  begin({});
  builder->value(OpCode::core_select, i64, {truth(), number()});
  builder->value(OpCode::str_slice, str, {word()});
  builder->value(OpCode::str_slice, str, {word(), number(), number(), number()});
  builder->value(OpCode::str_length, i64, {});
  EXPECT_EQ(
      diagnose(),
      "error: `select` takes 3 operands, not 2 operands; its signature is `bool, T, T -> T` [operand-count]\n"
      "error: `str.slice` takes 2 to 3 operands, not 1 operand; its signature is `str, i64, i64? -> str` "
      "[operand-count]\n"
      "error: `str.slice` takes 2 to 3 operands, not 4 operands; its signature is `str, i64, i64? -> str` "
      "[operand-count]\n"
      "error: `str.length` takes 1 operand, not no operands; its signature is `str -> i64` "
      "[operand-count]\n");
}

TEST_F(VerifierSignature, AWrongOperandNamesTheOperationThatHelps) {
  begin({});
  builder->value(OpCode::str_concat, str, {word(), number()});
  builder->value(OpCode::f64_neg, f64, {number()});
  builder->value(OpCode::i64_neg, i64, {truth()});
  EXPECT_EQ(diagnose(),
            "error: cannot pass `i64` as `str` in operand 2 of `str.concat`; add `str.from` [operand-type]\n"
            "error: cannot pass `i64` as `f64` in operand 1 of `f64.neg`; add `i64.to_f64` [operand-type]\n"
            "error: cannot pass `bool` as `i64` in operand 1 of `i64.neg`; its signature is `i64 -> i64` "
            "[operand-type]\n");
}

TEST_F(VerifierSignature, ATypeVariableIsOneTypeEverywhere) {
  begin({});
  builder->value(OpCode::core_select, i64, {truth(), number(), word()});
  builder->value(OpCode::core_select, str, {truth(), number(), number()});
  builder->value(OpCode::list_pack, pool.list(i64), {number(), number(), word()});
  builder->value(OpCode::list_pack, pool.list(str), {number()});
  builder->value(OpCode::list_pack, pool.list(str), {}); // any type will do
  builder->value(OpCode::list_append, pool.list(str), {word(), word()});
  EXPECT_EQ(
      diagnose(),
      "error: cannot pass `str` as `i64` in operand 3 of `select`; its signature is `bool, T, T -> T` "
      "[operand-type]\n"
      "error: the result of `select` is `i64`, not `str`; write `: i64` [result-type]\n"
      "error: cannot pass `str` as `i64` in operand 3 of `list.pack`; its signature is `T... -> list<T>` "
      "[operand-type]\n"
      "error: the result of `list.pack` is `list<i64>`, not `list<str>`; write `: list<i64>` [result-type]\n"
      "error: cannot pass `str` as `list<T>` in operand 1 of `list.append`; its signature is `list<T>, T -> "
      "list<T>` [operand-type]\n");
}

TEST_F(VerifierSignature, TheNumberOfResults) {
  begin({});
  builder->op(OpCode::i64_neg, {number()});
  builder->value(OpCode::core_fail, i64, {word()});
  EXPECT_EQ(diagnose(),
            "error: `i64.neg` has 1 result, not no results; name each and write its type [result-count]\n"
            "error: `fail` has no results, not 1 result; name each and write its type [result-count]\n");
}

TEST_F(VerifierSignature, AConstantFitsItsType) {
  begin({});
  builder->constant(i64, pool.floatAttr(0.5));
  builder->constant(pool.list(i64), pool.listAttr({{pool.intAttr(1), pool.textAttr("two")}}));
  builder->constant(str, pool.unitAttr());
  builder->constant(f64, pool.intAttr(1));
  builder->constant(none, pool.unitAttr());
  builder->constant(duration, pool.durationAttr(1));
  builder->constant(json, pool.dictAttr(dict({{"a", pool.intAttr(1)}})));
  EXPECT_EQ(
      diagnose(),
      "error: `0.5` does not match `i64`; write a literal of that type [constant-type]\n"
      "error: `/1` of the constant is `\"two\"`, which does not match `i64`; write a literal of that type "
      "there [constant-part]\n"
      "error: `value` does not match `str`; write a literal of that type [constant-type]\n");
}

TEST_F(VerifierSignature, ARecordIsMadeOfItsFields) {
  TypeId pair = record({{"name", str}, {"age", i64}});
  begin({});
  builder->value(OpCode::record_make, pair, {word(), number()});
  builder->value(OpCode::record_make, pair, {word()});
  builder->value(OpCode::record_make, pair, {word(), word()});
  EXPECT_EQ(diagnose(),
            "error: `record.make` takes 2 operands, not 1 operand; its signature is `any... -> record<name: "
            "str, age: i64>` [operand-count]\n"
            "error: cannot pass `str` as `i64` in operand 2 of `record.make`; it makes `record<name: str, "
            "age: i64>` [operand-type]\n");
}

TEST_F(VerifierSignature, FieldsAreFoundByName) {
  TypeId pair = record({{"name", str}, {"age", i64}});
  begin({{"r", pair}});
  auto field = [&](std::string_view name) { return Builder::Attr{"field", pool.textAttr(name)}; };
  builder->value(OpCode::record_get, str, {parameter(0)}, {field("name")});
  builder->value(OpCode::record_get, str, {parameter(0)}, {field("nam")});
  builder->value(OpCode::record_get, str, {parameter(0)}, {field("age")});
  builder->value(OpCode::record_with, pair, {parameter(0), word()}, {field("age")});
  builder->value(OpCode::record_with, record({{"name", str}}), {parameter(0), word()}, {field("name")});
  EXPECT_EQ(diagnose(),
            "error: `record<name: str, age: i64>` has no field `nam`; did you mean `name` [record-field]\n"
            "error: the result of `record.get` is `i64`, not `str`; write `: i64` [result-type]\n"
            "error: cannot pass `str` as `i64` in operand 2 of `record.with`; that is the type of the field "
            "[operand-type]\n"
            "error: the result of `record.with` is `record<name: str, age: i64>`, not `record<name: str>`; "
            "write `: "
            "record<name: str, age: i64>` [result-type]\n");
}

TEST_F(VerifierSignature, RecordsThatOperationsGiveHaveTheirFields) {
  begin({{"xs", pool.list(i64)}});
  builder->value(OpCode::list_enumerate, pool.list(record({{"index", i64}, {"value", i64}})), {parameter(0)});
  builder->value(OpCode::list_enumerate, pool.list(record({{"i", i64}, {"value", i64}})), {parameter(0)});
  EXPECT_EQ(diagnose(), "error: `list.enumerate` returns `list<record<index: i64, value: T>>`, not "
                        "`list<record<i: i64, value: i64>>`; correct its types [type-rule]\n");
}

TEST_F(VerifierSignature, TemplatesHaveNoHoleWithoutAnOperand) {
  begin({});
  auto format = [&](std::string_view text) {
    builder->value(OpCode::str_format, str, {word(), number()}, {{"template", pool.textAttr(text)}});
  };
  format("{1} {0} {{x}}");
  format("{0} {2}");
  format("{x}");
  EXPECT_EQ(
      diagnose(),
      "error: the attribute `template` of `str.format` is invalid at byte 4: there is no operand for `{2}` "
      "[bad-attribute]\n"
      "error: the attribute `template` of `str.format` is invalid at byte 0: `{` does not start a "
      "placeholder like `{0}`; "
      "write "
      "`{{` for a brace [bad-attribute]\n");
}

TEST_F(VerifierSignature, ASecretIsNoValue) {
  TypeId secret = pool.scalar(TypeKind::Secret);
  begin({{"k", pool.list(secret)}}, {secret});
  give({builder->value(OpCode::list_get, secret, {parameter(0), number()})});
  EXPECT_EQ(diagnose(),
            "error: `secret` cannot be the type of a value; write `secret(\"NAME\")` in the attribute that "
            "needs it [secret-value]\n"
            "error: `list<secret>` cannot be the type of a value; write `secret(\"NAME\")` in the attribute "
            "that needs it [secret-value]\n"
            "error: `secret` cannot be the type of a value; write `secret(\"NAME\")` in the attribute that "
            "needs it [secret-value]\n");
}

TEST_F(VerifierSignature, ACallFitsItsFunction) {
  begin({{"a", i64}, {"b", str}}, {str}, "callee");
  give({parameter(1)});
  begin({});
  auto call = [&](std::initializer_list<ValueRef> operands, std::initializer_list<TypeId> results) {
    OpId op = builder->op(OpCode::core_call, operands);
    builder->setSymbol(op, "callee");
    for (TypeId type : results)
      builder->result(op, type);
  };
  call({number(), word()}, {str});
  call({number()}, {str});
  call({word(), word()}, {str});
  call({number(), word()}, {});
  call({number(), word()}, {i64});
  EXPECT_EQ(
      diagnose(),
      "error: `call @callee` takes 2 operands, not 1 operand; its signature is `i64, str -> str` "
      "[operand-count]\n"
      "error: cannot pass `str` as `i64` in operand 1 of `call @callee`; its signature is `i64, str -> str` "
      "[operand-type]\n"
      "error: `call @callee` has 1 result, not no results; name each and write its type [result-count]\n"
      "error: the result of `call @callee` is `str`, not `i64`; write `: str` [result-type]\n");
}

/// A row whose signature leaves a result open needs someone who looks at it.
TEST(VerifierCoverage, EveryOpenResultIsChecked) {
  for (size_t i = 0; i < opCodeCount; ++i) {
    OpCode code = static_cast<OpCode>(i);
    const OpRow &row = rowOf(code);
    bool open = false;
    for (const SignatureParam &param : row.signature.results())
      for (const SignatureNode &node : nodesOf(row.signature, param))
        open |= node.form == SignatureNode::Form::Any || node.form == SignatureNode::Form::AnyRecord;
    bool checked = hasTypeRule(code) || opCheckOf(code) || code == OpCode::json_cast ||
                   code == OpCode::json_lines || // cast to what is written
                   code == OpCode::host_call;    // its host looks at what it gives, when it gives it
    EXPECT_TRUE(!open || checked) << row.name;
  }
}
