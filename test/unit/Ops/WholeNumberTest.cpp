// Whole numbers of JSON beyond i64: kept digit by digit, compared by value with all other numbers.
#include "xcs/Ops/WholeNumber.h"
#include "OpsTest.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ValueFits.h"
#include <algorithm>
#include <cmath>
#include <random>

using namespace xcs;

namespace {

__extension__ using Wide = __int128;

std::string digitsOf(Wide number) {
  std::string digits;
  for (Wide rest = number < 0 ? -number : number; rest || digits.empty(); rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  return number < 0 ? "-" + digits : digits;
}

struct WholeNumberTest : OpsTest {
  std::string way(std::string_view text) { return show(J(text).value, json); }
  bool equal(std::string_view a, std::string_view b) {
    const Value left = J(a).value, right = J(b).value;
    const bool same = equalValues(left, right);
    EXPECT_EQ(same, equalValues(right, left)) << a << " " << b;
    EXPECT_EQ(same, compareValues(left, right) == 0) << a << " " << b;
    EXPECT_TRUE(!same || hashValue(left) == hashValue(right)) << a << " " << b;
    return same;
  }
  struct Bytes : CanonicalBytes {
    std::string bytes;
    void put(std::string_view more) override { bytes += more; }
  };
  std::string canonical(std::string_view text) {
    Bytes out;
    out.value(J(text).value);
    return out.bytes;
  }
};

TEST_F(WholeNumberTest, DigitsStayAsTheyCame) {
  for (const char *text :
       {"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "12345678901234567890",
        "1000000000000000000000000000000", "-123456789012345678901234567890", "[18446744073709551615,1]",
        "{\"18446744073709551615\":18446744073709551615,\"a\":[{\"b\":-99999999999999999999}]}"})
    EXPECT_EQ(way(text), text);
  const std::string longest = "1" + std::string(307, '7'),
                    beyond = "17976931348623159" + std::string(292, '0');
  EXPECT_EQ(way(longest), longest);
  EXPECT_EQ(way("-" + longest), "-" + longest);
  Value value;
  OpError error;
  for (const std::string &text : {beyond, longest + "77", std::string(5000, '9')})
    EXPECT_FALSE(parseJson(text, limits, value, error)) << text;
}

TEST_F(WholeNumberTest, FormsThatAreNoIntegerAreFloats) {
  EXPECT_EQ(J("1e19").value.kind(), ValueKind::F64);
  EXPECT_EQ(way("10000000000000000000.0"), "1e+19");
  EXPECT_EQ(way("-0"), "0");
  EXPECT_EQ(way("-0.0"), "-0.0");
}

TEST_F(WholeNumberTest, EqualNumbersOfAnyFormAreEqual) {
  EXPECT_TRUE(equal("10000000000000000000", "1e19"));
  EXPECT_TRUE(equal("9223372036854775808", "9223372036854775808.0"));
  EXPECT_TRUE(equal("18446744073709551616", "18446744073709551616"));
  EXPECT_FALSE(equal("18446744073709551615", "18446744073709551616.0")); // to which it would be rounded
  EXPECT_FALSE(equal("-9223372036854775809", "-9223372036854775808"));
  EXPECT_FALSE(equal("9223372036854775808", "9223372036854775807"));
  EXPECT_FALSE(equal("18446744073709551615", "\"18446744073709551615\""));
  EXPECT_FALSE(equal("18446744073709551615", "-18446744073709551615"));
  // Within other values, whose sizes differ.
  EXPECT_TRUE(equal("[[10000000000000000000]]", "[[1e19]]"));
  EXPECT_TRUE(equal("{\"a\":[1,{\"b\":10000000000000000000}]}", "{\"a\":[1.0,{\"b\":1e19}]}"));
  EXPECT_FALSE(equal("[10000000000000000001]", "[1e19]"));
  EXPECT_FALSE(equal("[10000000000000000000,\"a\"]", "[1e19,\"b\"]"));
  EXPECT_NE(canonical("18446744073709551615"), canonical("18446744073709551614"));
  EXPECT_NE(canonical("18446744073709551615"), canonical("\"18446744073709551615\""));
  EXPECT_EQ(canonical("[18446744073709551615]"), canonical(" [ 18446744073709551615 ] "));
}

TEST_F(WholeNumberTest, AGrownListStillKnowsThatItHoldsOne) {
  Value list = J("[1]").value, whole = J("10000000000000000000").value;
  ASSERT_TRUE(list.appendItems({&whole, 1}));
  ASSERT_TRUE(list.appendItems({&whole, 1})); // into another block
  EXPECT_TRUE(equalValues(list, J("[1,1e19,1e19]").value));
  Value fields[] = {Value::i64(1), Value::str("a")};
  Value record = Value::record(fields);
  ASSERT_TRUE(record.replaceItem(0, whole));
  Value others[] = {Value::f64(1e19), Value::str("a")};
  EXPECT_TRUE(equalValues(record, Value::record(others)));
}

// The order is that of the exact numbers, whatever their forms.
TEST_F(WholeNumberTest, OrderIsByValue) {
  std::mt19937_64 random(9);
  struct Number {
    Wide exact;
    Value value;
  };
  std::vector<Number> numbers;
  constexpr Wide edges[] = {0, Wide(1) << 53, Wide(1) << 63, Wide(1) << 64, Wide(1) << 100};
  for (Wide edge : edges)
    for (Wide sign : {1, -1})
      for (int i = 0; i != 20; ++i) {
        const Wide exact = sign * edge + static_cast<Wide>(random() % 4096) - 2048;
        numbers.push_back({exact, J(digitsOf(exact)).value});
        const double rounded = static_cast<double>(exact);
        numbers.push_back({static_cast<Wide>(rounded), Value::f64(rounded)});
      }
  for (const Number &a : numbers)
    for (const Number &b : numbers) {
      const int wanted = a.exact < b.exact ? -1 : a.exact > b.exact ? 1 : 0;
      ASSERT_EQ(compareValues(a.value, b.value), wanted) << digitsOf(a.exact) << " " << digitsOf(b.exact);
      ASSERT_EQ(equalValues(a.value, b.value), wanted == 0);
      ASSERT_TRUE(wanted != 0 || hashValue(a.value) == hashValue(b.value)) << digitsOf(a.exact);
    }
}

TEST_F(WholeNumberTest, FloatsThatAreNoNumbersHaveTheirPlace) {
  EXPECT_EQ(compareWholeWithFloat("18446744073709551615", HUGE_VAL), -1);
  EXPECT_EQ(compareWholeWithFloat("-18446744073709551615", -HUGE_VAL), 1);
  EXPECT_EQ(compareWholeWithFloat("18446744073709551615", std::nan("")), -1);
  EXPECT_EQ(compareWholeWithFloat("9223372036854775808", 0x1p63), 0);
  EXPECT_EQ(compareWholeWithFloat("-9223372036854775809", -0x1p63), -1);
  EXPECT_EQ(compareWholeWithFloat(std::string(309, '1'), 1.7976931348623157e308), -1);
  EXPECT_EQ(nearestFloat("18446744073709551615"), 0x1p64);
  EXPECT_TRUE(std::isinf(nearestFloat(std::string(310, '1'))));
}

TEST_F(WholeNumberTest, WhereAnI64IsWantedTheNumberIsRefusedAndAnF64IsTheNearest) {
  EXPECT_EQ(eval("json.to_i64", {J("18446744073709551615")}),
            "[json-mismatch] the JSON does not match: expected a whole number within i64, found a number "
            "beyond i64 (`18446744073709551615`)");
  EXPECT_EQ(eval("json.to_f64", {J("18446744073709551615")}), "18446744073709551616.0");
  EXPECT_EQ(eval("json.to_f64", {J("-1000000000000000000000000000000")}), "-1e+30");
  EXPECT_EQ(eval("json.cast", {J("[1,18446744073709551615]")}, {}, pool.list(i64)),
            "[json-mismatch] the JSON does not match: at `/1`: expected `i64`, found a number beyond i64 "
            "(`18446744073709551615`)");
  EXPECT_EQ(eval("json.cast", {J("[1,18446744073709551615]")}, {}, pool.list(f64)),
            "[1.0,18446744073709551616.0]");
  EXPECT_EQ(eval("json.cast", {J("[1,18446744073709551615]")}, {}, pool.list(json)),
            "[1,18446744073709551615]");
  EXPECT_EQ(eval("json.cast", {J("18446744073709551615")}, {}, pool.option(json)), "18446744073709551615");
  for (TypeId type : {boolean, str, duration, bytes, none})
    EXPECT_TRUE(eval("json.cast", {J("18446744073709551615")}, {}, type).starts_with("[json-mismatch] "));
}

TEST_F(WholeNumberTest, TheOperationsOfJsonTakeThemAsNumbers) {
  Typed list = J(R"({"id":18446744073709551615,"n":[1,99999999999999999999]})");
  EXPECT_EQ(eval("json.get", {list}, {{"pointer", pool.textAttr("/id")}}), "18446744073709551615");
  EXPECT_EQ(eval("json.kind", {J("18446744073709551615")}), "\"number\"");
  EXPECT_EQ(eval("json.print", {list}), R"("{\"id\":18446744073709551615,\"n\":[1,99999999999999999999]}")");
  EXPECT_EQ(eval("json.put", {list, J("-18446744073709551616")}, {{"pointer", pool.textAttr("/n/0")}}),
            R"({"id":18446744073709551615,"n":[-18446744073709551616,99999999999999999999]})");
  EXPECT_EQ(eval("json.get", {J("18446744073709551615")}, {{"pointer", pool.textAttr("/0")}}),
            "[json-missing] there is nothing at `/0`: a number has no `0`");
  EXPECT_EQ(eval("json.eq", {J("18446744073709551615"), J("18446744073709551614")}), "false");
  EXPECT_EQ(eval("str.from", {J("18446744073709551615")}), "\"18446744073709551615\"");
  EXPECT_TRUE(eval("json.len", {J("18446744073709551615")}).starts_with("[json-mismatch] "));
  EXPECT_EQ(eval("vote.majority",
                 {L({J("18446744073709551615"), J("18446744073709551614"), J("18446744073709551614")})}),
            "18446744073709551614");
  EXPECT_EQ(misfitOfType(J("[18446744073709551615]").value, pool.view(), json), nullptr);
  EXPECT_NE(misfitOfType(J("18446744073709551615").value, pool.view(), f64), nullptr);
  // There is no literal for it: what it was folded to would read back as another value, or not at all.
  EXPECT_FALSE(attrOfValue(pool, J("18446744073709551615").value, json));
  EXPECT_FALSE(attrOfValue(pool, J("[18446744073709551615]").value, json));
}

TEST_F(WholeNumberTest, SchemasAreExact) {
  auto violations = [&](std::string_view schema, std::string_view value) {
    return eval("json.violations", {J(value)}, {{"schema", pool.textAttr(schema)}});
  };
  constexpr std::string_view fine = "[]";
  EXPECT_EQ(violations(R"({"type":"integer"})", "18446744073709551615"), fine);
  EXPECT_EQ(violations(R"({"type":"number"})", "-18446744073709551615"), fine);
  EXPECT_EQ(violations(R"({"type":"string"})", "18446744073709551615"),
            R"=(["at the top: expected a string, found a number beyond i64 (`18446744073709551615`)"])=");
  EXPECT_EQ(violations(R"({"maximum":18446744073709551615})", "18446744073709551615"), fine);
  EXPECT_EQ(violations(R"({"maximum":18446744073709551615})", "18446744073709551616"),
            R"(["at the top: must be at most 18446744073709551615, not 18446744073709551616"])");
  EXPECT_EQ(violations(R"({"exclusiveMinimum":18446744073709551615})", "18446744073709551616"), fine);
  EXPECT_NE(violations(R"({"exclusiveMinimum":18446744073709551615})", "18446744073709551615"), fine);
  EXPECT_NE(violations(R"({"minimum":0})", "-18446744073709551615"), fine);
  EXPECT_EQ(violations(R"({"const":18446744073709551616})", "18446744073709551616.0"), fine);
  EXPECT_NE(violations(R"({"enum":[18446744073709551614,1.5]})", "18446744073709551615"), fine);
  EXPECT_NE(violations(R"({"uniqueItems":true})", "[10000000000000000000,1e19]"), fine);
  EXPECT_EQ(violations(R"({"uniqueItems":true})", "[10000000000000000000,10000000000000000001]"), fine);
  EXPECT_EQ(violations(R"({"maxItems":18446744073709551616,"maxLength":99999999999999999999999})", "[1]"),
            fine);
  EXPECT_NE(violations(R"({"minItems":18446744073709551616})", "[1]"), fine);
}

TEST_F(WholeNumberTest, MultiplesAreExact) {
  auto isMultiple = [&](std::string_view value, std::string_view of) {
    return eval("json.violations", {J(value)},
                {{"schema", pool.textAttr("{\"multipleOf\":" + std::string(of) + "}")}}) == "[]";
  };
  EXPECT_TRUE(isMultiple("1000000000000000000000000000000", "2.5"));
  EXPECT_FALSE(isMultiple("1000000000000000000000000000001", "10"));
  EXPECT_TRUE(isMultiple("-36893488147419103230", "18446744073709551615"));
  EXPECT_FALSE(isMultiple("36893488147419103231", "18446744073709551615"));
  EXPECT_TRUE(isMultiple("0", "18446744073709551615"));
  EXPECT_FALSE(isMultiple("5", "18446744073709551615"));
  EXPECT_TRUE(isMultiple("1e300", "1000000000000000000000000000000"));
  EXPECT_TRUE(isMultiple("18446744073709551615", "5e-324"));
  EXPECT_FALSE(isMultiple("18446744073709551615", "1e308"));
  EXPECT_FALSE(isMultiple("1e-300", "18446744073709551615"));
  std::mt19937_64 random(3);
  for (int i = 0; i != 500; ++i) {
    const Wide divisor = (1 + static_cast<Wide>(random())) * (1 + static_cast<Wide>(random() % 64));
    const Wide number =
        divisor * static_cast<Wide>(random() % 1024) + static_cast<Wide>(i % 2 ? random() % 7 : 0);
    ASSERT_EQ(isMultiple(digitsOf(number), digitsOf(divisor)), number % divisor == 0)
        << digitsOf(number) << " " << digitsOf(divisor);
  }
}

} // namespace
