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
  bool wantsBytes = false; // names of a directory, as they are
  Value result;
  std::optional<AccessError> error;
  bool isUnwanted = false;       // nobody waits any more; of the reactor's thread
  bool mayHaveHappened = false;  // of a write that has failed: a part of it may be there
  bool lacksDescriptors = false; // the error is that this process has none left; nothing has happened

  /// Lets the effect be seen, as the last thing before that; false when nobody wants it any more.
  bool commit();
  /// What has not become visible will not. False when it may have.
  bool stop();

private:
  enum class Stage : uint8_t { Begun, Visible, Stopped };
  std::atomic<Stage> stage{Stage::Begun};
};

void readBytes(FileJob &job);
void readText(FileJob &job);
void writeContent(FileJob &job);
void appendContent(FileJob &job);
void lookUp(FileJob &job);
void listNames(FileJob &job);
void removeFile(FileJob &job);

} // namespace xcs
