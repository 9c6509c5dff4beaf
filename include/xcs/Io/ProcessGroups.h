#pragma once
#include "xcs/Support/Mutex.h"
#include <vector>

namespace xcs {

/// The process groups of the programs under way: what must not outlive the process. Thread safety: all
/// members.
class ProcessGroups {
public:
  /// A group that may have members. Where all were killed before, it is killed as well.
  void add(int group);
  void remove(int group);
  /// Kills them all at once, and those that are added from now on. Takes no memory.
  void killAll();

private:
  Mutex mutex;
  std::vector<int> groups XCS_GUARDED_BY(mutex);
  bool areKilled XCS_GUARDED_BY(mutex) = false;
};

} // namespace xcs
