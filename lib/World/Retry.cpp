#include "World/Retry.h"
#include "World/HeaderTime.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
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

bool xcs::isTurnedAway(int64_t status) {
  return (status >= 300 && status < 500 && status != 408) || status == 503 || status == 529;
}

bool xcs::saysQuotaIsUsedUp(const HttpResponse &response) {
  return response.body.find("insufficient_quota") != std::string::npos;
}

std::string xcs::shownWait(int64_t nanoseconds) {
  const int64_t unit = nanoseconds >= 10'000'000'000 ? 1'000'000'000 : 1'000'000;
  return printDuration((nanoseconds + unit - 1) / unit * unit);
}

std::string xcs::utcAfter(int64_t timeOfDay, int64_t nanoseconds) {
  time_t when = timeOfDay / 1'000'000'000 + (nanoseconds + 999'999'999) / 1'000'000'000;
  tm parts;
  char text[32];
  gmtime_r(&when, &parts);
  return {text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

bool xcs::retryableStatus(const HttpResponse &response) {
  std::string_view asked = response.header("x-should-retry");
  if (saysQuotaIsUsedUp(response))
    return false;
  if (asked == "true" || asked == "false")
    return asked == "true";
  return response.status == 408 || response.status == 409 || response.status == 429 || response.status >= 500;
}

int64_t xcs::retryAfterOf(const HttpResponse &response, int64_t timeOfDay) {
  static constexpr int64_t millisecond = 1'000'000;
  if (auto wait = readHeaderTime(response.header("retry-after-ms"), timeOfDay, millisecond))
    return *wait;
  return readHeaderTime(response.header("retry-after"), timeOfDay).value_or(-1);
}

int64_t xcs::backoff(const RetryPolicy &policy, int64_t attempt, double jitter) {
  double wait =
      static_cast<double>(policy.base) * std::exp2(static_cast<double>(std::min<int64_t>(attempt - 1, 40)));
  return static_cast<int64_t>(std::min(wait, static_cast<double>(policy.cap)) * (1 - jitter / 4));
}
