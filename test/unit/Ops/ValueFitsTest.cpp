#include "xcs/Ops/ValueFits.h"
#include "xcs/Ops/ConstantPool.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace xcs;

namespace {
struct ValueFits : testing::Test {
  ConstantPool pool;
  TypeId i64 = pool.scalar(TypeKind::I64), str = pool.scalar(TypeKind::Str),
         json = pool.scalar(TypeKind::Json);

  bool fits(const Value &value, TypeId type) { return fitsType(value, pool.view(), type); }
  static Value list(std::vector<Value> items) { return Value::list(items); }
  static Value object(std::vector<Value> entries) { return Value::object(entries); }
};
} // namespace

TEST_F(ValueFits, AScalarHasItsOwnTypeAlone) {
  const std::pair<Value, TypeKind> scalars[] = {
      {Value::boolean(true), TypeKind::Bool},  {Value::i64(1), TypeKind::I64},
      {Value::f64(1), TypeKind::F64},          {Value::str("a"), TypeKind::Str},
      {Value::bytes("\xff"), TypeKind::Bytes}, {Value::none(), TypeKind::None},
      {Value::duration(1), TypeKind::Duration}};
  for (const auto &[value, kind] : scalars)
    for (const auto &[other, otherKind] : scalars)
      EXPECT_EQ(fits(value, pool.scalar(otherKind)), kind == otherKind);
  EXPECT_FALSE(fits(Value::secret("s"), pool.scalar(TypeKind::Secret))) << "no value is given as a secret";
  EXPECT_FALSE(fits(Value(), i64));
}

TEST_F(ValueFits, PartsAreLookedAtToTheEnd) {
  const TypeId lists = pool.list(pool.list(i64));
  EXPECT_TRUE(fits(list({list({}), list({Value::i64(1)})}), lists));
  EXPECT_FALSE(fits(list({list({Value::i64(1)}), list({Value::i64(1), Value::str("2")})}), lists));
  const TypeField fields[] = {{pool.intern("a"), i64}, {pool.intern("b"), pool.option(str)}};
  const TypeId record = pool.record(fields);
  Value good[] = {Value::i64(1), Value::some(Value::str("x"))}, none[] = {Value::i64(1), Value::optionNone()};
  Value few[] = {Value::i64(1)}, bare[] = {Value::i64(1), Value::str("x")};
  EXPECT_TRUE(fits(Value::record(good), record));
  EXPECT_TRUE(fits(Value::record(none), record));
  EXPECT_FALSE(fits(Value::record(few), record));
  EXPECT_FALSE(fits(Value::record(bare), record));
  EXPECT_TRUE(fits(Value::ok(Value::i64(1)), pool.result(i64)));
  EXPECT_FALSE(fits(Value::ok(Value::str("")), pool.result(i64)));
  EXPECT_TRUE(fits(Value::error("k", "m", "o", 1), pool.result(i64)));
}

TEST_F(ValueFits, TextIsUtf8) {
  EXPECT_TRUE(fits(Value::str("\xc3\xa9"), str));
  EXPECT_FALSE(fits(Value::str("\xff"), str));
  EXPECT_FALSE(fits(Value::str("\xff"), json));
}

TEST_F(ValueFits, JsonIsWhatCanBePrinted) {
  EXPECT_TRUE(
      fits(object({Value::str("a"), list({Value::none(), Value::f64(1.5)}), Value::str("b"), Value::i64(1)}),
           json));
  EXPECT_FALSE(fits(list({Value::f64(NAN)}), json));
  EXPECT_FALSE(fits(list({Value::bytes("a")}), json));
  EXPECT_FALSE(fits(object({Value::str("a"), Value::i64(1), Value::str("a"), Value::i64(2)}), json))
      << "a key twice";
  EXPECT_FALSE(fits(object({Value::i64(1), Value::i64(1)}), json));
  EXPECT_FALSE(fits(object({Value::str("\xff"), Value::i64(1)}), json));
}

TEST_F(ValueFits, NoDepthIsTooDeep) {
  Value deep = Value::none();
  for (int i = 0; i < 200'000; ++i)
    deep = Value::list({&deep, 1});
  EXPECT_TRUE(fits(deep, json));
}
