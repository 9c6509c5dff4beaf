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

TEST(HttpResponse, AFoldedLineGoesOnWithTheHeader_RFC9112_5_2) {
  EXPECT_EQ(headersOf({"HTTP/1.1 200 OK\r\n", "a: 1\r\n", " 2\r\n", "\t 3\r\n", "b: 4\r\n", "\r\n"}),
            (Headers{{"a", "1 2 3"}, {"b", "4"}}));
  EXPECT_EQ(headersOf({"a:\r\n", "  1: 2\r\n"}), (Headers{{"a", "1: 2"}}))
      << "a colon in it begins no header";
  EXPECT_EQ(headersOf({"a: 1\r\n", " \t \r\n", "b: 2\r\n"}), (Headers{{"a", "1"}, {"b", "2"}}))
      << "a line of blanks adds nothing and is no end";
}

TEST(HttpResponse, ABlankBeforeTheFirstHeaderIsSkipped_RFC9112_2_2) {
  EXPECT_EQ(headersOf({"HTTP/1.1 200 OK\r\n", " x: 0\r\n", "a: 1\r\n"}), (Headers{{"a", "1"}}));
}

TEST(HttpResponse, ABlankBehindANameIsNoPartOfIt_RFC9112_5_1) {
  EXPECT_EQ(headersOf({"a : 1\r\n", "b\t:2\r\n"}), (Headers{{"a", "1"}, {"b", "2"}}));
}

TEST(HttpResponse, TrailersAreNoHeaders_RFC9110_6_5_1) {
  EXPECT_EQ(headersOf({"HTTP/1.1 200 OK\r\n", "a: 1\r\n", "\r\n", "b: 2\r\n", "Retry-After: 9\r\n", "\r\n"}),
            (Headers{{"a", "1"}}));
  EXPECT_EQ(headersOf({"HTTP/1.1 103 Early Hints\r\n", "early: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n",
                       "a: 1\r\n", "\r\n", "HTTP/1.1: 2\r\n", "a: 3\r\n"}),
            (Headers{{"a", "1"}}));
}

static std::string lengthOf(std::initializer_list<std::string_view> lines) {
  HttpResponse response;
  for (std::string_view line : lines)
    response.addHeadLine(line);
  return response.lengthError();
}

TEST(HttpResponse, OneLengthMayBeSaidSeveralTimes_RFC9112_6_3) {
  EXPECT_EQ(lengthOf({"Content-Length: 5\r\n"}), "");
  EXPECT_EQ(lengthOf({"Content-Length: 5\r\n", "content-length: 5\r\n"}), "");
  EXPECT_EQ(lengthOf({"Content-Length: 5, 5\r\n"}), "");
  EXPECT_EQ(lengthOf({"X: 1\r\n"}), "");
}

TEST(HttpResponse, ContradictingLengthsAreRefused_RFC9112_6_3) {
  EXPECT_EQ(lengthOf({"Content-Length: 5\r\n", "Content-Length: 3\r\n"}),
            "it has a `Content-Length` of 5 and one of 3");
  EXPECT_NE(lengthOf({"Content-Length: 5, 3\r\n"}), "");
  EXPECT_NE(lengthOf({"Content-Length: 5\r\n", "Content-Length: 05\r\n"}), "");
}

TEST(HttpResponse, MalformedLengthsAreRefused_RFC9112_6_3) {
  for (std::string_view wrong :
       {"3abc", "-1", "+5", "0x5", "", "5;3", "1e3", "5,", "99999999999999999999", "5 0"})
    EXPECT_EQ(lengthOf({"Content-Length: " + std::string(wrong) + "\r\n"}),
              "its `Content-Length` is `" + std::string(wrong) + "`, which is no length");
  EXPECT_NE(lengthOf({"Content-Length: 5\r\n", " 0\r\n"}), "") << "on two lines";
  EXPECT_NE(lengthOf({"Content-Length : 5\r\n"}), "") << "a blank behind the name";
  EXPECT_NE(lengthOf({"Transfer-Encoding:\r\n", " chunked\r\n"}), "");
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
