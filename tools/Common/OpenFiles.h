#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <sys/resource.h>

namespace xcs::tools {

/// Raises this process's limit on open files to the maximum, because the soft limit is often far lower.
/// Returns the old limit, which must be restored for started programs, since some loop over all possible
/// descriptors. None if the system does not say. Called once, by `main`.
inline std::optional<uint64_t> raiseOpenFiles() {
  static constexpr rlim_t mostUseful = 1 << 20; // unlimited containers have a thousand times that
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return std::nullopt;
  const uint64_t before = limit.rlim_cur;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, mostUseful));
  setrlimit(RLIMIT_NOFILE, &limit); // on failure the old limit remains
  return before;
}

} // namespace xcs::tools
