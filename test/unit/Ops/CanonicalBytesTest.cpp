#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include <gtest/gtest.h>
#include <limits>
#include <vector>

using namespace xcs;

namespace {

struct Bytes : CanonicalBytes {
  std::string bytes;
  void put(std::string_view more) override { bytes += more; }
};

class CanonicalBytesTest : public ::testing::Test {
protected:
  ConstantPool pool;
  using Entry = std::pair<std::string_view, AttrId>;
  DictId dict(std::initializer_list<Entry> entries) {
    std::vector<DictEntry> all;
    for (const Entry &entry : entries)
      all.push_back({pool.intern(entry.first), entry.second});
    return pool.dict(all);
  }
  std::string chat(std::initializer_list<Entry> entries) {
    DictId attributes = dict(entries);
    Bytes out;
    out.request(pool.view(), OpCode::model_chat, attributes);
    return out.bytes;
  }
  std::string model(std::initializer_list<Entry> entries) {
    DictId attributes = dict(entries);
    Bytes out;
    out.request(pool.view(), ResourceKind::Model, attributes);
    return out.bytes;
  }
  static std::string of(const Value &value) {
    Bytes out;
    out.value(value);
    return out.bytes;
  }
};

TEST_F(CanonicalBytesTest, TheOrderOfAttributesAndTheFormOfNumbersDoNotCount) {
  std::string one = chat({{"temperature", pool.intAttr(1)}, {"seed", pool.intAttr(4)}});
  EXPECT_EQ(one, chat({{"seed", pool.intAttr(4)}, {"temperature", pool.floatAttr(1)}}));
  EXPECT_NE(one, chat({{"seed", pool.intAttr(4)}, {"temperature", pool.floatAttr(1.5)}}));
  EXPECT_NE(one, chat({{"seed", pool.intAttr(4)}}));
}

TEST_F(CanonicalBytesTest, AFlagThatIsOffIsNotThere) {
  EXPECT_EQ(chat({{"deterministic", pool.boolAttr(false)}}), chat({}));
  EXPECT_EQ(chat({{"deterministic", pool.boolAttr(true)}}), chat({{"deterministic", pool.unitAttr()}}));
  EXPECT_NE(chat({{"deterministic", pool.unitAttr()}}), chat({}));
}

TEST_F(CanonicalBytesTest, BoundsHintsFactsAndDrawsAreNoPart) {
  EXPECT_EQ(chat({{"timeout", pool.durationAttr(5)},
                  {"first_byte_timeout", pool.durationAttr(5)},
                  {"retry", pool.dictAttr(dict({{"max", pool.intAttr(3)}}))},
                  {"keep", pool.unitAttr()},
                  {"stream", pool.unitAttr()},
                  {"hint.latency", pool.durationAttr(5)},
                  {"sched.level", pool.intAttr(5)},
                  {"draw", pool.textAttr("a")}}),
            chat({}));
  EXPECT_EQ(model({{"max_batch", pool.intAttr(3)},
                   {"max_batch_tokens", pool.intAttr(3)},
                   {"max_in_flight", pool.intAttr(3)},
                   {"requests_per_minute", pool.intAttr(3)},
                   {"retries", pool.intAttr(3)},
                   {"usd_per_mtok_in", pool.intAttr(3)}}),
            model({}));
  EXPECT_NE(model({{"model", pool.textAttr("a")}}), model({{"model", pool.textAttr("b")}}));
}

using Values = std::vector<Value>;
Value listOf(Values items) { return Value::list(items); }
Value recordOf(Values items) { return Value::record(items); }

TEST_F(CanonicalBytesTest, ValuesAreToldApartByKindAndLength) {
  Value a = Value::str("a"), b = Value::str("b");
  EXPECT_EQ(of(listOf({a, b})), of(listOf({a, b})));
  EXPECT_NE(of(listOf({a, b})), of(recordOf({a, b})));
  EXPECT_NE(of(listOf({listOf({a}), b})), of(listOf({listOf({a, b})})));
  EXPECT_NE(of(Value::i64(1)), of(Value::f64(1)));
  EXPECT_NE(of(Value::f64(0.0)), of(Value::f64(-0.0)));
  EXPECT_NE(of(Value::i64(1)), of(Value::duration(1)));
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(of(Value::f64(nan)), of(Value::f64(-nan)));
}

} // namespace
