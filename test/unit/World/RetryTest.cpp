#include "World/Retry.h"
#include <gtest/gtest.h>

using namespace xcs;

static HttpResponse response(int64_t status, std::vector<std::pair<std::string, std::string>> headers = {},
                             std::string body = {}) {
  HttpResponse r;
  r.status = status;
  r.headers = std::move(headers);
  r.body = std::move(body);
  return r;
}

TEST(Retry, BusyAndBrokenServersAreAskedAgainWrongRequestsAreNot) {
  for (int64_t status : {408, 409, 429, 500, 502, 503, 529})
    EXPECT_TRUE(retryableStatus(response(status))) << status;
  for (int64_t status : {400, 401, 403, 404, 422})
    EXPECT_FALSE(retryableStatus(response(status))) << status;
}

TEST(Retry, TheServersWordWins) {
  EXPECT_FALSE(retryableStatus(response(500, {{"X-Should-Retry", "false"}})));
  EXPECT_TRUE(retryableStatus(response(400, {{"x-should-retry", "true"}})));
}

TEST(Retry, AUsedUpQuotaIsNeverAskedAgain) {
  EXPECT_FALSE(retryableStatus(response(429, {}, R"({"error":{"code":"insufficient_quota"}})")));
}

static int64_t retryAfter(std::vector<std::pair<std::string, std::string>> headers) {
  return retryAfterOf(response(429, std::move(headers)), 1'731'628'800'000'000'000); // 2024-11-15T00:00:00Z
}

TEST(Retry, RetryAfterInEveryFormOfATime) {
  EXPECT_EQ(retryAfter({{"Retry-After", "2"}}), 2'000'000'000);
  EXPECT_EQ(retryAfter({{"retry-after", "0.5"}}), 500'000'000);
  EXPECT_EQ(retryAfter({{"retry-after-ms", "20"}, {"retry-after", "9"}}), 20'000'000);
  EXPECT_EQ(retryAfter({{"retry-after-ms", "soon"}, {"retry-after", "9"}}), 9'000'000'000);
  EXPECT_EQ(retryAfter({{"Retry-After", "1500ms"}}), 1'500'000'000);
  EXPECT_EQ(retryAfter({{"Retry-After", "Fri, 15 Nov 2024 00:00:10 GMT"}}), 10'000'000'000);
  EXPECT_EQ(retryAfter({{"Retry-After", "1731628810"}}), 10'000'000'000);
  EXPECT_EQ(retryAfter({}), -1);
  EXPECT_EQ(retryAfter({{"Retry-After", "soon"}}), -1);
  EXPECT_EQ(retryAfter({{"Retry-After", "-1"}}), -1);
}

TEST(Retry, AWaitBeyondEveryDeadlineFits) {
  for (std::string_view text : {"Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999"})
    EXPECT_EQ(retryAfter({{"Retry-After", std::string(text)}}), 1'000'000'000'000'000'000) << text;
  EXPECT_EQ(retryAfter({{"retry-after-ms", "1e300"}}), 1'000'000'000'000'000'000);
}

TEST(Retry, BackoffDoublesUpToItsCapAndJitterOnlyShortens) {
  RetryPolicy policy;
  EXPECT_EQ(backoff(policy, 1, 0), 500'000'000);
  EXPECT_EQ(backoff(policy, 2, 0), 1'000'000'000);
  EXPECT_EQ(backoff(policy, 10, 0), 8'000'000'000);
  EXPECT_EQ(backoff(policy, 1000000, 0), 8'000'000'000);
  EXPECT_EQ(backoff(policy, 1, 0.999), 375'125'000);
}
