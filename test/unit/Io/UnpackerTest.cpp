#include "Io/Unpacker.h"
#include <gtest/gtest.h>
#include <string>
#include <zlib.h>

using namespace xcs;

/// `windowBits`: 31 gzip, 15 zlib, -15 bare.
static std::string packed(std::string_view text, int windowBits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// What comes out of a body in pieces of `size`: `text`, with a `~` behind it when it is cut off; `!` when it
/// is no packed data.
static std::string unpacked(std::string_view codings, std::string_view body, size_t size) {
  std::string out;
  std::unique_ptr<Unpacker> unpacker = Unpacker::of(codings, size_t(1) << 20, [&](std::string_view piece) {
    out += piece;
    return true;
  });
  if (!unpacker)
    return "?";
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size())))
    if (!unpacker->feed(body.substr(0, size)))
      return "!";
  return unpacker->isWhole() ? out : out + "~";
}

static void expectUnpacked(std::string_view codings, std::string_view body, std::string_view text) {
  for (size_t size : {1, 2, 7, 100000})
    EXPECT_EQ(unpacked(codings, body, size), text) << codings << " in pieces of " << size;
}

TEST(Unpacker, EveryFormInAnyPieces) {
  std::string text(100, 'a');
  text += "the end";
  expectUnpacked("gzip", packed(text, 31), text);
  expectUnpacked("X-Gzip", packed(text, 31), text);
  expectUnpacked("deflate", packed(text, 15), text);
  expectUnpacked("deflate", packed(text, -15), text);
  expectUnpacked("identity", text, text);
  expectUnpacked(" ,", text, text);
}

TEST(Unpacker, TheLastCodingIsTakenOffFirst) {
  std::string once = packed("text", 15);
  expectUnpacked("deflate, gzip", packed(once, 31), "text");
  expectUnpacked("gzip, deflate", packed(once, 31), "!");
}

TEST(Unpacker, SeveralMembersAreOneText) {
  expectUnpacked("gzip", packed("one", 31) + packed("", 31) + packed("two", 31), "onetwo");
}

TEST(Unpacker, WhatIsCutOffIsNotWhole) {
  std::string text(1000, 'x'), body = packed(text, 31);
  for (size_t size = 1; size < body.size(); ++size)
    EXPECT_TRUE(unpacked("gzip", std::string_view(body).substr(0, size), 5).ends_with('~')) << size;
  std::string two = body + body;
  EXPECT_TRUE(unpacked("gzip", std::string_view(two).substr(0, body.size() + 12), 5).ends_with('~'));
}

TEST(Unpacker, WhatIsNotPackedOrHasMoreBehindIsNone) {
  expectUnpacked("gzip", "no gzip at all", "!");
  expectUnpacked("gzip", packed("text", 31) + "more", "!");
  expectUnpacked("deflate", packed("text", 15) + "more", "!");
  std::string wrong = packed("text", 31);
  wrong[wrong.size() - 8] ^= 1; // of the checksum
  expectUnpacked("gzip", wrong, "!");
}

TEST(Unpacker, OtherCodingsAndTooManyAreRefused) {
  EXPECT_EQ(unpacked("br", "x", 1), "?");
  EXPECT_EQ(unpacked("gzip, zstd", "x", 1), "?");
  EXPECT_EQ(unpacked("gzip,gzip,gzip,gzip,gzip", "x", 1), "?");
}

TEST(Unpacker, TheSinkStopsIt) {
  size_t pieces = 0;
  std::unique_ptr<Unpacker> unpacker =
      Unpacker::of("gzip", 0, [&](std::string_view) { return ++pieces < 3; });
  std::string body = packed(std::string(size_t(1) << 20, 'a'), 31);
  EXPECT_FALSE(unpacker->feed(body));
  EXPECT_EQ(pieces, 3u);
}

TEST(Unpacker, WhatIsLargeBetweenTwoCodingsIsTooLarge) {
  std::string members;
  for (int i = 0; i < 60'000; ++i) // of nothing
    members += packed("", 31);
  std::unique_ptr<Unpacker> unpacker =
      Unpacker::of("gzip, gzip", size_t(1) << 20, [](std::string_view) { return true; });
  EXPECT_FALSE(unpacker->feed(packed(members, 31)));
  EXPECT_TRUE(unpacker->isTooLarge());
}
