#include "World/Files.h"
#include "World/Glob.h"
#include "xcs/Io/Beneath.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

using namespace xcs;

namespace {

struct CloseStream {
  void operator()(DIR *stream) const { closedir(stream); }
};

/// The search for the paths in a directory that meet a pattern. One directory is open at a time.
class Search {
public:
  Search(FileJob &job, const GlobPattern &pattern)
      : job(job), pattern(pattern), most(std::min<uint64_t>(job.limits[Limit::ValueBytes], UINT32_MAX)) {
    const std::string top = normalPath(job.file.text);
    shown = top == "." ? "" : top == "/" ? top : top + "/";
  }

  void run() {
    open.push_back({"", pattern.start()});
    while (!open.empty() && !job.error && !job.isStopped()) {
      const Directory next = std::move(open.back());
      open.pop_back();
      waiting -= next.path.size();
      read(next);
    }
    if (job.error)
      return;
    std::sort(found.begin(), found.end());
    std::vector<Value> values;
    for (const std::string &path : found)
      values.push_back(job.wantsBytes ? Value::bytes(path) : Value::str(path));
    job.result = Value::list(values);
  }

private:
  struct Directory {
    std::string path; // from the top, which is empty
    GlobPattern::Places places;
  };

  /// What a denial keeps from reading is passed over.
  bool mayRead(const std::string &path) const {
    const std::string &top = job.file.place.real;
    return job.grants.placeOf(PathGrants::Access::Read, (top == "/" ? "" : top) + "/" + path).has_value();
  }

  void read(const Directory &directory) {
    const std::string &rest = job.file.place.rest, &path = directory.path;
    const std::string whole = path.empty() ? rest : rest == "." ? path : rest + "/" + path;
    Descriptor at = openStill(job.file, whole, O_RDONLY | O_DIRECTORY);
    std::unique_ptr<DIR, CloseStream> stream(at ? fdopendir(*at) : nullptr);
    if (!stream) {
      // It has gone meanwhile, or a link has come in its place.
      const bool hasGone = errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EXDEV;
      if (path.empty() || !hasGone)
        fail(path, errno);
      return;
    }
    at.release(); // the stream closes it
    errno = 0;
    for (const dirent *entry; !job.error && !job.isStopped() && (entry = readdir(stream.get())); errno = 0)
      take(directory, *entry, dirfd(stream.get()));
    if (!job.error && errno != 0)
      fail(path, errno);
  }

  void fail(const std::string &path, int number) {
    failAt(job, job.file, number);
    if (!path.empty())
      job.error->first = shown + path;
  }

  static bool isDirectory(const dirent &entry, int above) {
    struct stat found;
    if (entry.d_type != DT_UNKNOWN)
      return entry.d_type == DT_DIR;
    return fstatat(above, entry.d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode);
  }

  void take(const Directory &directory, const dirent &entry, int above) {
    const std::string_view name = entry.d_name;
    bool isWhole = false;
    if (name == "." || name == "..")
      return;
    GlobPattern::Places places = pattern.after(directory.places, name, isWhole);
    if (places.empty() && !isWhole)
      return;
    const bool opens = isDirectory(entry, above);
    std::string path = directory.path + (directory.path.empty() ? "" : "/") + entry.d_name;
    if (isWhole && (opens || !pattern.wantsDirectories()))
      add(shown + path);
    if (!opens || places.empty() || !mayRead(path))
      return;
    waiting += path.size();
    open.push_back({std::move(path), std::move(places)});
    bound();
  }

  void add(std::string path) {
    const size_t bad = job.wantsBytes ? std::string::npos : invalidUtf8At(path);
    if (bad != std::string::npos) {
      job.error =
          AccessError{Diag::InvalidUtf8, std::to_string(bad), "a path in the directory " + job.file.text};
      return;
    }
    bytes += Value::textBytes(path.size());
    found.push_back(std::move(path));
    bound();
  }

  void bound() {
    if (!job.error && bytes + waiting > most)
      failLimit(job, "the list of paths in", Limit::ValueBytes);
  }

  FileJob &job;
  const GlobPattern &pattern;
  const uint64_t most;
  std::string shown; // before a path, in results
  std::vector<Directory> open;
  std::vector<std::string> found;
  uint64_t bytes = 0, waiting = 0; // of what was found, and of the directories to be read
};

} // namespace

void xcs::globPaths(FileJob &job) {
  std::string why;
  if (std::optional<GlobPattern> pattern = GlobPattern::parse(job.content.text(), why))
    Search(job, *pattern).run();
  else
    job.error = AccessError{Diag::BadArgument, "the pattern", "file.glob", why,
                            "`" + std::string(beginningOf(job.content.text(), 100)) + "`"};
}
