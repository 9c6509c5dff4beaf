#include "xcs/Io/Descriptors.h"
#include "xcs/Io/Reactor.h"
#include <algorithm>
#include <dirent.h>
#include <memory>
#include <sys/resource.h>

using namespace xcs;

/// The most descriptors of one piece of work: a file needs its directory too; a program three pipes and its
/// pidfd, and during its start the other ends of the pipes and of one more.
static constexpr uint64_t perFile = 2, perProgram = 4, perStart = 5, mostStarts = 4;
/// For the reactor, the HTTP client itself, and what the host opens meanwhile.
static constexpr uint64_t ownUse = Reactor::descriptors + 8;
static constexpr uint64_t usualLimit = 1024, usuallyOpen = 16; // used if the system does not say

static uint64_t openDescriptors() {
  std::unique_ptr<DIR, int (*)(DIR *)> list(opendir("/proc/self/fd"), closedir);
  if (!list)
    return usuallyOpen;
  uint64_t count = 0;
  while (readdir(list.get()))
    ++count;
  return count - std::min<uint64_t>(count, 3); // `.`, `..` and the list itself
}

uint64_t xcs::freeDescriptors() {
  rlimit limit;
  const uint64_t most = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usualLimit;
  return most - std::min(most, openDescriptors());
}

static uint64_t neededFor(uint64_t programs) {
  return perProgram * programs + perStart * std::min(programs, mostStarts);
}

/// If descriptors are scarce, files may take a quarter of them and programs half: they are unlikely to be at
/// their bounds all the time.
DescriptorBudget xcs::descriptorBudget(uint64_t free, uint64_t files, uint64_t programs) {
  const uint64_t usable = free - std::min(free, ownUse);
  const uint64_t quarter = usable / 4, half = usable / 2;
  const uint64_t startable = half < neededFor(mostStarts) ? half / (perProgram + perStart)
                                                          : (half - perStart * mostStarts) / perProgram;
  DescriptorBudget budget{};
  budget.files = std::clamp<uint64_t>(quarter / perFile, 1, std::max<uint64_t>(files, 1));
  budget.programs = std::clamp<uint64_t>(startable, 1, std::max<uint64_t>(programs, 1));
  const uint64_t taken = perFile * budget.files + neededFor(budget.programs);
  const uint64_t left = std::max(usable - std::min(usable, taken), free / 4);
  budget.sockets = {std::max<uint64_t>(left / 4 * 3, 1), std::max<uint64_t>(left / 4, 1)};
  return budget;
}
