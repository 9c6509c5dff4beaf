#include "World/Files.h"
#include "xcs/Io/Beneath.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

bool FileJob::commit() {
  Stage expected = Stage::Begun;
  return stage.compare_exchange_strong(expected, Stage::Visible) || expected == Stage::Visible;
}

bool FileJob::stop() {
  Stage expected = Stage::Begun;
  return stage.compare_exchange_strong(expected, Stage::Stopped) || expected == Stage::Stopped;
}

static void failWithErrno(FileJob &job, Diag id, int number) {
  bool link = number == ELOOP || number == EXDEV;
  job.lacksDescriptors = number == EMFILE || number == ENFILE;
  job.error = AccessError{link ? Diag::SymlinkRefused : id, job.path, std::strerror(number)};
  if (job.lacksDescriptors)
    job.error->second += "; raise their number (`ulimit -n`)";
}

static void failReading(FileJob &job) { failWithErrno(job, Diag::CannotRead, errno); }
static void failWriting(FileJob &job) { failWithErrno(job, Diag::CannotWrite, errno); }

void xcs::workThroughLinks(FileJob &job, FileWork work) {
  work(job);
  if (!job.error || job.error->id != Diag::SymlinkRefused)
    return;
  bool isDenied = false;
  std::optional<PathGrants::Place> place = job.grants.followed(job.access, job.place, isDenied);
  const bool reads = job.access == PathGrants::Access::Read;
  if (isDenied)
    job.error = denied((reads ? "read `" : "write `") + job.path + "`", reads ? "read" : "write");
  if (!place)
    return;
  job.place = std::move(*place);
  job.error.reset();
  work(job);
}

static constexpr char notPlain[] = "it is not a regular file";

static void failLimit(FileJob &job, const char *what, Limit limit, uint64_t needed = 0) {
  job.error = exceeded(job.limits, limit, what + (" `" + job.path + "`"), needed);
}

/// Reads a plain file completely, whatever its size: files in /proc report 0.
static bool readAll(FileJob &job, std::string &content) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  Descriptor file = openBeneath(job.place.directory(), job.place.rest, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat found;
  if (!file || fstat(*file, &found) != 0) {
    failReading(job);
    return false;
  }
  if (!S_ISREG(found.st_mode)) {
    job.error = AccessError{Diag::CannotRead, job.path, notPlain};
    return false;
  }
  const uint64_t most = std::min<uint64_t>(job.limits[Limit::FileBytes], UINT32_MAX);
  auto read = readWhole(*file, most + 1);
  if (!read) {
    failWithErrno(job, Diag::CannotRead, read.error().value());
    return false;
  }
  if (read->size() > most) {
    failLimit(job, "the file", Limit::FileBytes,
              static_cast<uint64_t>(found.st_size)); // 0 for those in /proc
    return false;
  }
  content = std::move(*read);
  return true;
}

void xcs::readBytes(FileJob &job) {
  std::string content;
  if (readAll(job, content))
    job.result = Value::bytes(content);
}

void xcs::readText(FileJob &job) {
  std::string content;
  if (!readAll(job, content))
    return;
  if (size_t bad = invalidUtf8At(content); bad != std::string_view::npos)
    job.error = AccessError{Diag::InvalidUtf8, std::to_string(bad), "the file " + job.path};
  else
    job.result = Value::str(content);
}

/// The directory that contains a path, and its last part. If there is no directory, errno says why.
static Descriptor openParent(const FileJob &job, std::string &name) {
  const std::string &rest = job.place.rest;
  size_t slash = rest.rfind('/');
  name = rest.substr(slash + 1);
  if (name == ".") { // the granted directory itself
    errno = EISDIR;
    return Descriptor();
  }
  return openBeneath(job.place.directory(), slash == rest.npos ? "." : rest.substr(0, slash),
                     O_RDONLY | O_DIRECTORY);
}

static bool writeAll(int file, std::string_view content) {
  while (!content.empty()) {
    ssize_t put = write(file, content.data(), content.size());
    if (put < 0 && errno != EINTR)
      return false;
    content.remove_prefix(put < 0 ? 0 : static_cast<size_t>(put));
  }
  return true;
}

static bool fitsLimit(FileJob &job) {
  if (job.content.text().size() <= job.limits[Limit::FileBytes])
    return true;
  failLimit(job, "the content for", Limit::FileBytes, job.content.text().size());
  return false;
}

