#include "World/ProgramFiles.h"
#include "World/GivenOptions.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Paths.h"
#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

static constexpr size_t mostFiles = 100'000; // in the directories of one program
static constexpr size_t mostDepth = 64;
static constexpr mode_t permissions = 0777;

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

/// False if it cannot be read, or is too large or too deep.
static bool list(const std::string &root, Found &out) {
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

/// A digest of the content, with the key of the cache. Of a file that does not change while it is read.
std::optional<std::string> ProgramFiles::contentOf(const std::string &path, const struct stat &status) {
  if (auto known = cache.knownContent(path, status))
    return known;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat before, after;
  if (!file || ::fstat(*file, &before) || !S_ISREG(before.st_mode) ||
      statusText(before) != statusText(status))
    return std::nullopt;
  CacheDigest digest = cache.digest();
  digest.text("content");
  std::vector<char> buffer(1u << 16);
  ssize_t count;
  while ((count = ::read(*file, buffer.data(), buffer.size())) > 0)
    digest.piece({buffer.data(), static_cast<size_t>(count)});
  if (count < 0 || ::fstat(*file, &after) || statusText(after) != statusText(before))
    return std::nullopt;
  std::string content = digest.finish();
  cache.noteContent(path, status, content, context.options.host->timeOfDay());
  return content;
}

bool ProgramFiles::addFile(const std::string &path, const struct stat &status, bool isInput, ProgramRun &run,
                           std::string &content) {
  const auto found = contentOf(path, status);
  if (!found)
    return false;
  content += (status.st_mode & 0111 ? "program " : "file ") + *found;
  if (isInput)
    run.inputs.emplace(path, statusText(status));
  return true;
}

static bool isAmong(const std::vector<std::string> &paths, const std::string &path) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string &each) { return isWithin(path, each); });
}

/// The state of what is at a path: nothing, a file or a directory. What the program writes does not count
/// within a directory that it reads.
bool ProgramFiles::addPath(const std::string &path, const std::vector<std::string> &writes, ProgramRun &run,
                           std::string &content) {
  struct stat status;
  if (::stat(path.c_str(), &status)) {
    content += "nothing";
    return errno == ENOENT || errno == ENOTDIR;
  }
  if (S_ISREG(status.st_mode))
    return addFile(path, status, !isAmong(writes, path), run, content);
  Found found;
  if (!S_ISDIR(status.st_mode) || !list(path, found))
    return false;
  for (const auto &[name, own] : found.entries) {
    const std::string at = path + "/" + name;
    if (isAmong(writes, at))
      continue;
    content += std::to_string(name.size()) + ":" + name + " ";
    struct stat target = own;
    if (S_ISLNK(own.st_mode)) {
      char text[4096];
      const ssize_t size = ::readlink(at.c_str(), text, sizeof text);
      if (size < 0)
        return false;
      content += "link " + std::to_string(size) + ":" + std::string(text, static_cast<size_t>(size)) + " ";
      if (::stat(at.c_str(), &target) || !S_ISREG(target.st_mode))
        continue; // it leads nowhere, or to a directory, which may be named by itself
    }
    if (S_ISDIR(target.st_mode))
      content += "directory";
    else if (!S_ISREG(target.st_mode) || !addFile(at, target, true, run, content))
      return false;
  }
  return true;
}

std::optional<ProgramRun> ProgramFiles::addInputs(IdentityParts &parts, const WorldRequest &request,
                                                  const std::string &program) {
  const PlanView &plan = context.plan;
  const ConstantView &c = plan.constants;
  const PlanOp &op = plan.ops[request.op];
  WorldOp::Site site(request, context);
  const Value *given = GivenOptions(site).find("cwd");
  const AttrId written = c.find(op.dict, Attribute::cwd);
  const std::string directory = absolutePath(given     ? std::string(given->text()) + "/."
                                             : written ? std::string(c.textAttr(written)) + "/."
                                                       : ".");
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
  if (::stat(program.c_str(), &status) || !addFile(program, status, true, run, content))
    return std::nullopt;
  parts.add("the program `" + program + "`", content);
  for (AttrId path : c.items(c.find(op.dict, Attribute::reads))) {
    content.clear();
    if (!addPath(pathOf(path), run.writes, run, content))
      return std::nullopt;
    parts.add("file `" + std::string(c.textAttr(path)) + "`", content);
  }
  for (const std::string &path : run.writes) {
    Found found;
    if (::stat(path.c_str(), &status) || !S_ISDIR(status.st_mode))
      continue;
    if (!list(path, found))
      return std::nullopt;
    for (const auto &[name, own] : found.entries)
      run.before.emplace(path + "/" + name, S_ISDIR(own.st_mode) ? "" : statusText(own));
  }
  return run;
}

