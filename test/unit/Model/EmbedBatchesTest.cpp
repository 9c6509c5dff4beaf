#include "xcs/Model/EmbedBatches.h"
#include <gtest/gtest.h>

using namespace xcs;

/// Texts of so many bytes each.
static std::vector<Value> texts(std::initializer_list<size_t> sizes) {
  std::vector<Value> out;
  for (size_t size : sizes)
    out.push_back(Value::str(std::string(size, 'x')));
  return out;
}

static std::vector<size_t> counts(std::span<const Value> texts, BatchBounds bounds) {
  std::vector<size_t> out;
  size_t next = 0;
  for (const EmbedBatch &batch : splitIntoBatches(texts, bounds)) {
    EXPECT_EQ(batch.first, next); // nothing is left out and nothing sent twice
    next += batch.count;
    out.push_back(batch.count);
  }
  EXPECT_EQ(next, texts.size());
  return out;
}

TEST(EmbedBatches, AreCutByNumber) {
  EXPECT_EQ(counts(texts({4, 4, 4, 4, 4}), {2, 1000}), (std::vector<size_t>{2, 2, 1}));
  EXPECT_EQ(counts(texts({4, 4}), {2, 1000}), (std::vector<size_t>{2}));
  EXPECT_EQ(counts(texts({}), {2, 1000}), (std::vector<size_t>{}));
}

TEST(EmbedBatches, AreCutByTokensOfFourBytes) {
  EXPECT_EQ(counts(texts({40, 40, 40, 8, 8}), {100, 20}), (std::vector<size_t>{2, 3}));
}

TEST(EmbedBatches, AnEmptyTextTakesAToken) {
  EXPECT_EQ(counts(texts({0, 0, 0}), {100, 2}), (std::vector<size_t>{2, 1}));
}

TEST(EmbedBatches, ATextBeyondTheBoundIsABatchOfItsOwn) {
  EXPECT_EQ(counts(texts({4, 4000, 4, 4}), {100, 10}), (std::vector<size_t>{1, 1, 2}));
}

/// The vectors of an answer to two texts, as printed; or why there are none.
static std::string vectors(std::string_view json) {
  EmbedAnswer answer;
  AnswerFault fault;
  if (!readVectors(json, 2, Limits(), answer, fault)) {
    if (fault.kind == AnswerFault::Kind::Reported)
      return "reported " + std::to_string(fault.report.status) + ": " + fault.report.message;
    return (fault.kind == AnswerFault::Kind::Transient ? "again: " : "wrong: ") + fault.what;
  }
  std::string text;
  for (const Value &vector : answer.vectors)
    for (const Value &number : vector.items()) {
      EXPECT_EQ(number.kind(), ValueKind::F64);
      text += std::to_string(number.asF64()).substr(0, 4) + ' ';
    }
  return text;
}

TEST(EmbedBatches, VectorsStandInTheOrderOfTheirIndices) {
  EXPECT_EQ(vectors(R"({"data":[{"index":1,"embedding":[3,4.0]},{"index":0,"embedding":[1,2]}]})"),
            "1.00 2.00 3.00 4.00 ");
  EXPECT_EQ(vectors(R"({"data":[{"index":"1","embedding":[3]},{"index":0.0,"embedding":[1]}]})"),
            "1.00 3.00 ");
}

TEST(EmbedBatches, AVectorWithoutAnIndexHasItsPlace) {
  EXPECT_EQ(vectors(R"({"data":[{"embedding":[1]},{"embedding":[2]}]})"), "1.00 2.00 ");
  EXPECT_EQ(vectors(R"({"data":[{"index":null,"embedding":[1]},{"embedding":[2]}]})"), "1.00 2.00 ");
  EXPECT_EQ(vectors(R"({"data":[{"embedding":[1]},{"index":1,"embedding":[2]}]})"), "1.00 2.00 ");
  EXPECT_EQ(vectors(R"({"data":[{"embedding":[1]},{"index":0,"embedding":[2]}]})"),
            "wrong: its `/data/1` is a second vector of the text 0");
}

