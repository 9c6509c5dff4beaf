#pragma once
#include "World/Pace.h"
#include "xcs/Io/HttpMessage.h"

namespace xcs {

/// The headers `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` of an answer.
struct RateReport {
  RateWindow requests, tokens;
};

RateReport rateReportOf(const HttpResponse &response);

/// A duration in the form of these headers, in nanoseconds: `17ms`, `6m0s`, `1h2m3.5s`; a bare number counts
/// seconds. -1 if it is invalid.
int64_t parseResetTime(std::string_view text);

} // namespace xcs
