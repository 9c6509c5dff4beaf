#include "World/Retry.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

using namespace xcs;

RetryPolicy xcs::retryPolicyOf(const PlanView &plan, const PlanOp &op) {
  RetryPolicy policy;
  const ConstantView &c = plan.constants;
  if (op.target != UINT32_MAX)
    if (AttrId most = c.find(plan.resources[op.target].dict, Attribute::retries))
      policy.most = c.intAttr(most);
  AttrId own = c.find(op.dict, Attribute::retry);
  if (!own)
    return policy;
  DictId dict(static_cast<uint32_t>(c.attr(own).payload));
  auto read = [&](std::string_view key, AttrKind kind, int64_t &to) {
    AttrId value = c.find(dict, key);
    if (value && c.attr(value).kind == kind)
      to = std::max<int64_t>(0, c.intAttr(value));
  };
  read("max", AttrKind::I64, policy.most);
  read("base", AttrKind::Duration, policy.base);
  read("cap", AttrKind::Duration, policy.cap);
  return policy;
}

bool xcs::retryableStatus(const HttpResponse &response) {
  std::string_view asked = response.header("x-should-retry");
  if (response.body.find("insufficient_quota") != std::string::npos)
    return false;
  if (asked == "true" || asked == "false")
    return asked == "true";
  return response.status == 408 || response.status == 409 || response.status == 429 || response.status >= 500;
}

/// A server may ask for any wait: 30 years are longer than any deadline, and fit into 64 bits.
static constexpr int64_t longestSeconds = 1'000'000'000;

static bool readNumber(std::string_view text, double &out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(out) && out >= 0;
}

static int64_t waitOf(double seconds) {
  return static_cast<int64_t>(std::min(seconds, static_cast<double>(longestSeconds)) * 1e9);
}

int64_t xcs::retryAfterOf(const HttpResponse &response) {
  double number;
  if (readNumber(response.header("retry-after-ms"), number))
    return waitOf(number / 1e3);
  std::string_view after = response.header("retry-after");
  if (readNumber(after, number))
    return waitOf(number);
  if (after.empty())
    return -1;
  std::optional<int64_t> date = parseHttpDate(after);
  if (!date)
    return -1;
  return std::clamp<int64_t>(*date - time(nullptr), 0, longestSeconds) * 1'000'000'000;
}

int64_t xcs::backoff(const RetryPolicy &policy, int64_t attempt, double jitter) {
  double wait =
      static_cast<double>(policy.base) * std::exp2(static_cast<double>(std::min<int64_t>(attempt - 1, 40)));
  return static_cast<int64_t>(std::min(wait, static_cast<double>(policy.cap)) * (1 - jitter / 4));
}
