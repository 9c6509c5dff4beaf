#include "World/HeaderTime.h"
#include "World/RateHeaders.h"
#include <chrono>
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

static constexpr int64_t second = 1'000'000'000;
static constexpr int64_t today = 1'731'628'800 * second; // 2024-11-15T00:00:00Z

static int64_t read(std::string_view text) { return readHeaderTime(text, today).value_or(-1); }

TEST(HeaderTime, NumbersCountSeconds) {
  EXPECT_EQ(read("0"), 0);
  EXPECT_EQ(read("2"), 2 * second);
  EXPECT_EQ(read("0.5"), second / 2);
  EXPECT_EQ(read("1e1"), 10 * second);
  EXPECT_EQ(read(" 7 "), 7 * second);
  EXPECT_EQ(read("\"7\""), 7 * second);
  EXPECT_EQ(read("999999999"), 999'999'999 * second);
  EXPECT_EQ(readHeaderTime("20", today, 1'000'000), 20'000'000);
}

TEST(HeaderTime, LargeNumbersAreInstants) {
  EXPECT_EQ(read("1731628830"), 30 * second);
  EXPECT_EQ(read("1731628830.25"), 30 * second + second / 4);
  EXPECT_EQ(read("1731628830500"), 30 * second + second / 2);
  EXPECT_NEAR(static_cast<double>(read("1731628830500000")), 30.5e9, 1e3);
  EXPECT_NEAR(static_cast<double>(read("1731628830500000000")), 30.5e9, 1e3);
  EXPECT_EQ(readHeaderTime("1731628830500", today, 1'000'000), 30 * second + second / 2);
}

TEST(HeaderTime, WhatIsPastIsOver) {
  for (std::string_view past : {"1731627968", "1731627968000", "1000000001", "2024-11-14T23:59:59Z",
                                "2024-11-15T01:59:59+02:00", "Thu, 14 Nov 2024 23:00:00 GMT", "0s"})
    EXPECT_EQ(read(past), 0) << past;
}

TEST(HeaderTime, Durations) {
  EXPECT_EQ(read("17ms"), 17'000'000);
  EXPECT_EQ(read("1500ms"), 1'500'000'000);
  EXPECT_EQ(read("6m0s"), 360 * second);
  EXPECT_EQ(read("1h2m3.5s"), 3'723'500'000'000);
  EXPECT_EQ(read("1d"), 86400 * second);
  EXPECT_EQ(read("250µs"), 250'000);
  EXPECT_EQ(read("250μs"), 250'000);
  EXPECT_EQ(read("5 s"), 5 * second);
  EXPECT_EQ(read("1S"), second);
  EXPECT_EQ(read("1m 30s"), 90 * second);
  EXPECT_EQ(read("20 seconds"), 20 * second);
  EXPECT_EQ(read("2 minutes"), 120 * second);
  EXPECT_EQ(read("1 hour"), 3600 * second);
}

TEST(HeaderTime, Rfc3339) {
  EXPECT_EQ(read("2024-11-15T00:00:30Z"), 30 * second);
  EXPECT_EQ(read("2024-11-15t00:00:30.5z"), 30 * second + second / 2);
  EXPECT_EQ(read("2024-11-15 00:00:30"), 30 * second);
  EXPECT_EQ(read("2024-11-15T02:00:30+02:00"), 30 * second);
  EXPECT_EQ(read("2024-11-14T18:30:30-05:30"), 30 * second);
  EXPECT_EQ(read("2024-11-15T00:00:30+0000"), 30 * second);
  EXPECT_EQ(read("2024-11-15T00:00:60Z"), 60 * second); // a leap second
}

TEST(HeaderTime, HttpDatesInAllThreeForms) { // RFC 9110, 5.6.7
  EXPECT_EQ(read("Fri, 15 Nov 2024 00:00:30 GMT"), 30 * second);
  EXPECT_EQ(read("Friday, 15-Nov-24 00:00:30 GMT"), 30 * second);
  EXPECT_EQ(read("Fri Nov 15 00:00:30 2024"), 30 * second);
}

TEST(HeaderTime, AnythingElseSaysNothing) {
  for (std::string_view wrong : {"",
                                 " ",
                                 "-1",
                                 "+1",
                                 "soon",
                                 "m",
                                 "1s!",
                                 "1x",
                                 "s5",
                                 "--",
                                 "1,5",
                                 "2024-13-01T00:00:00Z",
                                 "2024-02-30T00:00:00Z",
                                 "2024-11-15T24:00:00Z",
                                 "2024-11-15T00:00:30+99:00",
                                 "2024-11-15",
                                 "1 2",
                                 "nan",
                                 "inf",
                                 "0x10",
                                 "1e",
                                 "2024-11-15T00:00:30.Z"})
    EXPECT_EQ(readHeaderTime(wrong, today), std::nullopt) << wrong;
}

TEST(HeaderTime, NothingIsTooLong) {
  for (std::string_view text : {"Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z", "999999999999d",
                                "99999999999999999999", "1e300", "1e9999", "9e99h"})
    EXPECT_EQ(read(text), longestHeaderWait) << text;
}

// The same instant in each notation is the same wait.
TEST(HeaderTime, NotationsAgree) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    int64_t ahead = static_cast<int64_t>(random() % 100'000'000), instant = today / second + ahead;
    auto at = std::chrono::sys_seconds(std::chrono::seconds(instant));
    std::chrono::sys_days days = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day date(days);
    std::chrono::hh_mm_ss clock(at - days);
    char text[64];
    snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
             static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
             static_cast<int>(clock.seconds().count()));
    EXPECT_EQ(read(text), ahead * second) << text;
    EXPECT_EQ(read(std::to_string(instant)), ahead * second);
    EXPECT_EQ(read(std::to_string(instant) + "000"), ahead * second);
    EXPECT_EQ(read(std::to_string(ahead)), ahead * second);
    EXPECT_EQ(read(std::to_string(ahead / 60) + "m" + std::to_string(ahead % 60) + "s"), ahead * second);
  }
}

