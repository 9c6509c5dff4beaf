#include "xcs/Ops/Value.h"
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

using namespace xcs;

namespace {

Value key(int64_t i, bool isText) { return isText ? Value::str("key" + std::to_string(i)) : Value::i64(i); }

/// Keys and values in order, searched from the first.
using Model = std::vector<std::pair<int64_t, int64_t>>;

Value dictOf(const Model &model, bool isText) {
  std::vector<Value> entries;
  for (auto [k, v] : model) {
    entries.push_back(key(k, isText));
    entries.push_back(Value::i64(v));
  }
  return Value::dict(entries);
}

auto placeOf(Model &model, int64_t k) {
  return std::find_if(model.begin(), model.end(), [k](const auto &entry) { return entry.first == k; });
}

void expectSame(const Value &dict, const Model &model, bool isText) {
  ASSERT_EQ(dict.size(), 2 * model.size());
  for (size_t i = 0; i < model.size(); ++i) {
    ASSERT_TRUE(equalValues(dict.items()[2 * i], key(model[i].first, isText))) << i;
    ASSERT_EQ(dict.items()[2 * i + 1].asI64(), model[i].second) << i;
    const Value *found = dict.find(key(model[i].first, isText));
    ASSERT_NE(found, nullptr) << i;
    ASSERT_EQ(found, &dict.items()[2 * i + 1]) << i;
  }
  ASSERT_EQ(dict.byteSize(), dictOf(model, isText).byteSize());
}

} // namespace

TEST(DictValue, PutsAndRemovesAtRandomAreThoseOfAList) {
  for (const bool isText : {false, true})
    for (uint64_t seed = 0; seed < 20; ++seed) {
      std::mt19937_64 random(seed);
      const uint64_t keys = seed % 2 ? 12 : 200; // around the sizes at which the index comes and goes
      Value dict = Value::dict({});
      Model model;
      for (int step = 0; step < 1500; ++step) {
        const auto k = static_cast<int64_t>(random() % keys);
        auto at = placeOf(model, k);
        if (random() % 5 < (step / 300 % 2 ? 1u : 3u)) {
          ASSERT_TRUE(dict.putEntry(key(k, isText), Value::i64(step)));
          if (at != model.end())
            at->second = step;
          else
            model.emplace_back(k, step);
        } else {
          ASSERT_TRUE(dict.removeEntry(key(k, isText)));
          if (at != model.end())
            model.erase(at);
        }
        ASSERT_EQ(dict.find(key(k, isText)) != nullptr, placeOf(model, k) != model.end());
        if (step % 50 == 0)
          expectSame(dict, model, isText);
      }
      expectSame(dict, model, isText);
      expectSame(dict.copyDict(), model, isText);
    }
}

TEST(DictValue, OfEqualKeysTheFirstKeepsThePlaceAndTheLastGivesTheValue) {
  for (const bool isText : {false, true})
    for (const int64_t keys : {1, 3, 8, 9, 100, 1000})
      for (const int64_t entries : {keys, keys + 1, 2 * keys, 9 * keys}) {
        Model all, model;
        for (int64_t i = 0; i < entries; ++i)
          all.emplace_back(i % keys, i);
        for (int64_t k = 0; k < keys; ++k)
          model.emplace_back(k, k + (entries - 1 - k) / keys * keys);
        Value dict = dictOf(all, isText);
        expectSame(dict, model, isText);
        ASSERT_TRUE(dict.putEntry(key(keys, isText), Value::i64(7)));
        model.emplace_back(keys, 7);
        expectSame(dict, model, isText);
      }
}

TEST(DictValue, OnlyTheSingleOwnerChangesIt) {
  Value dict = dictOf({{1, 10}}, false), other = dict;
  EXPECT_FALSE(dict.putEntry(Value::i64(2), Value::i64(20)));
  EXPECT_FALSE(dict.removeEntry(Value::i64(1)));
  expectSame(other, {{1, 10}}, false);
  Value copy = dict.copyDict();
  EXPECT_TRUE(copy.putEntry(Value::i64(2), Value::i64(20)));
  expectSame(copy, {{1, 10}, {2, 20}}, false);
  expectSame(dict, {{1, 10}}, false);
}