bool ProgramFiles::addOutput(uint32_t place, const std::string &root, const std::string &name,
                             std::vector<CachedFile> &out) {
  const std::string path = name.empty() ? root : root + "/" + name;
  struct stat status;
  if (::lstat(path.c_str(), &status) || !S_ISREG(status.st_mode))
    return false;
  const auto content = contentOf(path, status);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!content || !file || !cache.keepContent(*content, *file, static_cast<uint64_t>(status.st_size)))
    return false;
  out.push_back({place, name, *content, status.st_mode & permissions, static_cast<uint64_t>(status.st_size)});
  return true;
}

/// Of a directory: the files in it that are new or changed. What is gone, and directories without files, an
/// entry cannot tell.
bool ProgramFiles::addDirectory(uint32_t place, const std::string &root, const ProgramRun &run,
                                std::vector<CachedFile> &out) {
  Found found;
  if (!list(root, found))
    return false;
  for (auto at = found.entries.begin(); at != found.entries.end(); ++at) {
    const auto &[name, status] = *at;
    const auto before = run.before.find(root + "/" + name);
    const bool isNew = before == run.before.end();
    if (S_ISDIR(status.st_mode)) {
      const auto next = std::next(at);
      if (isNew && (next == found.entries.end() || !next->first.starts_with(name + "/")))
        return false;
    } else if ((isNew || before->second != statusText(status)) && !addOutput(place, root, name, out)) {
      return false;
    }
  }
  for (auto at = run.before.lower_bound(root + "/");
       at != run.before.end() && at->first.starts_with(root + "/"); ++at)
    if (!found.entries.contains(at->first.substr(root.size() + 1)))
      return false;
  return true;
}

std::optional<std::vector<CachedFile>> ProgramFiles::outputs(const ProgramRun &run) {
  for (const auto &[path, before] : run.inputs) {
    struct stat status;
    if (::stat(path.c_str(), &status) || statusText(status) != before)
      return std::nullopt;
  }
  std::vector<CachedFile> out;
  for (uint32_t place = 0; place < run.writes.size(); ++place) {
    const std::string &path = run.writes[place];
    struct stat status;
    if (::lstat(path.c_str(), &status)) {
      if (errno != ENOENT && errno != ENOTDIR)
        return std::nullopt;
      out.push_back({place, "", "", 0, 0});
    } else if (!(S_ISDIR(status.st_mode) ? addDirectory(place, path, run, out)
                                         : addOutput(place, path, "", out))) {
      return std::nullopt;
    }
  }
  return out;
}

bool ProgramFiles::isThere(const std::string &path, const CachedFile &file) {
  struct stat status;
  if (::lstat(path.c_str(), &status))
    return file.content.empty() && (errno == ENOENT || errno == ENOTDIR);
  return S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) == file.size &&
         (status.st_mode & permissions) == file.mode && contentOf(path, status) == file.content;
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
/// link: what that leads to is not known to be the program's.
bool ProgramFiles::restoreOne(const std::string &root, const std::string &path, const CachedFile &file) {
  struct stat status;
  const bool isOther = ::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (isOther || file.content.empty() ||
      context.options.grants.paths().isDenied(PathGrants::Access::Write, path))
    return false;
  const Descriptor kept = cache.openContent(file.content);
  if (!kept || !makeDirectories(root, path))
    return false;
  std::string made = path.substr(0, path.rfind('/') + 1) + ".xcs-XXXXXX";
  Descriptor copy(::mkostemp(made.data(), O_CLOEXEC));
  if (!copy)
    return false;
  const bool isRight = copyWhole(*kept, *copy, cache.digest(), file.content);
  if (!isRight)
    cache.dropContent(file.content);
  const bool isWhole = isRight && ::fchmod(*copy, file.mode & permissions) == 0 && copy.close() &&
                       ::rename(made.c_str(), path.c_str()) == 0;
  if (!isWhole)
    ::unlink(made.c_str());
  return isWhole;
}

bool ProgramFiles::restore(const ProgramRun &run, const std::vector<CachedFile> &files) {
  for (const CachedFile &file : files) {
    if (file.place >= run.writes.size())
      return false;
    const std::string &root = run.writes[file.place];
    const std::string path = file.name.empty() ? root : normalPath(root + "/" + file.name);
    if (!isWithin(path, root) || (!isThere(path, file) && !restoreOne(root, path, file)))
      return false;
  }
  return true;
}
