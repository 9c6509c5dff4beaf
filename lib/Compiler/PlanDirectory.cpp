#include "xcs/Compiler/PlanDirectory.h"
#include "Compiler/PlanEntry.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Support/Clock.h"
#include "xcs/Support/ReadFile.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;
using namespace xcs::planentry;

static constexpr std::string_view entryEnd = ".plan", newBegin = ".new-";
/// What an entry has besides its plan: its key and the paths of its imports.
static constexpr uint64_t mostBesidePlan = 64u << 20;

ImportedFiles::Answer ImportRecord::read(std::string_view path, uint64_t most) {
  Answer answer = files.read(path, most);
  if (!answer.source)
    return answer;
  CachedImport import{std::string(path), sha256(answer.source->text()), static_cast<uint32_t>(noted.size())};
  const auto same = std::find(identities.begin(), identities.end(), answer.identity);
  if (!answer.identity.empty() && answer.identity == files.ownIdentity())
    import.sameAs = CachedImport::ownFile;
  else if (!answer.identity.empty() && same != identities.end())
    import.sameAs = static_cast<uint32_t>(same - identities.begin());
  identities.push_back(answer.identity);
  noted.push_back(std::move(import));
  return answer;
}

void PlanDirectory::unused(std::string_view why) {
  diagnostics.reportFile(Diag::CacheUnused, path, {path, why});
}

void PlanDirectory::damaged(const std::string &name, std::string_view why) {
  diagnostics.reportFile(Diag::CacheDamaged, path, {path + "/" + name, why});
}

PlanDirectory::PlanDirectory(std::string given, const Limits &limits, DiagnosticEngine &diagnostics)
    : path(std::move(given)), limits(limits), diagnostics(diagnostics) {
  open();
}

void PlanDirectory::open() {
  constexpr int how = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Descriptor opened(::open(path.c_str(), how));
  if (!opened && errno == ENOENT && (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST))
    opened = Descriptor(::open(path.c_str(), how));
  if (!opened)
    return unused(std::string(std::strerror(errno)) + "; give a directory, or one that can be made");
  struct stat status{};
  if (::fstat(*opened, &status) != 0)
    return unused(std::strerror(errno));
  if (status.st_uid != ::geteuid())
    return unused("it belongs to another user; give a directory of your own");
  if ((status.st_mode & 077) != 0)
    return unused("others may look into it or write to it; make it your own with `chmod 700`");
  directory = std::move(opened);
}

