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

void xcs::failAt(FileJob &job, FilePath &at, int number) {
  const bool link = number == ELOOP || number == EXDEV;
  const Diag id = at.access == PathGrants::Access::Read ? Diag::CannotRead : Diag::CannotWrite;
  job.failed = &at;
  job.lacksDescriptors = number == EMFILE || number == ENFILE;
  job.error = AccessError{link ? Diag::SymlinkRefused : id, at.text, std::strerror(number)};
  if (job.lacksDescriptors)
    job.error->second += "; raise their number (`ulimit -n`)";
}

static void failHere(FileJob &job) { failAt(job, job.file, errno); }

/// Where a path leads when links in its directory are followed, but not one that it names itself.
static std::optional<PathGrants::Place> followAbove(FileJob &job, const FilePath &at, bool &isDenied) {
  PathGrants::Place above = at.place;
  const size_t slash = above.real.rfind('/');
  const std::string name = above.real.substr(slash);
  above.real.resize(std::max<size_t>(1, slash));
  std::optional<PathGrants::Place> place = job.grants.followed(at.access, above, isDenied);
  if (!place)
    return place;
  const std::string target = (place->real == "/" ? "" : place->real) + name;
  std::optional<PathGrants::Place> found = job.grants.placeOf(at.access, target);
  isDenied = !found && job.grants.isDenied(at.access, target);
  return found;
}

/// Where a path leads when links are followed; false if that is nowhere, or not granted.
static bool followLinks(FileJob &job, FilePath &at) {
  bool isDenied = false;
  std::optional<PathGrants::Place> place =
      job.keepsLink ? followAbove(job, at, isDenied) : job.grants.followed(at.access, at.place, isDenied);
  const bool reads = at.access == PathGrants::Access::Read;
  if (isDenied)
    job.error = denied((reads ? "read `" : "write `") + at.text + "`", reads ? "read" : "write");
  if (place)
    at.place = std::move(*place);
  return place.has_value();
}

void xcs::workThroughLinks(FileJob &job, FileWork work) {
  work(job);
  for (int left = 2; left-- && job.error && job.error->id == Diag::SymlinkRefused;) { // once for each path
    if (!followLinks(job, *job.failed))
      return;
    job.error.reset();
    work(job);
  }
}

static constexpr char notPlain[] = "it is not a regular file";

void xcs::failLimit(FileJob &job, std::string_view what, Limit limit, uint64_t needed) {
  job.error = exceeded(job.limits, limit, std::string(what) + " `" + job.file.text + "`", needed);
}

std::shared_mutex &xcs::moving() {
  static std::shared_mutex mutex;
  return mutex;
}

Descriptor xcs::openStill(const FilePath &at, const std::string &rest, int flags, mode_t mode) {
  std::shared_lock lock(moving());
  return openBeneath(at.place.directory(), rest, flags, mode);
}

Descriptor xcs::openPlain(FileJob &job, FilePath &at, struct stat &found) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  Descriptor file = openStill(at, at.place.rest, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file || fstat(*file, &found) != 0) {
    failAt(job, at, errno);
    return Descriptor();
  }
  if (S_ISREG(found.st_mode))
    return file;
  job.error = AccessError{Diag::CannotRead, at.text, notPlain};
  return Descriptor();
}

