#include "xcs/Io/RequestHeaders.h"
#include <gtest/gtest.h>

using namespace xcs;
using namespace std::string_view_literals;

namespace {

TEST(RequestHeaders, AHeaderIsOneLine) {
  RequestHeaders headers;
  EXPECT_EQ(headers.add("X-Note", "a: b; c"), HeaderFault::None);
  EXPECT_EQ(headers.add("X-Tab", "a\tb"), HeaderFault::None);
  EXPECT_EQ(headers.add("X-Latin", "gr\xfc\xdf"), HeaderFault::None);
  EXPECT_EQ(headers.add("X-Empty", ""), HeaderFault::None);
  EXPECT_EQ(headers.add("X-Blank", " \t "), HeaderFault::None);
  EXPECT_EQ(headers.lines(), (std::vector<std::string>{"X-Note: a: b; c", "X-Tab: a\tb",
                                                       "X-Latin: gr\xfc\xdf", "X-Empty;", "X-Blank;"}));
}

TEST(RequestHeaders, NoValueBeginsAnotherHeader) {
  for (std::string_view value :
       {"a\r\nX-Evil: 1"sv, "a\nX-Evil: 1"sv, "a\rX-Evil: 1"sv, "a\r\n folded"sv, "a\n\tfolded"sv,
        "\r\n\r\nGET / HTTP/1.1"sv, "a\n"sv, "\0"sv, "a\0b"sv, "\x1b[31m"sv, "\x7f"sv, "\v"sv}) {
    RequestHeaders headers;
    EXPECT_EQ(headers.add("Authorization", value), HeaderFault::Value);
    EXPECT_TRUE(headers.lines().empty());
  }
}

TEST(RequestHeaders, ANameIsAToken) {
  for (std::string_view name : {""sv, "X Note"sv, "X-Note:"sv, "X-Note\r\nX-Evil"sv, "X-Evil: 1\r\nX-Note"sv,
                                "X\0"sv, "N\xc3\xb6te"sv, " X"sv, "X\t"sv, "X;"sv, "@X"sv}) {
    RequestHeaders headers;
    EXPECT_EQ(headers.add(name, "1"), HeaderFault::Name) << name;
    EXPECT_TRUE(headers.lines().empty());
  }
}

TEST(RequestHeaders, WhatFramesARequestIsTheClients) {
  for (std::string_view name :
       {"Host", "host", "CONTENT-LENGTH", "Transfer-Encoding", "connection", "Upgrade", "te", "Expect"}) {
    RequestHeaders headers;
    EXPECT_EQ(headers.add(name, "1"), HeaderFault::Reserved) << name;
    EXPECT_TRUE(headers.lines().empty());
  }
  RequestHeaders headers;
  EXPECT_EQ(headers.add("X-Host", "1"), HeaderFault::None);
  EXPECT_EQ(headers.add("Hosts", "1"), HeaderFault::None);
}

TEST(RequestHeaders, NamesAreFoundWhateverTheirCase) {
  RequestHeaders headers, others;
  ASSERT_EQ(headers.add("Accept", "text/plain"), HeaderFault::None);
  EXPECT_FALSE(headers.has("Accept-Encoding"));
  ASSERT_EQ(others.add("ACCEPT-encoding", ""), HeaderFault::None);
  headers.append(others);
  EXPECT_TRUE(headers.has("Accept-Encoding"));
  EXPECT_TRUE(headers.has("accept"));
  EXPECT_FALSE(headers.has("Acc"));
}

} // namespace
