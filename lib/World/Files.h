#pragma once
#include "World/Access.h"
#include "xcs/World/PathGrants.h"
#include <atomic>

namespace xcs {

// What operations do with files, blocking: for threads of the BlockingPool. Paths are opened beneath their
// grant.

/// One access to a file: what is asked, and what came of it.
struct FileJob {
  PathGrants::Place place;
  std::string path; // as the program wrote it, for messages
  Value content;    // what is to be written
  const Limits *limits = nullptr;
  std::atomic<bool> stopped{false}; // nobody waits any more: what has not become visible must not
  Value result;
  std::optional<AccessError> error;
};

void readBytes(FileJob &job);
void readText(FileJob &job);
void writeContent(FileJob &job);
void appendContent(FileJob &job);
void lookUp(FileJob &job);
void listNames(FileJob &job);
void removeFile(FileJob &job);

} // namespace xcs
