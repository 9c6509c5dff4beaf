#include "xcs/Support/SourcePlaces.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

struct Text {
  explicit Text(std::string text)
      : content(text), table(std::make_shared<SourceBuffer>("a.xir", std::move(text))) {}
  /// What is written at a place, up to three bytes.
  std::string at(Location place) const { return content.substr(place.offset(), 3); }
  std::string content;
  LocationTable table;
};

const Location begin = Location::atOffset(0);

} // namespace

TEST(SourcePlaces, OperandsAreCountedPastNestedOnes) {
  Text text("x.y @s(%a, list<b, c>, \"d, e\", // f, g\n [1, 2], %h) {k = 1} : t");
  for (auto [index, wanted] : {std::pair(0, "%a,"), {1, "lis"}, {2, "\"d,"}, {3, "[1,"}, {4, "%h)"}})
    EXPECT_EQ(text.at(operandPlace(text.table, begin, static_cast<size_t>(index))), wanted);
  EXPECT_EQ(operandPlace(text.table, begin, 5), begin);
  EXPECT_EQ(operandPlace(Text("x.y() : t").table, begin, 0), begin);
  EXPECT_EQ(operandPlace(Text("x.y {k = (1)} : t").table, begin, 0), begin);
}

TEST(SourcePlaces, KeysTypesAndWords) {
  Text text("x.y(%k) {\"q\" = {k = 1}, // k\n k = \"k\"} : list<k>");
  EXPECT_EQ(attributePlace(text.table, begin, "k").offset(), text.content.find("k = \"k"));
  EXPECT_EQ(text.at(attributePlace(text.table, begin, "q")), "\"q\"");
  EXPECT_EQ(attributePlace(text.table, begin, "absent"), begin);
  EXPECT_EQ(text.at(typePlace(text.table, begin)), "lis");
  EXPECT_EQ(text.at(wordPlace(text.table, begin, "%k")), "%k)");
  EXPECT_EQ(wordPlace(text.table, begin, "%kk"), begin);
}

TEST(SourcePlaces, WhatHasNoTextStaysWhereItIs) {
  LocationTable table;
  const Location written = table.addExplicit("b.xir", 3, 4);
  EXPECT_EQ(operandPlace(table, written, 0), written);
  EXPECT_EQ(typePlace(table, Location()), Location());
}
