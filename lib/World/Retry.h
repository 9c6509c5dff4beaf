#pragma once
#include "xcs/Io/HttpMessage.h"
#include "xcs/Plan/Plan.h"
#include <cstdint>

namespace xcs {

/// How often and how fast an operation retries: `retry = {max = 2, base = 500ms, cap = 8s}`.
struct RetryPolicy {
  int64_t most = 2;           // attempts after the first
  int64_t base = 500'000'000; // nanoseconds; doubles each time
  int64_t cap = 8'000'000'000;
};

/// The policy of an operation, else its resource's `retries`, else the default.
RetryPolicy retryPolicyOf(const PlanView &plan, const PlanOp &op);

/// Whether a model call may be sent again after this status: 408, 409, 429 and 5xx, unless `x-should-retry`
/// says otherwise or the error is about a used-up quota.
bool retryableStatus(const HttpResponse &response);

/// The wait that the server asks for, from `retry-after-ms`, else `retry-after` (seconds or an HTTP date, RFC
/// 9110 10.2.3); nanoseconds, at most 10^18, -1 if it asks for none.
int64_t retryAfterOf(const HttpResponse &response);

/// The wait before attempt `attempt + 1` if the server asks for none: base x 2^(attempt-1) up to the cap,
/// less up to a quarter by `jitter` in [0, 1).
int64_t backoff(const RetryPolicy &policy, int64_t attempt, double jitter);

} // namespace xcs
