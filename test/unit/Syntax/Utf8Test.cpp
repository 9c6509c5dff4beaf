#include "Syntax/Utf8.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

TEST(Utf8, FindsTheFirstByteThatIsNoText) {
  EXPECT_EQ(findNonText("plain text, longer than one block of eight"), std::nullopt);
  EXPECT_EQ(findNonText("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), std::nullopt);
  EXPECT_EQ(findNonText(std::string_view("12345678\0", 9)), 8u);
  EXPECT_EQ(findNonText(std::string_view("123\0"
                                         "5678",
                                         8)),
            3u);
  EXPECT_EQ(findNonText("abc\x80"), 3u);          // a continuation without its begin
  EXPECT_EQ(findNonText("abc\xc3"), 3u);          // cut off
  EXPECT_EQ(findNonText("abc\xc0\xaf"), 3u);      // overlong
  EXPECT_EQ(findNonText("\xed\xa0\x80"), 0u);     // a surrogate
  EXPECT_EQ(findNonText("\xf4\x90\x80\x80"), 0u); // beyond U+10FFFF
  EXPECT_EQ(findNonText("1234567\xff"), 7u);
}

TEST(Utf8, FindsItAtEveryPlaceOfABlock) {
  for (size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '\0';
    EXPECT_EQ(findNonText(text), at);
    text[at] = '\xff';
    EXPECT_EQ(findNonText(text), at);
  }
}

} // namespace
