#pragma once
#include "xcs/Io/HttpMessage.h"
#include "xcs/Plan/Plan.h"
#include <cstdint>
#include <string>

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

/// Whether an answer with this status has done nothing of what was asked for, so that no one bills it: it was
/// wrong (4xx), sent elsewhere (3xx), or came to a server that was busy (503, and 529 of Anthropic). A server
/// that broke, or a gateway that lost it, may have done its work.
bool isTurnedAway(int64_t status);

/// Whether an answer says that what was paid for is used up: waiting is of no use.
bool saysQuotaIsUsedUp(const HttpResponse &response);

/// A wait for people, rounded up: to seconds from ten seconds on, else to milliseconds.
std::string shownWait(int64_t nanoseconds);
/// The time of day `nanoseconds` after `timeOfDay` for people, in UTC, whole seconds, rounded up.
std::string utcAfter(int64_t timeOfDay, int64_t nanoseconds);

/// What the server asks to wait, by `retry-after-ms`, else `retry-after` (RFC 9110 10.2.3, and all that
/// HeaderTime.h reads besides), in nanoseconds; -1 when it does not say. `timeOfDay`: nanoseconds since 1970.
int64_t retryAfterOf(const HttpResponse &response, int64_t timeOfDay);

/// The wait before attempt `attempt + 1` if the server asks for none: base x 2^(attempt-1) up to the cap,
/// less up to a quarter by `jitter` in [0, 1).
int64_t backoff(const RetryPolicy &policy, int64_t attempt, double jitter);

} // namespace xcs
