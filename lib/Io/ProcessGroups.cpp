#include "xcs/Io/ProcessGroups.h"
#include <csignal>

using namespace xcs;

void ProcessGroups::add(int group) {
  MutexLock lock(mutex);
  groups.push_back(group);
  if (areKilled)
    kill(-group, SIGKILL);
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
}
