#include "World/WriteFate.h"
#include <gtest/gtest.h>

using namespace xcs;

static OpError found() { return {Diag::InvalidUtf8, "byte 3 is odd", 2}; }

TEST(WriteFate, WhatIsUntouchedHasPlainlyNotHappened) {
  WriteFate fate;
  for (bool mayBeRepeated : {false, true}) {
    const OpError judged = fate.judge(found(), "short", mayBeRepeated);
    EXPECT_EQ(judged.id, Diag::InvalidUtf8);
    EXPECT_EQ(judged.message, "byte 3 is odd");
  }
}

TEST(WriteFate, OfWhatMayNotBeRepeatedNoFailureIsCaught) {
  WriteFate fate;
  fate.mayHaveHappened("the request to `u`");
  OpError judged = fate.judge(found(), "short", false);
  EXPECT_EQ(judged.id, Diag::OutcomeUnknown);
  EXPECT_EQ(judged.attempt, 2);
  EXPECT_NE(judged.message.find("the request to `u` may or may not have taken effect (short)"),
            std::string::npos);
  fate.answered("the request to `u`", "was answered with status 200");
  judged = fate.judge(found(), "short", false);
  EXPECT_EQ(judged.id, Diag::UnusableAnswer);
  EXPECT_FALSE(isCatchable(judged.id));
  EXPECT_NE(judged.message.find(
                "the request to `u` was answered with status 200, but its answer cannot be used: short"),
            std::string::npos);
}

TEST(WriteFate, OfWhatMayBeRepeatedTheErrorTellsWhatIsKnown) {
  WriteFate fate;
  fate.mayHaveHappened("it");
  EXPECT_EQ(fate.judge(found(), "short", true).message, "byte 3 is odd (it may have taken effect)");
  fate.answered("it", "exited with 1");
  const OpError judged = fate.judge(found(), "short", true);
  EXPECT_EQ(judged.id, Diag::InvalidUtf8);
  EXPECT_EQ(judged.message, "byte 3 is odd (it exited with 1)");
}

TEST(WriteFate, KnowledgeOnlyGrows) {
  WriteFate fate;
  EXPECT_TRUE(fate.isUntouched());
  fate.answered("it", "was answered with status 503");
  fate.mayHaveHappened("another attempt");
  EXPECT_TRUE(fate.isCarriedOut());
  EXPECT_EQ(fate.judge(found(), "", true).message,
            "byte 3 is odd (it was answered with status 503; a later attempt may have taken effect)");
  fate.answered("it", "was answered with status 200");
  EXPECT_EQ(fate.judge(found(), "", true).message, "byte 3 is odd (it was answered with status 200)");
}

TEST(WriteFate, ARefusedWriteWasNotCarriedOut) {
  WriteFate fate;
  fate.answered("it", "was answered with status 429", true);
  EXPECT_FALSE(fate.isCarriedOut());
  EXPECT_FALSE(fate.isUntouched());
  fate.answered("it", "was answered with status 200");
  EXPECT_TRUE(fate.isCarriedOut());
}

TEST(WriteFate, AnErrorThatSaysSoAlreadyIsNotWrapped) {
  WriteFate fate;
  fate.answered("it", "exited with 0");
  const OpError judged = fate.judge({Diag::OutcomeUnknown, "who knows", 1}, "short", false);
  EXPECT_EQ(judged.message, "who knows");
}

TEST(WriteFate, NamesAreReadableText) {
  WriteFate fate;
  fate.mayHaveHappened("`/bin/\xff`");
  EXPECT_EQ(fate.judge(found(), "", true).message, "byte 3 is odd (`/bin/\u00ff` may have taken effect)");
}
