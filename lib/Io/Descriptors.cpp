#include "xcs/Io/Descriptors.h"
#include <algorithm>
#include <sys/resource.h>

using namespace xcs;

/// What one piece of work holds at most: a file its directory too, a program three pipes and, while it
/// starts, libuv's own. `ownUse`: the loop, its alarms, the plan, standard streams.
static constexpr uint64_t perFile = 2, perProgram = 4, ownUse = 32;
static constexpr rlim_t mostUseful = 1 << 20; // where containers set no bound, it is a thousand times more

namespace {

/// The bound as it was found, and as it is.
struct DescriptorLimit {
  rlimit before{};
  rlim_t now = 0;

  DescriptorLimit() {
    if (getrlimit(RLIMIT_NOFILE, &before) != 0)
      before = {1024, 1024}; // what POSIX systems have by default
    rlimit raised = before;
    raised.rlim_cur = std::max(before.rlim_cur, std::min(before.rlim_max, mostUseful));
    now = setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : before.rlim_cur;
  }
};

} // namespace

static const DescriptorLimit &descriptorLimit() {
  static const DescriptorLimit limit;
  return limit;
}

uint64_t xcs::raiseDescriptorLimit() { return descriptorLimit().now; }

void xcs::restoreDescriptorLimit(int pid) { prlimit(pid, RLIMIT_NOFILE, &descriptorLimit().before, nullptr); }

SocketBudget xcs::socketBudget(uint64_t descriptors, const Limits &limits) {
  uint64_t reserved = ownUse + perFile * std::min(limits[Limit::OpenFiles], descriptors) +
                      perProgram * std::min(limits[Limit::Children], descriptors);
  // Where little is left, files and programs are not thought to be at their bounds all the time.
  uint64_t left = std::max(descriptors - std::min(descriptors, reserved), descriptors / 4);
  return {std::max<uint64_t>(left / 4 * 3, 1), std::max<uint64_t>(left / 4, 1)};
}
