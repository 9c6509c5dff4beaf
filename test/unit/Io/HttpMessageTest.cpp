#include "xcs/Io/HttpMessage.h"
#include "xcs/Support/Utf8.h"
#include <gtest/gtest.h>

using namespace xcs;

using Headers = std::vector<std::pair<std::string, std::string>>;

static Headers headersOf(std::initializer_list<std::string_view> lines) {
  HttpResponse response;
  for (std::string_view line : lines)
    response.addHeadLine(line);
  return response.headers;
}

TEST(HttpResponse, BlanksAroundAValueAreNoPartOfIt) {
  EXPECT_EQ(headersOf({"a:1\r\n", "b: \t 2 3 \t\r\n", "c:\r\n", "d", "e: :\n"}),
            (Headers{{"a", "1"}, {"b", "2 3"}, {"c", ""}, {"e", ":"}}));
}

TEST(HttpResponse, AHeadBeginsAnewWithItsStatusLine) {
  EXPECT_EQ(
      headersOf({"HTTP/1.1 100 Continue\r\n", "early: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "late: 2\r\n"}),
      (Headers{{"late", "2"}}));
}

TEST(HttpResponse, AReasonPhraseIsNoHeader) {
  EXPECT_EQ(headersOf({"HTTP/1.1 500 Error: disk full\r\n", "a: 1\r\n"}), (Headers{{"a", "1"}}));
}

TEST(HttpResponse, NamesHaveNoCase) {
  HttpResponse response;
  response.addHeadLine("Retry-After: 7\r\n");
  EXPECT_EQ(response.header("retry-after"), "7");
  EXPECT_EQ(response.header("retry"), "");
}

TEST(ReadableText, ABeginningEndsWithACharacter) {
  std::string_view text = "a\u00fc\U0001F600";
  EXPECT_EQ(beginningOf(text, 7), text);
  EXPECT_EQ(beginningOf(text, 6), "a\u00fc");
  EXPECT_EQ(beginningOf(text, 3), "a\u00fc");
  EXPECT_EQ(beginningOf(text, 2), "a");
  EXPECT_EQ(beginningOf("\x80\x80\x80\x80\x80", 4).size(), 1u);
}

TEST(ReadableText, IsUtf8OrElseLatin1) {
  EXPECT_EQ(readableText("gr\u00fc\u00dfe"), "gr\u00fc\u00dfe");
  EXPECT_EQ(readableText("\xfc"
                         "ber"),
            "\u00fc"
            "ber");
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  EXPECT_EQ(invalidUtf8At(readableText(all)), std::string_view::npos);
}
