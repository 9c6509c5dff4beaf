#include "World/ProgramFiles.h"
#include "World/GivenOptions.h"
#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/ReadFile.h"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

using namespace xcs;

static constexpr size_t mostFiles = 100'000; // in the directories of one program
static constexpr size_t mostDepth = 64;
static constexpr mode_t permissions = 0777;
static constexpr uint64_t mostSearched = uint64_t(64) << 20; // of a file, for secrets

namespace {

/// What is in a directory and beneath it, by its path there.
struct Found {
  std::map<std::string, struct stat> entries; // of links, their own
};

} // namespace

/// The status as bytes: equal as long as no one has written to the file.
static std::string statusText(const struct stat &status) {
  std::string out;
  for (uint64_t number :
       {uint64_t(status.st_dev), uint64_t(status.st_ino), uint64_t(status.st_size), uint64_t(status.st_mode),
        uint64_t(status.st_mtim.tv_sec), uint64_t(status.st_mtim.tv_nsec), uint64_t(status.st_ctim.tv_sec),
        uint64_t(status.st_ctim.tv_nsec)})
    out += std::to_string(number) + ",";
  return out;
}

static std::string quoted(const std::string &path) { return "`" + path + "`"; }

/// Files that the system makes up when they are read: nothing about them says that they have changed.
static bool isOfSystem(const struct statfs &system) {
  constexpr uint32_t made[] = {PROC_SUPER_MAGIC, SYSFS_MAGIC,    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                               DEBUGFS_MAGIC,    TRACEFS_MAGIC,  DEVPTS_SUPER_MAGIC, SECURITYFS_MAGIC,
                               SELINUX_MAGIC,    SMACK_MAGIC,    BPF_FS_MAGIC,       PSTOREFS_MAGIC,
                               BINFMTFS_MAGIC,   EFIVARFS_MAGIC, NSFS_MAGIC,         RDTGROUP_SUPER_MAGIC,
                               0x62656570 /*configfs*/};
  return std::find(std::begin(made), std::end(made), static_cast<uint32_t>(system.f_type)) != std::end(made);
}

/// False if it cannot be read, or is too large or too deep. Without the folder of the cache, which changes
/// in every run.
static bool list(const ResultCache &cache, const std::string &root, Found &out) {
  std::vector<std::string> open{""};
  while (!open.empty()) {
    const std::string folder = open.back();
    open.pop_back();
    DIR *directory = ::opendir((root + "/" + folder).c_str());
    if (!directory)
      return false;
    while (const dirent *entry = ::readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..")
        continue;
      const std::string path = folder.empty() ? name : folder + "/" + name;
      struct stat status;
      if (::lstat((root + "/" + path).c_str(), &status))
        continue; // gone
      if (S_ISDIR(status.st_mode) && cache.isFolder(status))
        continue;
      out.entries.emplace(path, status);
      if (S_ISDIR(status.st_mode))
        open.push_back(path);
    }
    ::closedir(directory);
    const auto depth = static_cast<size_t>(std::count(folder.begin(), folder.end(), '/'));
    if (out.entries.size() > mostFiles || depth > mostDepth)
      return false;
  }
  return true;
}

/// A digest of the content, with the key of the cache. Of a file that does not change while it is read. The
/// result says why there is none.
std::string ProgramFiles::addContent(const std::string &path, const struct stat &status, std::string &out) {
  if (auto known = cache.knownContent(path, status)) {
    out += *known;
    return {};
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat before, after;
  struct statfs system;
  if (!file || ::fstat(*file, &before) || ::fstatfs(*file, &system) || !S_ISREG(before.st_mode))
    return quoted(path) + " is no file that may be read";
  if (isOfSystem(system))
    return quoted(path) + " is a file that the system makes up";
  CacheDigest digest = cache.digest();
  digest.text("content");
  std::vector<char> buffer(1u << 16);
  ssize_t count;
  off_t size = 0;
  for (; (count = ::read(*file, buffer.data(), buffer.size())) > 0; size += count)
    digest.piece({buffer.data(), static_cast<size_t>(count)});
  if (count < 0 || ::fstat(*file, &after) || statusText(after) != statusText(before) ||
      statusText(before) != statusText(status) || size != status.st_size)
    return quoted(path) + " changed while it was read, or has not the size that it says";
  const std::string content = digest.finish();
  cache.noteContent(path, status, content, context.options.host->timeOfDay());
  out += content;
  return {};
}

std::string ProgramFiles::addFile(const std::string &path, const struct stat &status, bool isInput,
                                  ProgramRun &run, std::string &content) {
  content += status.st_mode & 0111 ? "program " : "file ";
  std::string why = addContent(path, status, content);
  if (why.empty() && isInput)
    run.inputs.emplace(path, statusText(status));
  return why;
}

static bool isAmong(const std::vector<std::string> &paths, const std::string &path) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string &each) { return isWithin(path, each); });
}

