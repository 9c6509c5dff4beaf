#pragma once
#include "xcs/Support/Mutex.h"
#include <chrono>
#include <cstddef>
#include <vector>

namespace xcs {

/// The process groups of running programs, which must not outlive this process. Thread safety: all members.
class ProcessGroups {
public:
  /// Announces a program before its start: it may run before the start returns. False after `killAll`: then
  /// it must not start.
  bool beginStart();
  /// Ends what `beginStart` began, with the program's group, or 0 if it did not start.
  void endStart(int group);
  void remove(int group);
  /// Kills all groups at once. Waits for the programs that are about to start, so as to kill them too, but no
  /// longer than `startGrace`: later ones are killed as they come. Allocates nothing.
  void killAll();

  static constexpr std::chrono::milliseconds startGrace{500};

private:
  Mutex mutex;
  Condition startEnded;
  size_t starting XCS_GUARDED_BY(mutex) = 0;
  std::vector<int> groups XCS_GUARDED_BY(mutex);
  bool areKilled XCS_GUARDED_BY(mutex) = false;
};

} // namespace xcs