/// Reads a plain file completely, whatever its size: files in /proc report 0.
static bool readAll(FileJob &job, std::string &content) {
  struct stat found;
  Descriptor file = openPlain(job, job.file, found);
  if (!file)
    return false;
  const uint64_t most = std::min<uint64_t>(job.limits[Limit::FileBytes], UINT32_MAX);
  auto read = readWhole(*file, most + 1);
  if (!read) {
    failAt(job, job.file, read.error().value());
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
    job.error = AccessError{Diag::InvalidUtf8, std::to_string(bad), "the file " + job.file.text};
  else
    job.result = Value::str(content);
}

Descriptor xcs::openParent(const FilePath &at, std::string &name) {
  const std::string &rest = at.place.rest;
  size_t slash = rest.rfind('/');
  name = rest.substr(slash + 1);
  if (name == ".") { // the granted directory itself
    errno = EISDIR;
    return Descriptor();
  }
  return openBeneath(at.place.directory(), slash == rest.npos ? "." : rest.substr(0, slash),
                     O_RDONLY | O_DIRECTORY);
}

bool xcs::writeAll(int file, std::string_view content) {
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
static Descriptor createTemporary(int directory, mode_t mode, std::string &name) {
  static std::atomic<uint64_t> next{0};
  for (int tries = 0; tries < 10000; ++tries) {
    name = ".xcs-" + std::to_string(getpid()) + "-" + std::to_string(next.fetch_add(1));
    Descriptor file(
        openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file || errno != EEXIST)
      return file;
  }
  return Descriptor();
}

/// The mode for the new content, or the error that says why it may not be written. A new file gets the mode
/// that the umask leaves. An existing one keeps its mode, except for the setuid and setgid bits, which were
/// meant for the old content (as with write(2)).
static bool targetMode(FileJob &job, FilePath &at, int directory, const std::string &name,
                       std::optional<mode_t> &mode) {
  struct stat found;
  if (fstatat(directory, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT)
      failAt(job, at, errno);
    return !job.error;
  }
  mode = found.st_mode & 01777;
  if (S_ISREG(found.st_mode)) {
    // A new file in its place needs no permission of it; who has taken that away meant the content.
    if (faccessat(directory, name.c_str(), W_OK, AT_EACCESS) != 0)
      failAt(job, at, errno);
    return !job.error;
  }
  errno = S_ISLNK(found.st_mode) ? ELOOP : EISDIR;
  if (S_ISLNK(found.st_mode) || S_ISDIR(found.st_mode))
    failAt(job, at, errno);
  else
    job.error = AccessError{Diag::CannotWrite, at.text, notPlain};
  return false;
}

/// The new content is in a file of its own beside the old one; the reasons that follow from that are
/// told.
static void failReplacing(FileJob &job, FilePath &at) {
  const int number = errno;
  failAt(job, at, errno);
  if (number == EBUSY)
    job.error->second =
        "it is a mount point, and a write puts a new file in its place; mount its directory instead";
  else if (number == EACCES || number == EPERM || number == EROFS)
    job.error->second += ": no file can be made in its directory, where a write puts a new one in its place";
}

/// Into a file of its own, which then takes the place of the old one at once (rename): who reads meanwhile
/// sees all of the old content or all of the new.
void xcs::replaceFile(FileJob &job, FilePath &at, mode_t newMode, const std::function<bool(int)> &fill) {
  std::string name;
  std::optional<mode_t> mode;
  Descriptor directory = openParent(at, name);
  if (!directory)
    return failAt(job, at, errno);
  if (!targetMode(job, at, *directory, name, mode))
    return;
  std::string temporary;
  Descriptor file = createTemporary(*directory, newMode, temporary);
  if (!file)
    return failReplacing(job, at);
  bool good = fill(*file) && (!mode || fchmod(*file, *mode) == 0) && file.close();
  const bool wanted = !good || job.commit();
  if (good && wanted && renameat(*directory, temporary.c_str(), *directory, name.c_str()) == 0) {
    job.result = Value::none();
    return;
  }
  if (wanted && !job.error)
    failReplacing(job, at);
  unlinkat(*directory, temporary.c_str(), 0);
}

void xcs::writeContent(FileJob &job) {
  if (fitsLimit(job))
    replaceFile(job, job.file, 0666, [&](int file) { return writeAll(file, job.content.text()); });
}

/// A write that the disk cuts short is undone.
void xcs::appendContent(FileJob &job) {
  if (!fitsLimit(job))
    return;
  Descriptor file =
      openStill(job.file, job.file.place.rest, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0666);
  struct stat before;
  if (!file || fstat(*file, &before) != 0)
    return failHere(job);
  if (!S_ISREG(before.st_mode)) {
    job.error = AccessError{Diag::CannotWrite, job.file.text, notPlain};
    return;
  }
  if (!job.commit())
    return;
  if (!writeAll(*file, job.content.text())) {
    failHere(job);
    job.mayHaveHappened = ftruncate(*file, before.st_size) != 0;
  } else if (!file.close()) { // of a file on the network: who knows what was kept
    failHere(job);
    job.mayHaveHappened = true;
  } else {
    job.result = Value::none();
  }
}

void xcs::lookUp(FileJob &job) {
  Descriptor file =
      openStill(job.file, job.file.place.rest, O_PATH | (job.file.text.ends_with('/') ? O_DIRECTORY : 0));
  if (!file && errno != ENOENT && errno != ENOTDIR)
    return failHere(job);
  job.result = Value::boolean(static_cast<bool>(file));
}

void xcs::listNames(FileJob &job) {
  Descriptor directory = openStill(job.file, job.file.place.rest, O_RDONLY | O_DIRECTORY);
  int copy = directory ? fcntl(*directory, F_DUPFD_CLOEXEC, 0) : -1;
  DIR *stream = copy >= 0 ? fdopendir(copy) : nullptr; // takes ownership of the copy
  if (!stream)
    return failHere(job);
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
      job.error =
          AccessError{Diag::InvalidUtf8, std::to_string(bad), "a name in the directory " + job.file.text};
    else if ((bytes += Value::textBytes(name.size())) > most)
      failLimit(job, "the list of names in", Limit::ValueBytes);
    if (job.error)
      break;
    names.emplace_back(name);
    errno = 0;
  }
  if (!job.error && errno != 0)
    failHere(job);
  closedir(stream);
  std::sort(names.begin(), names.end());
  std::vector<Value> values;
  for (const std::string &name : names)
    values.push_back(job.wantsBytes ? Value::bytes(name) : Value::str(name));
  job.result = Value::list(values);
}

void xcs::removeFile(FileJob &job) {
  std::string name;
  Descriptor directory = openParent(job.file, name);
  if (directory && !job.commit())
    return;
  bool gone = (directory && unlinkat(*directory, name.c_str(), 0) == 0) || errno == ENOENT;
  if (!gone)
    return failHere(job);
  job.result = Value::none();
}

static std::string_view kindOf(mode_t mode) {
  return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : "other";
}

void xcs::statFile(FileJob &job) {
  Descriptor file =
      openStill(job.file, job.file.place.rest, O_PATH | (job.file.text.ends_with('/') ? O_DIRECTORY : 0));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) {
    job.result = Value::optionNone();
    return;
  }
  struct stat found;
  if (!file || fstat(*file, &found) != 0)
    return failHere(job);
  int64_t modified = 0;
  if (__builtin_mul_overflow(int64_t(found.st_mtim.tv_sec), int64_t(1'000'000'000), &modified) ||
      __builtin_add_overflow(modified, int64_t(found.st_mtim.tv_nsec), &modified)) {
    job.error = AccessError{Diag::CannotRead, job.file.text,
                            "the time of its last change does not fit into a `duration`"};
    return;
  }
  const int64_t size = S_ISREG(found.st_mode) ? int64_t(found.st_size) : 0;
  Value fields[] = {Value::i64(size), Value::duration(modified), Value::str(kindOf(found.st_mode))};
  job.result = Value::some(Value::record(fields));
}
