#pragma once
#include "World/Access.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/World/PathGrants.h"
#include <atomic>
#include <functional>
#include <shared_mutex>
#include <sys/stat.h>

namespace xcs {

// Blocking file operations, for threads of the BlockingPool. Paths are opened beneath their grant.

/// A path of an operation.
struct FilePath {
  PathGrants::Access access = PathGrants::Access::Read;
  std::string text; // as the program wrote it, for messages
  PathGrants::Place place;
};

/// One access to a file, or to two: the request and its outcome.
struct FileJob {
  FilePath file;
  FilePath target;           // of a copy and a rename
  PathGrants grants;         // for what links lead to; its own: the job may outlast the world
  Value content;             // the content to write, or the pattern of names
  bool makesParents = false; // of a directory
  bool keepsLink = false;    // a link that a path names is meant itself, not what it leads to
  Limits limits;             // its own as well
  bool wantsBytes = false;   // names of a directory, as they are
  Value result;
  std::optional<AccessError> error;
  FilePath *failed = nullptr;    // the path that the error is about, if the system gave it
  bool isUnwanted = false;       // no one waits any more; of the reactor's thread
  bool mayHaveHappened = false;  // of a write that has failed: a part of it may be there
  bool lacksDescriptors = false; // the error is that this process has none left; nothing has happened

  /// Called last before the effect becomes visible; false if it is no longer wanted.
  bool commit();
  /// Prevents effects that are not visible yet. False if they may be visible.
  bool stop();
  /// For long work.
  bool isStopped() const { return stage.load(std::memory_order_relaxed) == Stage::Stopped; }

private:
  enum class Stage : uint8_t { Begun, Visible, Stopped };
  std::atomic<Stage> stage{Stage::Begun};
};

using FileWork = void (*)(FileJob &);
/// Does the work, and once again with links followed where these stopped it: nothing had happened then.
void workThroughLinks(FileJob &job, FileWork work);

void readBytes(FileJob &job);
void readText(FileJob &job);
void writeContent(FileJob &job);
void appendContent(FileJob &job);
void lookUp(FileJob &job);
void listNames(FileJob &job);
void removeFile(FileJob &job);
void statFile(FileJob &job);
void globPaths(FileJob &job);
void makeDirectory(FileJob &job);
void renameFile(FileJob &job);
void copyFile(FileJob &job);

// Parts that several of these share. Each that fails sets the error of the job.

/// The error of the system about a path.
void failAt(FileJob &job, FilePath &at, int number);
void failLimit(FileJob &job, std::string_view what, Limit limit, uint64_t needed = 0);
/// Held by each rename alone, and by what opens a file while it does: a directory that moves meanwhile could
/// lead from an allowed path to a file that is not.
std::shared_mutex &moving();
/// Opens `rest`, beneath the directory of a path, while nothing moves.
Descriptor openStill(const FilePath &at, const std::string &rest, int flags, mode_t mode = 0);
/// The directory that contains a path, and its last part. If there is no directory, errno says why.
Descriptor openParent(const FilePath &at, std::string &name);
/// A regular file to read, and what it is.
Descriptor openPlain(FileJob &job, FilePath &at, struct stat &found);
bool writeAll(int file, std::string_view content);
/// Puts a new file, which `fill` writes, in the place of what is there. A new one has `mode`, less the umask.
/// `fill` is false with errno set, or with the error of the job.
void replaceFile(FileJob &job, FilePath &at, mode_t mode, const std::function<bool(int)> &fill);

} // namespace xcs
