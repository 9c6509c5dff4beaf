#include "xcs/Io/Descriptors.h"
#include <gtest/gtest.h>
#include <sys/resource.h>

using namespace xcs;

TEST(Descriptors, SocketsGetWhatFilesAndProgramsLeave) {
  Limits limits;
  for (uint64_t descriptors : {256u, 1024u, 20'000u, 1u << 20}) {
    SocketBudget budget = socketBudget(descriptors, limits);
    uint64_t others = 2 * limits[Limit::OpenFiles] + 4 * limits[Limit::Children];
    EXPECT_LT(budget.inFlight + budget.keptIdle + others, descriptors);
    EXPECT_GT(budget.inFlight, descriptors / 4);
  }
  EXPECT_GT(socketBudget(20'000, limits).inFlight, 10'000u);
}

TEST(Descriptors, WithVeryFewOneRequestStillGoesOut) {
  Limits limits;
  limits.set(Limit::Children, UINT64_MAX);
  for (uint64_t descriptors : {0u, 1u, 16u}) {
    EXPECT_GE(socketBudget(descriptors, limits).inFlight, 1u);
    EXPECT_GE(socketBudget(descriptors, limits).keptIdle, 1u);
  }
}

TEST(Descriptors, TheBoundIsRaisedToWhatTheSystemAllows) {
  uint64_t raised = raiseDescriptorLimit();
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, raised);
}
