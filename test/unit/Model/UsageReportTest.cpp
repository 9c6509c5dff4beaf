#include "xcs/Model/UsageReport.h"
#include "xcs/Model/Completion.h"
#include "xcs/Ops/ConstantPool.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

struct Priced {
  ConstantPool pool;
  DictId resource;

  Priced(double in, double out) {
    const DictEntry entries[] = {{pool.intern("usd_per_mtok_in"), pool.floatAttr(in)},
                                 {pool.intern("usd_per_mtok_out"), pool.floatAttr(out)}};
    resource = pool.dict(entries);
  }
  /// The fields in turn; `-` for none.
  std::string record(const ModelUsage &usage) {
    std::string text;
    const Value whole = usageRecord(pool.view(), resource, usage);
    for (const Value &field : whole.items()) {
      text += text.empty() ? "" : " ";
      if (field.kind() == ValueKind::OptionNone)
        text += "-";
      else if (field.items()[0].kind() == ValueKind::I64)
        text += std::to_string(field.items()[0].asI64());
      else
        text += std::to_string(field.items()[0].asF64());
    }
    return text;
  }
};

ModelUsage answered(uint64_t prompt, uint64_t completion) {
  ModelUsage usage;
  countAnswer(usage, {prompt, completion, std::nullopt, std::nullopt});
  return usage;
}

} // namespace

TEST(UsageRecord, IsTheSumOverAllAnswers) {
  Priced model(1, 2);
  ModelUsage usage = answered(10, 1);
  usage += answered(20, 2);
  EXPECT_EQ(model.record(usage), "30 3 - - 0.000036");
  ModelUsage whole;
  countAnswer(whole, {1, 2, 3, 4});
  EXPECT_EQ(model.record(whole), "1 2 3 4 0.000005");
}

TEST(UsageRecord, WhatOneAnswerDoesNotReportIsUnknownOfAll) {
  Priced model(1, 2);
  ModelUsage usage = answered(10, 1);
  countAnswer(usage, {5, std::nullopt, 1, 1});
  EXPECT_EQ(model.record(usage), "15 - - - -");
}

TEST(UsageRecord, WhatWasBrokenOffMayHaveCostAnything) {
  Priced model(1, 2);
  ModelUsage usage = answered(10, 1);
  usage.abandoned = 1;
  EXPECT_EQ(model.record(usage), "- - - - -");
}

TEST(UsageRecord, NoNumberIsInvented) {
  Priced model(1e308, 1e308), none(1, 2);
  EXPECT_EQ(model.record(answered(INT64_MAX, INT64_MAX)).back(), '-') << "not infinite";
  ModelUsage usage = answered(INT64_MAX, 0);
  usage += answered(1, 0);
  EXPECT_EQ(none.record(usage).substr(0, 3), "- 0") << "beyond i64";
}

TEST(UsageRecord, HasNoPriceWithoutPrices) {
  ConstantPool pool;
  const DictEntry entries[] = {{pool.intern("usd_per_mtok_in"), pool.intAttr(1)}};
  const DictId onlyIn = pool.dict(entries);
  EXPECT_FALSE(priceOf(pool.view(), onlyIn, answered(1, 1)));
  EXPECT_TRUE(priceOf(pool.view(), onlyIn, answered(1, 0))) << "as of embeddings";
  EXPECT_FALSE(priceOf(pool.view(), pool.dict({}), answered(1, 1)));
}