/// Creates a file with an unused name and returns the name. A file left by a killed process, perhaps with our
/// id, is kept: another writer may still use it.
static Descriptor createTemporary(int directory, std::string &name) {
  static std::atomic<uint64_t> next{0};
  for (int tries = 0; tries < 10000; ++tries) {
    name = ".xcs-" + std::to_string(getpid()) + "-" + std::to_string(next.fetch_add(1));
    Descriptor file(
        openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (file || errno != EEXIST)
      return file;
  }
  return Descriptor();
}

/// The mode for the new content, or the error that says why it may not be written. A new file gets the mode
/// that the umask leaves. An existing one keeps its mode, except for the setuid and setgid bits, which were
/// meant for the old content (as with write(2)).
static bool targetMode(FileJob &job, int directory, const std::string &name, std::optional<mode_t> &mode) {
  struct stat found;
  if (fstatat(directory, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT)
      failWriting(job);
    return !job.error;
  }
  mode = found.st_mode & 01777;
  if (S_ISREG(found.st_mode)) {
    // A new file in its place needs no permission of it; who has taken that away meant the content.
    if (faccessat(directory, name.c_str(), W_OK, AT_EACCESS) != 0)
      failWriting(job);
    return !job.error;
  }
  errno = S_ISLNK(found.st_mode) ? ELOOP : EISDIR;
  if (S_ISLNK(found.st_mode) || S_ISDIR(found.st_mode))
    failWriting(job);
  else
    job.error = AccessError{Diag::CannotWrite, job.path, notPlain};
  return false;
}

/// The new content is in a file of its own beside the old one; the reasons that follow from that are
/// told.
static void failReplacing(FileJob &job) {
  const int number = errno;
  failWriting(job);
  if (number == EBUSY)
    job.error->second =
        "it is a mount point, and a write puts a new file in its place; mount its directory instead";
  else if (number == EACCES || number == EPERM || number == EROFS)
    job.error->second += ": no file can be made in its directory, where a write puts a new one in its place";
}

/// Into a file of its own, which then takes the place of the old one at once (rename): who reads meanwhile
/// sees all of the old content or all of the new.
void xcs::writeContent(FileJob &job) {
  if (!fitsLimit(job))
    return;
  std::string name;
  std::optional<mode_t> mode;
  Descriptor directory = openParent(job, name);
  if (!directory)
    return failWriting(job);
  if (!targetMode(job, *directory, name, mode))
    return;
  std::string temporary;
  Descriptor file = createTemporary(*directory, temporary);
  if (!file)
    return failReplacing(job);
  bool good = writeAll(*file, job.content.text()) && (!mode || fchmod(*file, *mode) == 0) && file.close();
  const bool wanted = !good || job.commit();
  if (good && wanted && renameat(*directory, temporary.c_str(), *directory, name.c_str()) == 0) {
    job.result = Value::none();
    return;
  }
  if (wanted)
    failReplacing(job);
  unlinkat(*directory, temporary.c_str(), 0);
}

/// A write that the disk cuts short is undone.
void xcs::appendContent(FileJob &job) {
  if (!fitsLimit(job))
    return;
  Descriptor file = openBeneath(job.place.directory(), job.place.rest,
                                O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0666);
  struct stat before;
  if (!file || fstat(*file, &before) != 0)
    return failWriting(job);
  if (!S_ISREG(before.st_mode)) {
    job.error = AccessError{Diag::CannotWrite, job.path, notPlain};
    return;
  }
  if (!job.commit())
    return;
  if (!writeAll(*file, job.content.text())) {
    failWriting(job);
    job.mayHaveHappened = ftruncate(*file, before.st_size) != 0;
  } else if (!file.close()) { // of a file on the network: who knows what was kept
    failWriting(job);
    job.mayHaveHappened = true;
  } else {
    job.result = Value::none();
  }
}

void xcs::lookUp(FileJob &job) {
  Descriptor file = openBeneath(job.place.directory(), job.place.rest,
                                O_PATH | (job.path.ends_with('/') ? O_DIRECTORY : 0));
  if (!file && errno != ENOENT && errno != ENOTDIR)
    return failReading(job);
  job.result = Value::boolean(static_cast<bool>(file));
}

void xcs::listNames(FileJob &job) {
  Descriptor directory = openBeneath(job.place.directory(), job.place.rest, O_RDONLY | O_DIRECTORY);
  int copy = directory ? fcntl(*directory, F_DUPFD_CLOEXEC, 0) : -1;
  DIR *stream = copy >= 0 ? fdopendir(copy) : nullptr; // takes ownership of the copy
  if (!stream)
    return failReading(job);
  std::vector<std::string> names;
  uint64_t bytes = 0;
  const uint64_t most = std::min<uint64_t>(job.limits[Limit::ValueBytes], UINT32_MAX);
  errno = 0;
  while (const dirent *entry = readdir(stream)) {
    std::string_view name = entry->d_name;
    if (name == "." || name == "..")
      continue;
    if (size_t bad = job.wantsBytes ? std::string_view::npos : invalidUtf8At(name);
        bad != std::string_view::npos)
      job.error = AccessError{Diag::InvalidUtf8, std::to_string(bad), "a name in the directory " + job.path};
    else if ((bytes += Value::textBytes(name.size())) > most)
      failLimit(job, "the list of names in", Limit::ValueBytes);
    if (job.error)
      break;
    names.emplace_back(name);
    errno = 0;
  }
  if (!job.error && errno != 0)
    failReading(job);
  closedir(stream);
  std::sort(names.begin(), names.end());
  std::vector<Value> values;
  for (const std::string &name : names)
    values.push_back(job.wantsBytes ? Value::bytes(name) : Value::str(name));
  job.result = Value::list(values);
}

void xcs::removeFile(FileJob &job) {
  std::string name;
  Descriptor directory = openParent(job, name);
  if (directory && !job.commit())
    return;
  bool gone = (directory && unlinkat(*directory, name.c_str(), 0) == 0) || errno == ENOENT;
  if (!gone)
    return failWriting(job);
  job.result = Value::none();
}
