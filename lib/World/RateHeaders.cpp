#include "World/RateHeaders.h"
#include "World/HeaderTime.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

using namespace xcs;

static double numberOf(std::string_view text) {
  double number;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return whole ? number : -1;
}

/// The names under which servers say of one bound how much there is, how much is left, and when it is back.
struct HeaderNames {
  std::string_view limit, remaining, reset;
};
// The first of which an answer has `remaining` counts. OpenAI, Azure, Groq, Together; Anthropic; then those
// of servers that count requests alone: GitHub's, and the IETF's draft.
static constexpr HeaderNames requestNames[] = {
    {"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    {"anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining",
     "anthropic-ratelimit-requests-reset"},
    {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"},
    {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}};
static constexpr HeaderNames tokenNames[] = {
    {"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
    {"anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining",
     "anthropic-ratelimit-tokens-reset"}};

static RateWindow windowOf(const HttpResponse &response, std::span<const HeaderNames> known,
                           int64_t timeOfDay) {
  RateWindow out;
  for (const HeaderNames &names : known) {
    if (response.header(names.remaining).empty())
      continue;
    if (std::string_view limit = response.header(names.limit); !limit.empty())
      out.limit = std::max(0.0, numberOf(limit)); // -1 says as little as 0
    out.remaining = numberOf(response.header(names.remaining));
    out.reset = readHeaderTime(response.header(names.reset), timeOfDay).value_or(-1);
    break;
  }
  return out;
}

RateReport xcs::rateReportOf(const HttpResponse &response, int64_t timeOfDay) {
  return {windowOf(response, requestNames, timeOfDay), windowOf(response, tokenNames, timeOfDay)};
}
