#pragma once
#include <cstddef>
#include <optional>
#include <string>

namespace xcs::bench {

/// n equal requests, all in flight at once, by libcurl only: the peer of the runtime's HTTP figures. Over
/// TLS, the transfers of a handle share a connection where the server offers HTTP/2; libcurl opens one for
/// each transfer beyond the hundredth.
struct CurlMultiJob {
  std::string url;
  std::size_t requests = 1000;
  /// Sent as JSON by POST; none: GET.
  std::optional<std::string> body;
  /// Transfers per multi handle. A handle slows down as it grows: libcurl 7.88 is fastest with 100 to 300.
  std::size_t perHandle = 200;
  /// Makes the same requests once before, untimed, so that the timed ones find open connections.
  bool warm = false;
};

struct CurlMultiOutcome {
  /// From before the first handle is made (warm: before the first is added again) to the last answer.
  double makespanMs = 0;
  /// Of the calling thread, in the same span.
  double cpuSeconds = 0;
  /// Requests without an answer of status 200. After a minute all that remain count.
  std::size_t failed = 0;
};

/// One thread, one epoll, several multi handles driven by socket events. Needs a descriptor per request. The
/// caller must have called curl_global_init. Thread safety: any number of jobs on separate threads.
CurlMultiOutcome runCurlMulti(const CurlMultiJob &job);

/// Only the makespan; negative if a request failed.
double curlMultiMakespanMs(const std::string &url, std::size_t requests,
                           const std::optional<std::string> &body = std::nullopt, bool warm = false);

} // namespace xcs::bench
