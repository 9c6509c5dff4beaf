#include "Runtime/Secrets.h"
#include "xcs/Runtime/Executor.h"
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

TEST(SecretsTest, ShortOnesAreNotSearchedForInOtherForms) { EXPECT_EQ(formsOfSecret("short").size(), 1u); }

TEST(SecretsTest, LongerFormsAreRedactedFirst) {
  EXPECT_EQ(redactSecrets("a xyz12345 b", {"xyz12345", "12345"}), "a [redacted] b");
}
