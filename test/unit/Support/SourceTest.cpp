#include "xcs/Support/Source.h"
#include <gtest/gtest.h>

using namespace xcs;

static void expectPlace(const SourceBuffer &buffer, uint32_t offset, uint32_t line, uint32_t column) {
  LineColumn place = buffer.lineColumn(offset);
  EXPECT_EQ(place.file, buffer.name());
  EXPECT_EQ(place.line, line) << "offset " << offset;
  EXPECT_EQ(place.column, column) << "offset " << offset;
}

TEST(SourceBuffer, CountsLinesAndColumnsFromOne) {
  SourceBuffer buffer("a.xir", "ab\n\ncd");
  expectPlace(buffer, 0, 1, 1);
  expectPlace(buffer, 2, 1, 3); // the line end belongs to its line
  expectPlace(buffer, 3, 2, 1);
  expectPlace(buffer, 5, 3, 2);
}

TEST(SourceBuffer, APartOfAFileHasTheLineNumbersOfTheFile) {
  SourceBuffer buffer("a.xir", "ab\ncd", 7);
  expectPlace(buffer, 0, 8, 1);
  expectPlace(buffer, 4, 9, 2);
  expectPlace(buffer, 1000, 9, 3);
  EXPECT_EQ(buffer.line(8), "ab");
  EXPECT_EQ(buffer.line(9), "cd");
  for (uint32_t outside : {0u, 1u, 7u, 10u, UINT32_MAX})
    EXPECT_EQ(buffer.line(outside), "") << outside;
}

TEST(SourceBuffer, AnOffsetBeyondTheEndIsTheEnd) {
  SourceBuffer buffer("a.xir", "ab\ncd");
  expectPlace(buffer, 5, 2, 3);
  expectPlace(buffer, 1000, 2, 3);
}

TEST(SourceBuffer, AnEmptyTextHasOneEmptyLine) {
  SourceBuffer buffer("a.xir", "");
  expectPlace(buffer, 0, 1, 1);
  EXPECT_EQ(buffer.line(1), "");
}

TEST(SourceBuffer, LinesComeWithoutTheirEnds) {
  SourceBuffer buffer("a.xir", "one\r\n\ntwo\n");
  EXPECT_EQ(buffer.line(1), "one");
  EXPECT_EQ(buffer.line(2), "");
  EXPECT_EQ(buffer.line(3), "two");
  EXPECT_EQ(buffer.line(4), "");
  EXPECT_EQ(buffer.line(0), "");
  EXPECT_EQ(buffer.line(5), "");
}

TEST(LocationTable, ResolvesOffsetsAndExplicitLocations) {
  LocationTable table(std::make_shared<SourceBuffer>("a.xir", "x\nyz"));
  Location written = table.addExplicit("prog.py", 7, 3);
  EXPECT_TRUE(written.isExplicit());
  LineColumn place = table.resolve(written);
  EXPECT_EQ(place.file, "prog.py");
  EXPECT_EQ(place.line, 7u);
  EXPECT_EQ(place.column, 3u);
  place = table.resolve(Location::atOffset(3));
  EXPECT_EQ(place.file, "a.xir");
  EXPECT_EQ(place.line, 2u);
  EXPECT_EQ(place.column, 2u);
  EXPECT_EQ(table.bufferOf(written), nullptr);
  ASSERT_NE(table.bufferOf(Location::atOffset(0)), nullptr);
  EXPECT_EQ(table.bufferOf(Location::atOffset(0))->name(), "a.xir");
}

TEST(LocationTable, APlaceInABodyKnowsItsCall) {
  LocationTable table(std::make_shared<SourceBuffer>("a.xir", "x\nyz\nw"));
  Location body = Location::atOffset(3), call = Location::atOffset(5);
  Location inner = table.addCalled(body, call);
  EXPECT_FALSE(inner.isExplicit());
  EXPECT_EQ(table.resolve(inner).line, 2u) << "its own place";
  EXPECT_EQ(table.callerOf(inner), call);
  EXPECT_EQ(table.withoutCallers(inner), body);
  ASSERT_NE(table.bufferOf(inner), nullptr);
  EXPECT_EQ(table.bufferOf(inner), table.bufferOf(body));
  EXPECT_FALSE(table.callerOf(body).known());
  Location written = table.addExplicit("prog.py", 7, 3);
  EXPECT_EQ(table.resolve(table.addCalled(written, inner)).file, "prog.py");
  EXPECT_EQ(table.callerOf(table.addCalled(written, inner)), inner) << "callers have callers";
  EXPECT_EQ(table.addCalled(body, Location()), body) << "an unknown call is none";
}

TEST(LocationTable, AnUnknownLocationHasLineZero) {
  LocationTable table(std::make_shared<SourceBuffer>("a.xir", "x"));
  EXPECT_EQ(table.resolve(Location()).line, 0u);
  EXPECT_EQ(table.bufferOf(Location()), nullptr);
  EXPECT_EQ(LocationTable().resolve(Location::atOffset(0)).line, 0u) << "offsets without a text";
}

TEST(LocationTable, KnowsTheFileOfEachPlace) {
  LocationTable table(std::make_shared<SourceBuffer>("a.xir", "ab"));
  uint32_t empty = table.addBuffer(std::make_shared<SourceBuffer>("empty.xir", ""));
  uint32_t last = table.addBuffer(std::make_shared<SourceBuffer>("c.xir", "\nx"));
  auto place = [&](uint32_t offset) {
    LineColumn at = table.resolve(Location::atOffset(offset));
    return std::string(at.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  };
  EXPECT_EQ(place(0), "a.xir:1:1");
  EXPECT_EQ(place(2), "a.xir:1:3") << "the end of a text is in it";
  EXPECT_EQ(place(empty), "empty.xir:1:1");
  EXPECT_EQ(place(last), "c.xir:1:1");
  EXPECT_EQ(place(last + 1), "c.xir:2:1");
  EXPECT_EQ(table.bufferOf(Location::atOffset(last))->name(), "c.xir");
  EXPECT_EQ(table.room(), Location::explicitBit - 1 - 3 - 1 - 3);
}
