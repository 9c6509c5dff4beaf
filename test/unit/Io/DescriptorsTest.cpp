#include "xcs/Io/Descriptors.h"
#include "xcs/Io/Beneath.h"
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

using namespace xcs;

TEST(Descriptors, SocketsGetWhatFilesAndProgramsLeave) {
  for (uint64_t free : {256u, 1024u, 20'000u, 1u << 20}) {
    DescriptorBudget budget = descriptorBudget(free, 32, 16);
    EXPECT_EQ(budget.programs, 16u);
    EXPECT_GE(budget.files, 29u);
    EXPECT_LT(budget.sockets.inFlight + budget.sockets.keptIdle + 2 * budget.files + 4 * budget.programs,
              free);
    EXPECT_GT(budget.sockets.inFlight, free / 4);
  }
  EXPECT_GT(descriptorBudget(20'000, 32, 16).sockets.inFlight, 10'000u);
}

/// For every number of them: something of each kind may always be tried, never more than was allowed, and
/// more descriptors never mean less.
TEST(Descriptors, WithFewThereAreFewerAtOnce) {
  DescriptorBudget before = descriptorBudget(0, 32, 16);
  for (uint64_t free = 0; free < 2000; ++free) {
    DescriptorBudget budget = descriptorBudget(free, 32, 16);
    EXPECT_GE(budget.files, before.files) << free;
    EXPECT_GE(budget.programs, before.programs) << free;
    EXPECT_LE(budget.files, 32u);
    EXPECT_LE(budget.programs, 16u);
    EXPECT_GE(budget.sockets.inFlight, 1u);
    EXPECT_GE(budget.sockets.keptIdle, 1u);
    before = budget;
  }
  EXPECT_EQ(descriptorBudget(40, 32, 16).programs, 1u);
  EXPECT_EQ(descriptorBudget(1u << 20, UINT64_MAX, UINT64_MAX).files, 131'070u);
  EXPECT_EQ(descriptorBudget(1000, 0, 0).programs, 1u);
}

TEST(Descriptors, WhatIsOpenIsNotFree) {
  const uint64_t before = freeDescriptors();
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_LT(before, limit.rlim_cur);
  Descriptor one(open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(freeDescriptors(), before - 1);
}
