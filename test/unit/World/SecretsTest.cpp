#include "World/Secrets.h"
#include "xcs/Ops/Value.h"
#include "xcs/World/Redaction.h"
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

using Values = std::map<std::string, std::string, std::less<>>;

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
  Secrets secrets(Values{{"SHORT", "1234567"}});
  EXPECT_EQ(secrets.valueOf("SHORT"), "1234567");
  EXPECT_EQ(secrets.valueOf("OTHER"), std::nullopt);
  EXPECT_FALSE(secrets.echoedIn("1234567"));
  EXPECT_TRUE(secrets.used().empty());
  EXPECT_EQ(secrets.shortOnes(), std::vector<std::string>{"SHORT"});
  EXPECT_TRUE(Secrets(Values{{"LONG", "12345678"}}).echoedIn("12345678"));
}

/// Forms that come back from echoing services, shells and pages.
TEST(SecretsTest, DecodingsThatAreTried) {
  const std::string value = "sk-0123/ab&<d\"e";
  Secrets secrets(Values{{"KEY", value}});
  for (std::string_view text : {
           R"({"a":"{\"b\":\"sk-0123/ab&<d\\\"e\"}"})",     // JSON within JSON
           R"("\"\\\"sk-0123\\\\/ab&<d\\\\\\\"e\\\"\"")",   // and once more
           "%73%6B%2d%30%31%32%33%2F%61%62%26%3C%64%22%65", // every byte
           "%2573k-0123%252Fab%2526%253cd%2522e",           // twice
           "sk-0123/ab&amp;&lt;d&quot;e",
           "&#115;&#x6b;-0123/ab&amp;&lt;d&#34;e",
           "73:6b:2d:30:31:32:33:2f:61:62:26:3c:64:22:65",
           "73 6B 2D 30 31 32 33 2F 61 62 26 3C 64 22 65",
           "0x73, 0x6b, 0x2d, 0x30, 0x31, 0x32, 0x33, 0x2f, 0x61, 0x62, 0x26, 0x3c, 0x64, 0x22, 0x65",
           R"(\x73\x6b\x2d\x30\x31\x32\x33\x2f\x61\x62\x26\x3c\x64\x22\x65)",
           "c2st\nMDEy\r\nMy9h YiY8\tZCJl", // base64 in lines
           R"("c2stMDEyMy9h\r\nYiY8ZCJl")", // in a JSON text
           "c2stMDEyMy9h%0D%0AYiY8ZCJl",
           "c2stMDEyMy9hYiY8ZCJl",
       }) {
    EXPECT_TRUE(secrets.echoedIn(text)) << text;
    const std::string shown = redactSecrets(std::string("<") + std::string(text) + ">", secrets.used());
    EXPECT_NE(shown.find("[redacted]"), shown.npos) << shown;
    EXPECT_FALSE(secrets.echoedIn(shown)) << shown;
    EXPECT_TRUE(shown.starts_with("<") && shown.ends_with(">")) << shown;
  }
  std::string wide;
  for (char c : value)
    (wide += c) += '\0';
  EXPECT_TRUE(secrets.echoedIn(wide));        // UTF-16, low byte first
  EXPECT_TRUE(secrets.echoedIn('\0' + wide)); // and high byte first
  for (std::string_view text :
       {"sk-0123/ab&<d'e", "", "%73%6B", "sk-0123/ab&amp;<d", "73:6b:2d:30:31:32:33:2f:61:62:26:3c:64:22",
        "&#;", "&#x;", "&amp", "&#99999999999;", "%", "%4", "\\", "0x", "\\x"})
    EXPECT_FALSE(secrets.echoedIn(text)) << text;
}

TEST(SecretsTest, BlanksAtTheEndsOfAValueDoNotHideIt) {
  Secrets secrets(Values{{"KEY", "  tok-0123456789 "}});
  EXPECT_TRUE(secrets.echoedIn("{tok-0123456789}"));
  EXPECT_TRUE(secrets.echoedIn("746f6b2d30313233343536373839"));
  EXPECT_TRUE(secrets.echoedIn("dG9rLTAxMjM0NTY3ODk="));
  EXPECT_FALSE(Secrets(Values{{"KEY", " 123 4 "}}).echoedIn("123 4"));
}

TEST(SecretsTest, TheyAreFoundInKeysAndValuesOfDictionaries) {
  const Secrets secrets(Values{{"TOKEN", "tok-0123456789"}});
  const Value key = Value::str("tok-0123456789"), other = Value::str("a");
  Value asKey[] = {key, other}, asValue[] = {other, key}, without[] = {other, other};
  EXPECT_TRUE(secrets.echoedIn(Value::dict(asKey)));
  EXPECT_TRUE(secrets.echoedIn(Value::dict(asValue)));
  EXPECT_FALSE(secrets.echoedIn(Value::dict(without)));
}

TEST(SecretsTest, WordsOfALanguageAreNotPutTogether) {
  Secrets secrets(Values{{"KEY", "password"}, {"OTHER", "helloworldagain"}});
  EXPECT_TRUE(secrets.echoedIn("the password is"));
  EXPECT_FALSE(secrets.echoedIn("pass word"));
  EXPECT_FALSE(secrets.echoedIn("hello world again"));
}

TEST(SecretsTest, NoEscapeOfJsonHidesOne) {
  Secrets secrets(Values{{"KEY", "sk-/\\\"\xc3\xa9\xf0\x9f\x98\x80"}}); // sk-/\"é and a face
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
