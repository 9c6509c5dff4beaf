#include "xcs/Model/EmbedBatches.h"
#include "xcs/Ops/JsonText.h"
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
  for (const EmbedBatch &batch : cutIntoBatches(texts, bounds)) {
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
  Value root;
  OpError error;
  EXPECT_TRUE(parseJson(json, Limits(), root, error)) << error.message;
  std::vector<Value> out;
  std::string why;
  if (!readVectors(root, 2, out, why))
    return why;
  std::string text;
  for (const Value &vector : out)
    for (const Value &number : vector.items()) {
      EXPECT_EQ(number.kind(), ValueKind::F64);
      text += std::to_string(static_cast<int>(number.asF64()));
    }
  return text;
}

TEST(EmbedBatches, VectorsStandInTheOrderOfTheirIndices) {
  EXPECT_EQ(vectors(R"({"data":[{"index":1,"embedding":[3,4.0]},{"index":0,"embedding":[1,2]}]})"), "1234");
}

TEST(EmbedBatches, AMissingOrDoubleOrStrangeVectorIsAnError) {
  EXPECT_EQ(vectors(R"({})"), "it has 0 vectors for 2 texts");
  EXPECT_EQ(vectors(R"({"data":[{"index":0,"embedding":[1]}]})"), "it has 1 vector for 2 texts");
  EXPECT_EQ(vectors(R"({"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]})"),
            "a vector has the index 2, which is out of range or occurs twice");
  EXPECT_EQ(vectors(R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[]}]})"),
            "vector 1 is not a list of numbers");
}