static HttpResponse with(std::vector<std::pair<std::string, std::string>> headers) {
  HttpResponse response;
  response.headers = std::move(headers);
  return response;
}

TEST(RateHeaders, AllSixAreReadAndAMissingOneIsUnknown) {
  RateReport report = rateReportOf(with({{"X-RateLimit-Limit-Requests", "60"},
                                         {"x-ratelimit-remaining-requests", "59"},
                                         {"x-ratelimit-reset-requests", "1s"},
                                         {"x-ratelimit-limit-tokens", "-1"},
                                         {"x-ratelimit-remaining-tokens", "149984"},
                                         {"x-ratelimit-reset-tokens", "6m0s"}}),
                                   today);
  EXPECT_TRUE(report.requests.known());
  EXPECT_EQ(report.requests.limit, 60);
  EXPECT_EQ(report.requests.remaining, 59);
  EXPECT_EQ(report.requests.reset, second);
  EXPECT_FALSE(report.tokens.known()); // its limit is unknown
  EXPECT_FALSE(rateReportOf(HttpResponse(), today).requests.known());
}

TEST(RateHeaders, AnInstantLongPastHoldsNobody) {
  RateReport report = rateReportOf(
      with({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1731627968"}}), today);
  EXPECT_EQ(report.requests.reset, 0);
  EXPECT_FALSE(report.requests.known());
}

TEST(RateHeaders, OtherServersNames) {
  RateReport anthropic = rateReportOf(with({{"anthropic-ratelimit-requests-limit", "50"},
                                            {"anthropic-ratelimit-requests-remaining", "0"},
                                            {"anthropic-ratelimit-requests-reset", "2024-11-15T00:00:12Z"},
                                            {"anthropic-ratelimit-tokens-remaining", "7"},
                                            {"anthropic-ratelimit-tokens-reset", "2024-11-15T00:00:06Z"}}),
                                      today);
  EXPECT_EQ(anthropic.requests.limit, 50);
  EXPECT_EQ(anthropic.requests.reset, 12 * second);
  EXPECT_EQ(anthropic.tokens.remaining, 7);
  EXPECT_EQ(anthropic.tokens.reset, 6 * second);
  RateReport github = rateReportOf(
      with(
          {{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1731628900"}}),
      today);
  EXPECT_EQ(github.requests.reset, 100 * second);
  RateReport draft = rateReportOf(
      with({{"RateLimit-Limit", "10"}, {"RateLimit-Remaining", "3"}, {"RateLimit-Reset", "5"}}), today);
  EXPECT_EQ(draft.requests.remaining, 3);
  EXPECT_EQ(draft.requests.reset, 5 * second);
}
