#include "xcs/Io/ProcessGroups.h"
#include <csignal>

using namespace xcs;

bool ProcessGroups::beginStart() {
  MutexLock lock(mutex);
  starting += !areKilled;
  return !areKilled;
}

void ProcessGroups::endStart(int group) {
  MutexLock lock(mutex);
  --starting;
  if (group) {
    groups.push_back(group);
    if (areKilled)
      kill(-group, SIGKILL);
  }
  startEnded.notifyAll();
}

void ProcessGroups::remove(int group) {
  MutexLock lock(mutex);
  std::erase(groups, group);
}

void ProcessGroups::killAll() {
  MutexLock lock(mutex);
  areKilled = true;
  for (int group : groups)
    kill(-group, SIGKILL);
  const auto end = std::chrono::steady_clock::now() + startGrace;
  bool inTime = true;
  while (starting && inTime)
    inTime = startEnded.waitUntil(mutex, end);
}