/// A link in a directory: where it leads, and the file there.
std::string ProgramFiles::addLink(const std::string &path, ProgramRun &run, std::string &content) {
  char text[4096];
  const ssize_t size = ::readlink(path.c_str(), text, sizeof text);
  if (size < 0)
    return quoted(path) + " changed while it was read";
  content += "link " + std::to_string(size) + ":" + std::string(text, static_cast<size_t>(size)) + " ";
  struct stat target;
  if (::stat(path.c_str(), &target))
    return errno == ENOENT ? "" : quoted(path) + " is a link that cannot be followed";
  if (S_ISDIR(target.st_mode))
    return quoted(path) + " is a link to a directory";
  return addFile(path, target, true, run, content);
}

/// The state of what is at a path: nothing, a file or a directory. What the program writes does not count
/// within a directory that it reads.
std::string ProgramFiles::addPath(const std::string &path, ProgramRun &run, std::string &content) {
  struct stat status;
  struct statfs system;
  if (::stat(path.c_str(), &status)) {
    content += "nothing";
    return errno == ENOENT || errno == ENOTDIR ? "" : quoted(path) + " may not be read";
  }
  if (S_ISREG(status.st_mode))
    return addFile(path, status, !isAmong(run.writes, path), run, content);
  if (!S_ISDIR(status.st_mode))
    return quoted(path) + " is neither a file nor a directory";
  if (::statfs(path.c_str(), &system) || isOfSystem(system))
    return quoted(path) + " is a directory that the system makes up";
  Found found;
  if (!list(cache, path, found))
    return quoted(path) + " may not be read, or is too large";
  for (const auto &[name, own] : found.entries) {
    const std::string at = path + "/" + name;
    if (isAmong(run.writes, at))
      continue;
    content += std::to_string(name.size()) + ":" + name + " ";
    if (S_ISDIR(own.st_mode)) {
      content += "directory";
      continue;
    }
    std::string why = S_ISLNK(own.st_mode) ? addLink(at, run, content) : addFile(at, own, true, run, content);
    if (!why.empty())
      return why;
  }
  return {};
}

/// What is there of the files that the program may write.
bool ProgramFiles::addBefore(ProgramRun &run) {
  for (const std::string &path : run.writes) {
    struct stat status;
    Found found;
    if (::stat(path.c_str(), &status) || !S_ISDIR(status.st_mode))
      continue;
    if (!list(cache, path, found))
      return false;
    for (const auto &[name, own] : found.entries)
      run.before.insert(path + "/" + name);
  }
  return true;
}

