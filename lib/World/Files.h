#pragma once
#include "World/Access.h"
#include "xcs/World/PathGrants.h"
#include <atomic>

namespace xcs {

// Blocking file operations, for threads of the BlockingPool. Paths are opened beneath their grant.

/// One access to a file: the request and its outcome.
struct FileJob {
  PathGrants::Place place;
  std::string path;        // as the program wrote it, for messages
  Value content;           // the content to write
  Limits limits;           // its own: the job may outlast the world
  bool wantsBytes = false; // names of a directory, as they are
  Value result;
  std::optional<AccessError> error;
  bool isUnwanted = false;       // no one waits any more; of the reactor's thread
  bool mayHaveHappened = false;  // of a write that has failed: a part of it may be there
  bool lacksDescriptors = false; // the error is that this process has none left; nothing has happened

  /// Called last before the effect becomes visible; false if it is no longer wanted.
  bool commit();
  /// Prevents effects that are not visible yet. False if they may be visible.
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