// Counted by blocks, not on a clock.
TEST(DictValue, PuttingAgainAndAgainMovesItRarely) {
  constexpr int count = 10'000;
  Value dict = Value::dict({});
  size_t moves = 0;
  for (int i = 0; i < 2 * count; ++i) {
    const void *block = dict.items().data();
    ASSERT_TRUE(
        dict.putEntry(Value::i64(i % count), i % 3 ? Value::some(Value::i64(i)) : Value::optionNone()));
    moves += dict.items().data() != block;
  }
  EXPECT_EQ(dict.size(), size_t(2) * count);
  EXPECT_LE(moves, 15u);
}

TEST(DictValue, EqualityAndHashIgnoreTheOrder) {
  for (const bool isText : {false, true}) {
    const Value one = dictOf({{1, 10}, {2, 20}, {-3, 30}}, isText),
                same = dictOf({{-3, 30}, {1, 10}, {2, 20}}, isText);
    const Value otherValue = dictOf({{1, 10}, {2, 21}, {-3, 30}}, isText),
                otherKey = dictOf({{1, 10}, {4, 20}, {-3, 30}}, isText),
                less = dictOf({{1, 10}, {2, 20}}, isText);
    EXPECT_TRUE(equalValues(one, same));
    EXPECT_EQ(compareValues(one, same), 0);
    EXPECT_EQ(hashValue(one), hashValue(same));
    for (const Value *other : {&otherValue, &otherKey, &less}) {
      EXPECT_FALSE(equalValues(one, *other));
      EXPECT_NE(compareValues(one, *other), 0);
      EXPECT_EQ(compareValues(one, *other), -compareValues(*other, one));
    }
  }
}

TEST(DictValue, ManyKeysAreFreed) {
  const uint64_t before = Value::bytesAlive();
  for (int round = 0; round < 3; ++round) {
    Model model;
    for (int64_t i = 0; i < 100'000; ++i)
      model.emplace_back(i * 7919, i);
    const Value dict = dictOf(model, true);
    EXPECT_EQ(dict.size(), 200'000u);
  }
  EXPECT_LT(Value::bytesAlive(), before + (4 << 20));
}

// At every size around which the block could grow and shrink.
TEST(DictValue, PutsAndRemovalsByTurnsMoveNothing) {
  for (const bool isText : {false, true})
    for (int64_t count : {0, 1, 2, 7, 8, 9, 15, 16, 17, 64, 1000, 1024}) {
      Value dict = Value::dict({});
      Model model;
      for (int64_t i = 0; i < count; ++i) {
        ASSERT_TRUE(dict.putEntry(key(i, isText), Value::i64(i)));
        model.emplace_back(i, i);
      }
      size_t moves = 0;
      const Value *begin = dict.items().data();
      for (int turn = 0; turn < 40; ++turn) {
        ASSERT_TRUE(dict.putEntry(key(count, isText), Value::i64(turn)));
        moves += dict.items().data() != begin;
        begin = dict.items().data();
        ASSERT_TRUE(dict.removeEntry(key(count, isText)));
        moves += dict.items().data() != begin;
        begin = dict.items().data();
      }
      EXPECT_LE(moves, 1u) << count; // the first put may need room
      expectSame(dict, model, isText);
      Value copy = dict.copyDict();
      expectSame(copy, model, isText);
      // Down to nothing, with a look at each size.
      while (!model.empty()) {
        ASSERT_TRUE(dict.removeEntry(key(model.back().first, isText)));
        model.pop_back();
        if (model.size() < 20)
          expectSame(dict, model, isText);
      }
      EXPECT_EQ(dict.size(), 0u);
    }
}