Result<ProgramRun, std::string> ProgramFiles::addInputs(IdentityParts &parts, const WorldRequest &request,
                                                        const std::string &program) {
  const PlanView &plan = context.plan;
  const ConstantView &c = plan.constants;
  const PlanOp &op = plan.ops[request.op];
  WorldOp::Site site(request, context);
  const Value *given = GivenOptions(site).find("cwd");
  const AttrId written = c.find(op.dict, Attribute::cwd);
  const std::string named = given     ? std::string(given->text())
                            : written ? std::string(c.textAttr(written))
                                      : std::string(".");
  char real[PATH_MAX];
  if (!::realpath(named.c_str(), real))
    return std::string("the directory it starts in is not there");
  const std::string directory = real;
  auto pathOf = [&](AttrId text) {
    const std::string_view name = c.textAttr(text);
    return isAbsolutePath(name) ? normalPath(name) : normalPath(directory + "/" + std::string(name));
  };
  ProgramRun run;
  for (AttrId path : c.items(c.find(op.dict, Attribute::writes)))
    run.writes.push_back(pathOf(path));
  parts.add("the folder it starts in", directory);
  struct stat status;
  std::string content = program + '\0';
  if (::stat(program.c_str(), &status))
    return quoted(program) + " may not be read";
  if (std::string why = addFile(program, status, true, run, content); !why.empty())
    return why;
  parts.add("the program `" + program + "`", content);
  for (AttrId path : c.items(c.find(op.dict, Attribute::reads))) {
    content.clear();
    if (std::string why = addPath(pathOf(path), run, content); !why.empty())
      return why;
    parts.add("file `" + std::string(c.textAttr(path)) + "`", content);
  }
  if (!addBefore(run))
    return std::string("a directory that it writes may not be read, or is too large");
  return run;
}

/// Whether a file or its name has a secret of this run, or cannot be searched.
bool ProgramFiles::mayHoldSecret(const std::string &name, int file) const {
  if (context.secrets.empty())
    return false;
  const auto text = readWhole(file, mostSearched + 1);
  return !text || text->size() > mostSearched || context.secrets.echoedIn(std::string_view(*text)) ||
         context.secrets.echoedIn(std::string_view(name));
}

std::string ProgramFiles::addOutput(uint32_t place, const std::string &root, const std::string &name,
                                    std::vector<CachedFile> &out) {
  const std::string path = name.empty() ? root : root + "/" + name;
  struct stat status;
  if (::lstat(path.c_str(), &status) || !S_ISREG(status.st_mode))
    return quoted(path) + " is a link, or something else than a file";
  std::string content;
  if (std::string why = addContent(path, status, content); !why.empty())
    return why;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!file)
    return quoted(path) + " may not be read";
  if (mayHoldSecret(name, *file))
    return quoted(path) + " has a secret in it, or is too large to be searched for one";
  if (::lseek(*file, 0, SEEK_SET) ||
      !cache.keepContent(content, *file, static_cast<uint64_t>(status.st_size)))
    return quoted(path) + " could not be copied";
  out.push_back({place, name, content, status.st_mode & permissions, static_cast<uint64_t>(status.st_size)});
  return {};
}

/// Of a directory: all files in it, for the program may rely on one that it left as it was. What is gone, and
/// directories without files, an entry cannot tell.
std::string ProgramFiles::addDirectory(uint32_t place, const std::string &root, const ProgramRun &run,
                                       std::vector<CachedFile> &out) {
  Found found;
  if (!list(cache, root, found))
    return quoted(root) + " may not be read, or is too large";
  if (found.entries.empty())
    return quoted(root) + " is a directory without files";
  for (auto at = run.before.lower_bound(root + "/"); at != run.before.end() && at->starts_with(root + "/");
       ++at)
    if (!found.entries.contains(at->substr(root.size() + 1)))
      return quoted(*at) + " was removed";
  for (const auto &[name, status] : found.entries) {
    if (S_ISDIR(status.st_mode)) {
      const auto within = found.entries.lower_bound(name + "/");
      if (within == found.entries.end() || !within->first.starts_with(name + "/"))
        return quoted(root + "/" + name) + " is a directory without files";
    } else if (std::string why = addOutput(place, root, name, out); !why.empty()) {
      return why;
    }
  }
  return {};
}

std::string ProgramFiles::addOutputs(const ProgramRun &run, std::vector<CachedFile> &out) {
  for (const auto &[path, before] : run.inputs) {
    struct stat status;
    if (::stat(path.c_str(), &status) || statusText(status) != before)
      return quoted(path) + " has changed meanwhile";
  }
  for (uint32_t place = 0; place < run.writes.size(); ++place) {
    const std::string &path = run.writes[place];
    struct stat status;
    if (::lstat(path.c_str(), &status)) {
      if (errno != ENOENT && errno != ENOTDIR)
        return quoted(path) + " may not be read";
      out.push_back({place, "", "", 0, 0});
      continue;
    }
    std::string why =
        S_ISDIR(status.st_mode) ? addDirectory(place, path, run, out) : addOutput(place, path, "", out);
    if (!why.empty())
      return why;
  }
  return {};
}

