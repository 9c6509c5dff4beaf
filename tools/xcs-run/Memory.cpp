#include "xcs-run/Memory.h"
#include <algorithm>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace xcs;

uint64_t runner::usableMemory() {
  uint64_t least =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  rlimit space;
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
    least = std::min<uint64_t>(least, space.rlim_cur);
  // The path at which a container sees its own group; `max` is not a number, so the machine's value remains.
  uint64_t group = 0;
  if (std::ifstream file("/sys/fs/cgroup/memory.max"); file >> group && group > 0)
    least = std::min(least, group);
  return least;
}
