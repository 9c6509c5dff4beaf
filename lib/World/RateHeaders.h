#pragma once
#include "World/Pace.h"
#include "xcs/Io/HttpMessage.h"

namespace xcs {

/// What the headers `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` of an answer say.
struct RateReport {
  RateWindow requests, tokens;
};

RateReport rateReportOf(const HttpResponse &response);

/// A duration as these headers write it, in nanoseconds: `17ms`, `6m0s`, `1h2m3.5s`; a bare number counts
/// seconds. -1 when it is none.
int64_t parseResetTime(std::string_view text);

} // namespace xcs