TEST(EmbedBatches, AVectorMayBePackedInBase64) {
  // 1.0f, -2.5f: 0x3F800000, 0xC0200000, lowest byte first.
  EXPECT_EQ(vectors(R"({"data":[{"embedding":"AACAPwAAIMA="},{"embedding":[2]}]})"), "1.00 -2.5 2.00 ");
  for (std::string_view packed : {R"("AACAP")", R"("")", R"("AAAA")", R"("no base64")"})
    EXPECT_EQ(vectors("{\"data\":[{\"embedding\":[1]},{\"embedding\":" + std::string(packed) + "}]}"),
              "wrong: its `/data/1/embedding` is a string that is no base64 of 32-bit floats, not a list of "
              "numbers");
  EXPECT_EQ(vectors(R"({"data":[{"embedding":"AADAfw=="},{"embedding":[2]}]})"),
            "wrong: its `/data/0/embedding` is base64 of a number that is not finite, not a list of numbers");
}

TEST(EmbedBatches, WhatIsNoVectorIsNamedWithItsPlace) {
  auto second = [](std::string_view item) {
    return vectors("{\"data\":[{\"embedding\":[1]}," + std::string(item) + "]}");
  };
  EXPECT_EQ(second(R"({"index":1,"embedding":[]})"),
            "wrong: its `/data/1/embedding` is an empty list, not a list of numbers");
  EXPECT_EQ(second(R"({"embedding":null})"), "wrong: its `/data/1/embedding` is null, not a list of numbers");
  EXPECT_EQ(second(R"({})"), "wrong: its `/data/1/embedding` is nothing, not a list of numbers");
  EXPECT_EQ(second(R"({"embedding":{"values":[1]}})"),
            "wrong: its `/data/1/embedding` is an object, not a list of numbers");
  EXPECT_EQ(second(R"({"embedding":[1,"2"]})"),
            "wrong: its `/data/1/embedding/1` is a string, not a number that an f64 can represent");
  EXPECT_EQ(second(R"({"embedding":[null]})"),
            "wrong: its `/data/1/embedding/0` is null, not a number that an f64 can represent");
  EXPECT_EQ(second(R"({"embedding":[NaN]})"), "wrong: its `/data/1/embedding/0` is something that is no "
                                              "JSON, not a number that an f64 can represent");
  EXPECT_EQ(second(R"({"embedding":[1e400]})"),
            "wrong: its `/data/1/embedding/0` is `1e400`, not a number that an f64 can represent");
  EXPECT_EQ(second("[1]"), "wrong: its `/data/1` is a list, not an object with a vector");
  EXPECT_EQ(second(R"({"index":"b","embedding":[1]})"),
            "wrong: its `/data/1/index` is a string, not a whole number");
  EXPECT_EQ(second(R"({"index":1.5,"embedding":[1]})"),
            "wrong: its `/data/1/index` is a number, not a whole number");
  EXPECT_EQ(second(R"({"index":2,"embedding":[1]})"), "wrong: its `/data/1/index` is 2, for 2 texts");
  EXPECT_EQ(second(R"({"index":-1,"embedding":[1]})"), "wrong: its `/data/1/index` is -1, for 2 texts");
}

TEST(EmbedBatches, OddMembersThatNobodyReadsAreNoMatter) {
  EXPECT_EQ(
      vectors(
          "\xEF\xBB\xBF"
          R"({"x":NaN,"id":1,"id":2,"data":[{"object":"\ud800","embedding":[1e-400]},{"embedding":[2]}]})"),
      "0.00 2.00 ");
}

TEST(EmbedBatches, ErrorsAndNothingAreNoVectors) {
  EXPECT_EQ(vectors(R"({})"), "again: it has 0 vectors for 2 texts");
  EXPECT_EQ(vectors(R"({"data":null})"), "again: it has 0 vectors for 2 texts");
  EXPECT_EQ(vectors(R"({"data":"x"})"), "wrong: its `/data` is a string, not a list of vectors");
  EXPECT_EQ(vectors(R"({"data":[{"index":0,"embedding":[1]}]})"), "wrong: it has 1 vector for 2 texts");
  EXPECT_EQ(vectors(R"({"error":{"message":"slow","code":429}})"), "reported 429: slow");
  EXPECT_EQ(vectors(R"({"detail":"no such model"})"), "reported 0: no such model");
  EXPECT_EQ(vectors(R"({"data":[)"), "again: it is JSON that is cut off");
  EXPECT_EQ(vectors("<html>"), "wrong: it is not JSON; it begins with `<html>`");
}
