#include "xcs/Ops/Utf8.h"
#include <gtest/gtest.h>

using namespace xcs;

TEST(Utf8, AppendsCodePoints) {
  std::string out;
  for (uint32_t codePoint : {0x24u, 0xe9u, 0x20acu, 0x1f600u})
    appendUtf8(out, codePoint);
  appendUtf8(out, 0xd800); // a surrogate is no character
  EXPECT_EQ(out, "$\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}
