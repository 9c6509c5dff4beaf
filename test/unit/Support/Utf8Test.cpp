#include "xcs/Support/Utf8.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(Utf8, AppendsCodePoints) {
  std::string out;
  for (uint32_t codePoint : {0x24u, 0xe9u, 0x20acu, 0x1f600u})
    appendUtf8(out, codePoint);
  appendUtf8(out, 0xd800); // a surrogate is no character
  EXPECT_EQ(out, "$\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(Utf8, FindsTheFirstByteThatIsNoText) {
  EXPECT_EQ(invalidTextAt("plain text, longer than one block of eight"), std::string_view::npos);
  EXPECT_EQ(invalidTextAt("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), std::string_view::npos);
  EXPECT_EQ(invalidTextAt(std::string_view("12345678\0", 9)), 8u);
  EXPECT_EQ(invalidTextAt(std::string_view("123\0"
                                           "5678",
                                           8)),
            3u);
  EXPECT_EQ(invalidTextAt("abc\x80"), 3u);          // a continuation without its begin
  EXPECT_EQ(invalidTextAt("abc\xc3"), 3u);          // cut off
  EXPECT_EQ(invalidTextAt("abc\xc0\xaf"), 3u);      // overlong
  EXPECT_EQ(invalidTextAt("\xed\xa0\x80"), 0u);     // a surrogate
  EXPECT_EQ(invalidTextAt("\xf4\x90\x80\x80"), 0u); // beyond U+10FFFF
  EXPECT_EQ(invalidTextAt("1234567\xff"), 7u);
}

TEST(Utf8, FindsItAtEveryPlaceOfABlock) {
  for (size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\0';
    EXPECT_EQ(invalidTextAt(text), at);
    text[at] = '\xff';
    EXPECT_EQ(invalidTextAt(text), at);
  }
}

TEST(Utf8, AsciiIsToldFromTheRestAtEveryPlaceOfABlock) {
  EXPECT_TRUE(isAscii(""));
  EXPECT_TRUE(isAscii(std::string_view("\0\x7f", 2)));
  for (size_t size = 1; size < 20; ++size) {
    std::string text(size, 'x');
    EXPECT_TRUE(isAscii(text)) << size;
    for (size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(isAscii(text)) << at << " of " << size;
      text[at] = 'x';
    }
  }
}