/// The bytes of an entry; none if it is not there, or cannot be used, which is reported.
std::optional<std::string> PlanDirectory::readEntry(const std::string &name) {
  const Descriptor file(::openat(*directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) {
    if (errno != ENOENT)
      damaged(name, std::strerror(errno));
    return std::nullopt;
  }
  struct stat status{};
  if (::fstat(*file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    damaged(name, "it is no file of this user's");
    return std::nullopt;
  }
  auto bytes = readWhole(*file, limits[Limit::PlanBytes] + mostBesidePlan);
  if (!bytes) {
    damaged(name, bytes.error().message());
    return std::nullopt;
  }
  (void)::futimens(*file, nullptr); // it was used now; without that it only goes earlier
  return std::move(*bytes);
}

/// The parts of an entry, which point into its bytes; none if they are damaged, which is reported.
std::optional<PlanDirectory::Entry> PlanDirectory::entryOf(const std::string &name, std::string_view bytes) {
  Cursor head{bytes.substr(0, std::min(bytes.size(), headBytes))};
  const bool isEntry = head.take(magic.size()) == magic && head.number(4) == formatVersion;
  const std::string_view digest = head.take(digestBytes);
  if (!isEntry || !head.good) {
    damaged(name, "it is no entry of this version");
    return std::nullopt;
  }
  const std::string_view body = bytes.substr(headBytes);
  if (sha256(body) != digest) {
    damaged(name, "its checksum is another");
    return std::nullopt;
  }
  Cursor cursor{body};
  Entry entry;
  entry.key = cursor.text();
  for (uint64_t count = cursor.number(8); count != 0 && cursor.good; --count) {
    CachedImport import;
    import.path = cursor.text();
    import.digest = cursor.text();
    import.sameAs = static_cast<uint32_t>(cursor.number(4));
    entry.imports.push_back(std::move(import));
  }
  entry.plan = cursor.text();
  if (!cursor.good || !cursor.left.empty()) {
    damaged(name, "its parts do not fit together");
    return std::nullopt;
  }
  return entry;
}

/// The same questions get the same answers as when the plan was made.
bool PlanDirectory::stillFits(const Entry &entry, ImportedFiles &files) const {
  ImportRecord record(files);
  for (const CachedImport &import : entry.imports)
    if (!record.read(import.path, limits[Limit::SourceBytes]).source)
      return false;
  return record.imports() == entry.imports;
}

std::optional<std::string> PlanDirectory::find(const Program &program, ImportedFiles &files) {
  if (!directory)
    return std::nullopt;
  const std::string key = keyOf(program), name = fileOf(key);
  const std::optional<std::string> bytes = readEntry(name);
  if (!bytes)
    return std::nullopt;
  const std::optional<Entry> entry = entryOf(name, *bytes);
  if (!entry || entry->key != key || !stillFits(*entry, files))
    return std::nullopt;
  DiagnosticEngine verdict; // whatever is wrong with the plan is wrong with the entry
  if (!PlanFile::fromBytes(entry->plan, name, verdict, limits)) {
    damaged(name, "its plan breaks a rule of the plan format");
    return std::nullopt;
  }
  return std::string(entry->plan);
}

/// Under another name first: a reader finds all of an entry or none.
bool PlanDirectory::write(const std::string &name, std::string_view bytes) {
  const std::string fresh =
      std::string(newBegin) + std::to_string(::getpid()) + "-" + std::to_string(monotonicNanoseconds());
  Descriptor file(
      ::openat(*directory, fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file)
    return false;
  bool good = true;
  for (size_t at = 0; at < bytes.size() && good;) {
    const ssize_t written = ::write(*file, bytes.data() + at, bytes.size() - at);
    good = written >= 0 || errno == EINTR;
    at += written > 0 ? static_cast<size_t>(written) : 0;
  }
  good = good && file.close() && ::renameat(*directory, fresh.c_str(), *directory, name.c_str()) == 0;
  if (!good) {
    const int why = errno;
    ::unlinkat(*directory, fresh.c_str(), 0);
    errno = why;
  }
  return good;
}

void PlanDirectory::store(const Program &program, const std::vector<CachedImport> &imports,
                          std::string_view plan) {
  if (!directory)
    return;
  const std::string key = keyOf(program);
  const std::string bytes = bytesOf(key, imports, plan);
  const uint64_t bound = limits[Limit::CompileCacheBytes];
  if (bytes.size() > bound)
    return;
  const std::string name = fileOf(key);
  if (!write(name, bytes))
    return unused("cannot write an entry: " + std::string(std::strerror(errno)));
  // To look at all files costs more than to write one, so it is done for one entry in 16, chosen by its name.
  if (bytes.size() > bound / 64 || name[0] == '0')
    makeRoom();
}

namespace {
struct OldFile {
  struct timespec used;
  uint64_t size;
  std::string name;
};
} // namespace

/// The files of a directory that are entries, or were going to be.
static std::vector<OldFile> filesOf(int directory) {
  std::vector<OldFile> files;
  const int again = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *stream = again < 0 ? nullptr : ::fdopendir(again);
  if (!stream) {
    if (again >= 0)
      ::close(again);
    return files;
  }
  while (const dirent *entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    struct stat status{};
    if ((name.ends_with(entryEnd) || name.starts_with(newBegin)) &&
        ::fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      files.push_back({status.st_mtim, static_cast<uint64_t>(status.st_size), std::string(name)});
  }
  ::closedir(stream);
  return files;
}

/// Removes the entries that were not used for longest until an eighth of the bound is free, and what
/// processes that were killed have left. If another process does it now, it need not be done.
void PlanDirectory::makeRoom() {
  if (::flock(*directory, LOCK_EX | LOCK_NB) != 0)
    return;
  std::vector<OldFile> files = filesOf(*directory);
  std::sort(files.begin(), files.end(), [](const OldFile &a, const OldFile &b) {
    return std::tie(a.used.tv_sec, a.used.tv_nsec, a.name) < std::tie(b.used.tv_sec, b.used.tv_nsec, b.name);
  });
  uint64_t all = 0;
  for (const OldFile &file : files)
    all += file.size;
  const uint64_t bound = limits[Limit::CompileCacheBytes];
  const bool isFull = all > bound;
  struct timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  for (const OldFile &file : files) {
    constexpr time_t hour = 3600;
    const bool isNew = file.name.starts_with(newBegin);
    if (isNew ? now.tv_sec - file.used.tv_sec < hour : !isFull || all <= bound - bound / 8)
      continue;
    if (::unlinkat(*directory, file.name.c_str(), 0) == 0)
      all -= file.size;
  }
  ::flock(*directory, LOCK_UN);
}
