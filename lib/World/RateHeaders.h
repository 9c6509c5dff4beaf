#pragma once
#include "World/Pace.h"
#include "xcs/Io/HttpMessage.h"

namespace xcs {

/// What the rate headers of an answer say of requests and of tokens.
struct RateReport {
  RateWindow requests, tokens;
};

/// `timeOfDay`: nanoseconds since 1970, at which the answer came; servers name instants as well as durations.
RateReport rateReportOf(const HttpResponse &response, int64_t timeOfDay);

} // namespace xcs
