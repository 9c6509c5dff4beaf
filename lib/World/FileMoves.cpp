#include "World/Files.h"
#include "xcs/Io/Beneath.h"
#include "xcs/Support/ShellWord.h"
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>
#include <vector>

// File operations that make, move and copy.

using namespace xcs;

/// Makes the directory at `path`, a part of the path of the job, in one that is there. `isNew`: nothing was
/// there.
static bool makeOne(FileJob &job, const std::string &path, bool &isNew) {
  const size_t slash = path.rfind('/');
  Descriptor above = openBeneath(job.file.place.directory(), slash == path.npos ? "." : path.substr(0, slash),
                                 O_PATH | O_DIRECTORY);
  if (!above) {
    failAt(job, job.file, errno);
    return false;
  }
  if (!job.commit())
    return false;
  isNew = mkdirat(*above, path.c_str() + (slash == path.npos ? 0 : slash + 1), 0777) == 0;
  if (isNew || errno == EEXIST)
    return true;
  failAt(job, job.file, errno);
  return false;
}

void xcs::makeDirectory(FileJob &job) {
  const std::string rest = job.file.place.rest;
  bool isNew = false, hasMade = false;
  for (size_t end = job.makesParents ? rest.find('/') : rest.npos;; end = rest.find('/', end + 1)) {
    if (rest != "." && !makeOne(job, rest.substr(0, end), isNew)) {
      job.mayHaveHappened = hasMade;
      return;
    }
    hasMade |= isNew;
    if (end == rest.npos)
      break;
  }
  if (!isNew && !openBeneath(job.file.place.directory(), rest, O_PATH | O_DIRECTORY)) {
    const bool isOther = errno == ENOTDIR;
    failAt(job, job.file, errno);
    if (isOther)
      job.error->second = "there is something that is no directory";
    return;
  }
  job.result = Value::none();
}

static void failNamed(FileJob &job) {
  job.error =
      AccessError{Diag::CannotWrite, job.file.text, "a flag grants it, or something in it, by this name"};
}

/// What may be written at both ends must not become readable by that, and what flags name stays where it is.
static bool mayMove(FileJob &job) {
  PathGrants::Access access;
  const std::string &from = job.file.text;
  switch (job.grants.mayMove(job.file.place.real, job.target.place.real, access)) {
  case PathGrants::Move::Fine:
    return true;
  case PathGrants::Move::Denied:
    job.error = denied("move `" + from + "`", access == PathGrants::Access::Read ? "read" : "write");
    return false;
  case PathGrants::Move::Unreadable:
    job.error = AccessError{Diag::ReadNotGranted, from, shellWord(from)};
    return false;
  case PathGrants::Move::Named:
    failNamed(job);
    return false;
  }
  return false;
}

static void failMoving(FileJob &job, int number) {
  const bool isAtTarget =
      number == ENOTEMPTY || number == EEXIST || number == EISDIR || number == ENOTDIR || number == EINVAL;
  FilePath &at = isAtTarget ? job.target : job.file;
  failAt(job, at, number);
  if (number == EXDEV)
    job.error = AccessError{Diag::CannotWrite, job.target.text,
                            "it is on another file system than `" + job.file.text +
                                "`; use `file.copy`, and then `file.remove`"};
  else if (number == EINVAL)
    job.error->second = "it is in the directory that would move there";
}

void xcs::renameFile(FileJob &job) {
  std::string from, to;
  if (job.file.place.rest == ".")
    return failNamed(job);
  if (!mayMove(job)) // before a look at what is there
    return;
  std::unique_lock lock(moving());
  Descriptor source = openParent(job.file, from);
  struct stat found;
  if (!source || fstatat(*source, from.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
    return failAt(job, job.file, errno);
  Descriptor target = openParent(job.target, to);
  if (!target)
    return failAt(job, job.target, errno);
  for (FilePath *at : {&job.file, &job.target})
    if (at->text.ends_with('/') && !S_ISDIR(found.st_mode))
      return failAt(job, *at, ENOTDIR);
  if (!job.commit())
    return;
  if (renameat(*source, from.c_str(), *target, to.c_str()) != 0)
    return failMoving(job, errno);
  job.result = Value::none();
}

static bool copyContent(FileJob &job, int from, int to) {
  const uint64_t most = job.limits[Limit::FileBytes];
  std::vector<char> buffer(size_t(256) << 10);
  uint64_t done = 0;
  while (!job.isStopped()) {
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got == 0)
      return true;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      failAt(job, job.file, errno);
      return false;
    }
    done += static_cast<size_t>(got);
    if (done > most) {
      failLimit(job, "the file", Limit::FileBytes);
      return false;
    }
    if (!writeAll(to, {buffer.data(), static_cast<size_t>(got)}))
      return false;
  }
  return false;
}

void xcs::copyFile(FileJob &job) {
  struct stat found;
  Descriptor source = openPlain(job, job.file, found);
  if (!source)
    return;
  const auto size = static_cast<uint64_t>(found.st_size); // 0 for files in /proc
  if (size > job.limits[Limit::FileBytes])
    return failLimit(job, "the file", Limit::FileBytes, size);
  replaceFile(job, job.target, found.st_mode & 0777,
              [&](int file) { return copyContent(job, *source, file); });
}
