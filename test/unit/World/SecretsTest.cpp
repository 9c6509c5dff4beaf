#include "World/Secrets.h"
#include "xcs/World/Redaction.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

static bool holds(const std::vector<std::string> &forms, std::string_view text) {
  for (const std::string &form : forms)
    if (text.find(form) != std::string_view::npos)
      return true;
  return false;
}

TEST(SecretsTest, ItselfAndItsEscapedForms) {
  auto forms = formsOfSecret("k\"y \\+/7");
  EXPECT_TRUE(holds(forms, "..k\"y \\+/7.."));
  EXPECT_TRUE(holds(forms, R"({"a":"k\"y \\+/7"})"));
  EXPECT_TRUE(holds(forms, "?q=k%22y%20%5C%2B%2F7"));
  EXPECT_TRUE(holds(forms, "?q=k%22y+%5c%2b%2f7"));
  EXPECT_TRUE(holds(forms, "6b2279205c2b2f37"));
  EXPECT_TRUE(holds(forms, "6B2279205C2B2F37"));
  EXPECT_FALSE(holds(forms, "k\"y \\+/8"));
}

/// Encoded as RFC 4648 says, with anything before and behind it.
TEST(SecretsTest, Base64AtEveryPlace) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::mt19937 random(3);
  for (int round = 0; round != 300; ++round) {
    std::string secret, text(random() % 7, 'a');
    for (size_t i = 0, n = 8 + random() % 9; i != n; ++i)
      secret += static_cast<char>(random() % 256);
    text += secret + std::string(random() % 7, 'b');
    std::string encoded;
    for (size_t i = 0; i < text.size(); i += 3) {
      unsigned group = 0;
      for (size_t k = 0; k != 3; ++k)
        group = group << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
      for (size_t k = 0; k != 4; ++k)
        encoded += i + k > text.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    EXPECT_TRUE(holds(formsOfSecret(secret), encoded)) << encoded;
  }
}

TEST(SecretsTest, OneThatOverlapsItselfIsRedactedWhole) {
  EXPECT_EQ(redactSecrets("<xyzxyzxyzxyz>", {"xyzxyzxyz"}), "<[redacted]>");
  EXPECT_EQ(redactSecrets("<aaaaaaaaaaaa>", {"aaaaaaaa"}), "<[redacted]>");
}

TEST(SecretsTest, ShortOnesAreNotSearchedFor) {
  setenv("XCS_TEST_SHORT", "1234567", 1);
  setenv("XCS_TEST_LONG", "12345678", 1);
  Secrets secrets;
  EXPECT_EQ(secrets.resolve("XCS_TEST_SHORT"), "1234567");
  EXPECT_FALSE(secrets.echoedIn("1234567"));
  EXPECT_TRUE(secrets.used().empty());
  EXPECT_EQ(secrets.resolve("XCS_TEST_LONG"), "12345678");
  EXPECT_TRUE(secrets.echoedIn("12345678"));
  EXPECT_EQ(secrets.shortOnes(), std::vector<std::string>{"XCS_TEST_SHORT"});
}

TEST(SecretsTest, ANameWithNulNamesNoVariable) {
  setenv("XCS_TEST_LONG", "12345678", 1);
  EXPECT_EQ(Secrets().resolve(std::string_view("XCS_TEST_LONG\0x", 15)), std::nullopt);
}

TEST(SecretsTest, NoEscapeOfJsonHidesOne) {
  setenv("XCS_TEST_KEY", "sk-/\\\"\xc3\xa9\xf0\x9f\x98\x80", 1); // sk-/\"é and a face
  Secrets secrets;
  ASSERT_TRUE(secrets.resolve("XCS_TEST_KEY"));
  EXPECT_TRUE(secrets.echoedIn(R"(x\u0073k-\/\\\"\u00E9\ud83d\uDE00x)"));
  EXPECT_TRUE(secrets.echoedIn(R"(\n\u0073\u006b\u002d\u002f\u005c\u0022\u00e9\ud83d\ude00)"));
  EXPECT_FALSE(secrets.echoedIn(R"(\u0073k-\/\\\"\u00e8\ud83d\ude00)"));
  for (std::string_view cut :
       {"\\", "\\u", "\\u00", "\\ud83d", "\\ud83d\\", "\\ud83d\\u", "\\ud83d\\u0041", "\\uzzzz"})
    EXPECT_FALSE(secrets.echoedIn(cut)) << cut;
}

TEST(Redaction, WhatOverlapsIsReplacedTogether) {
  EXPECT_EQ(redactSecrets("a xyz12345 b", {"xyz12345", "12345"}), "a [redacted] b");
  EXPECT_EQ(redactSecrets("a xyz12345 b", {"12345", "xyz12"}), "a [redacted] b");
  EXPECT_EQ(redactSecrets("12345 12345", {"12345"}), "[redacted] [redacted]");
  EXPECT_EQ(redactSecrets("", {"12345", ""}), "");
}

/// A replacement that moved what is behind it would take minutes.
TEST(Redaction, TakesLinearTime) {
  std::string text, expected;
  for (size_t i = 0; i != 2'000'000; ++i) {
    text += "12345,";
    expected += "[redacted],";
  }
  EXPECT_EQ(redactSecrets(text, {"12345"}), expected);
}

TEST(Redaction, JsonStaysJson) {
  std::vector<std::string> number = {"12345678"};
  EXPECT_EQ(redactJson(R"({"a":12345678,"b":"x12345678"})", number),
            R"({"a":"[redacted]","b":"x[redacted]"})");
  EXPECT_EQ(redactJson("[-912345678.5e3,1234567,true]", number), R"(["[redacted]",1234567,true])");
  // Secrets that look like what stands between strings, or like parts of an escape.
  EXPECT_EQ(redactJson(R"(["xa","b12345y",1])", {R"(a","b12345)"}), R"(["x[redacted]","[redacted]y",1])");
  EXPECT_EQ(redactJson(R"(["\nsecretx"])", {"nsecret"}), R"(["[redacted]x"])");
  EXPECT_EQ(redactJson(R"(["secret\"x\\"])", {"secret\\"}), R"(["[redacted]x\\"])");
  EXPECT_EQ(redactJson(R"(["\u0041secret"])", {"41secret"}), R"(["[redacted]"])");
  EXPECT_EQ(redactJson(R"(["\"secret\""])", {"secret"}), R"(["\"[redacted]\""])");
  EXPECT_EQ(redactJson("[\"\xc3\xa9secret\"]", {"\xa9secret"}), R"(["[redacted]"])");
}
