#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <sys/resource.h>

namespace xcs::tools {

/// Lets this process open as many files as the system allows, for its soft bound is often far below that.
/// Gives the bound that it had, which programs that it starts are to have again: some loop over all
/// descriptors they might have. None when the system does not say. To be called once, by `main`.
inline std::optional<uint64_t> raiseOpenFiles() {
  static constexpr rlim_t mostUseful = 1 << 20; // where containers set no bound, it is a thousand times more
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return std::nullopt;
  const uint64_t before = limit.rlim_cur;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, mostUseful));
  setrlimit(RLIMIT_NOFILE, &limit); // where it is refused, the bound stays as it was
  return before;
}

} // namespace xcs::tools
