#pragma once
#include "xcs/Support/Mutex.h"
#include <vector>

namespace xcs {

/// The process groups of running programs, which must not outlive this process. Thread safety: all members.
class ProcessGroups {
public:
  /// Adds a group that may have members. After `killAll` it is killed at once.
  void add(int group);
  void remove(int group);
  /// Kills all groups at once, and those that are added from now on. Allocates nothing.
  void killAll();

private:
  Mutex mutex;
  std::vector<int> groups XCS_GUARDED_BY(mutex);
  bool areKilled XCS_GUARDED_BY(mutex) = false;
};

} // namespace xcs
