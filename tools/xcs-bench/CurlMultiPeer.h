#pragma once
#include <cstddef>
#include <optional>
#include <string>

namespace xcs::bench {

/// n equal requests, all in flight at once, by libcurl alone: what the runtime's own HTTP figures stand
/// beside.
struct CurlMultiJob {
  std::string url;
  std::size_t requests = 1000;
  /// Sent as JSON by POST; nothing: GET.
  std::optional<std::string> body;
  /// Transfers of one multi handle. A handle slows down with its size: 100 to 300 is where libcurl 7.88 is
  /// fastest.
  std::size_t perHandle = 200;
  /// The same requests are made once before, untimed: the timed ones find their connections open.
  bool warm = false;
};

struct CurlMultiOutcome {
  /// From before the first handle is made (warm: before the first is added again) to the last answer.
  double makespanMs = 0;
  /// Of the calling thread, in the same span.
  double cpuSeconds = 0;
  /// Requests without an answer of status 200. After a minute all that are left count.
  std::size_t failed = 0;
};

/// One thread, one epoll, several multi handles driven by socket events. Needs a descriptor a request. The
/// caller has called curl_global_init. Thread safety: any number of jobs on threads of their own.
CurlMultiOutcome runCurlMulti(const CurlMultiJob &job);

/// The makespan alone; negative where a request failed.
double curlMultiMakespanMs(const std::string &url, std::size_t requests,
                           const std::optional<std::string> &body = std::nullopt, bool warm = false);

} // namespace xcs::bench