bool ProgramFiles::isThere(const std::string &path, const CachedFile &file) {
  struct stat status;
  if (::lstat(path.c_str(), &status))
    return file.content.empty() && (errno == ENOENT || errno == ENOTDIR);
  std::string content;
  return S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) == file.size &&
         (status.st_mode & permissions) == file.mode && addContent(path, status, content).empty() &&
         content == file.content;
}

/// Whether the way from `root` to a file in it, `root` included, leads through a link or another file.
static bool leadsElsewhere(const std::string &root, const std::string &path) {
  for (size_t at = root.size(); at < path.size() && at != path.npos; at = path.find('/', at + 1)) {
    struct stat status;
    if (::lstat(path.substr(0, at).c_str(), &status) == 0 && !S_ISDIR(status.st_mode))
      return true;
  }
  return false;
}

/// Copies a kept content, and tells whether it is what it should be.
static bool copyWhole(int from, int to, CacheDigest digest, const std::string &content) {
  digest.text("content");
  std::vector<char> buffer(1u << 16);
  ssize_t count;
  while ((count = ::read(from, buffer.data(), buffer.size())) > 0) {
    digest.piece({buffer.data(), static_cast<size_t>(count)});
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = ::write(to, buffer.data() + done, static_cast<size_t>(count - done));
      if (written < 0)
        return false;
      done += written;
    }
  }
  return count == 0 && digest.finish() == content;
}

/// Makes the directories between `root` and the file, where they are missing.
static bool makeDirectories(const std::string &root, const std::string &path) {
  for (size_t at = path.find('/', root.size()); at != path.npos; at = path.find('/', at + 1))
    if (const std::string folder = path.substr(0, at);
        at >= root.size() && path.size() > root.size() && ::mkdir(folder.c_str(), 0777) && errno != EEXIST)
      return false;
  return true;
}

/// Writes a file of its own, which takes the place of what is there: no reader sees a part of it. Through no
/// link: what that leads to is not known to be the program's. The result says why it was not done.
std::string ProgramFiles::restoreOne(const std::string &root, const std::string &path,
                                     const CachedFile &file) {
  struct stat status;
  if (file.content.empty())
    return quoted(path) + " is there, and was not then";
  if (::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    return quoted(path) + " is a link, or something else than a file";
  if (context.options.grants.paths().isDenied(PathGrants::Access::Write, path))
    return quoted(path) + " may not be written (`--deny-write`)";
  const Descriptor kept = cache.openContent(file.content);
  if (!kept)
    return "the copy of " + quoted(path) + " is gone";
  std::string made = path.substr(0, path.rfind('/') + 1) + ".xcs-XXXXXX";
  Descriptor copy(makeDirectories(root, path) ? ::mkostemp(made.data(), O_CLOEXEC) : -1);
  if (!copy)
    return "the directory of " + quoted(path) + " is missing, or may not be written to";
  const bool isRight = copyWhole(*kept, *copy, cache.digest(), file.content);
  if (!isRight)
    cache.dropContent(file.content);
  const bool isWhole = isRight && ::fchmod(*copy, file.mode & permissions) == 0 && copy.close() &&
                       ::rename(made.c_str(), path.c_str()) == 0;
  if (!isWhole)
    ::unlink(made.c_str());
  return isWhole ? "" : quoted(path) + " could not be restored, or its copy is damaged";
}

std::string ProgramFiles::restore(const ProgramRun &run, const std::vector<CachedFile> &files) {
  for (const CachedFile &file : files) {
    if (file.place >= run.writes.size())
      return "it is of other files";
    const std::string &root = run.writes[file.place];
    const std::string path = file.name.empty() ? root : normalPath(root + "/" + file.name);
    if (!isWithin(path, root))
      return "it is of other files";
    if (leadsElsewhere(root, path))
      return "the way to " + quoted(path) + " leads through a link, or something else than a directory";
    if (isThere(path, file))
      continue;
    if (std::string why = restoreOne(root, path, file); !why.empty())
      return why;
  }
  return {};
}
