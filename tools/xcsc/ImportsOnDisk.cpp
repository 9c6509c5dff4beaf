#include "xcsc/ImportsOnDisk.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/ReadFile.h"
#include "xcsc/Input.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;
using namespace xcs::compiler;

static std::string identityOf(const struct stat &status) {
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

ImportsOnDisk::ImportsOnDisk(const std::string &program, std::span<const std::string> further) {
  directories.emplace_back();
  for (const std::string &directory : further)
    directories.push_back(directory.ends_with('/') ? directory : directory + '/');
  if (program == "-")
    return;
  directories[0] = program.substr(0, program.rfind('/') + 1); // rfind's npos + 1 is 0
  struct stat status;
  if (::stat(program.c_str(), &status) == 0)
    own = identityOf(status);
}

/// "; did you mean `X`": the program in the same directory whose name is nearest to that of the missing file.
static std::string nearestFile(const std::string &file, std::string_view path) {
  static constexpr size_t most = 10'000; // entries examined
  size_t slash = file.rfind('/') + 1;
  DIR *directory = ::opendir(slash == 0 ? "." : file.substr(0, slash).c_str());
  if (!directory)
    return {};
  std::vector<std::string> names;
  while (const dirent *entry = names.size() < most ? ::readdir(directory) : nullptr)
    if (std::string name(entry->d_name); name.ends_with(".xir"))
      names.push_back(std::move(name));
  ::closedir(directory);
  std::sort(names.begin(), names.end()); // directories are unordered
  NearestName nearest(std::string_view(file).substr(slash));
  for (const std::string &name : names)
    nearest.offer(name);
  return nearest.suggestion(path.substr(0, path.rfind('/') + 1));
}

/// Whether there is no such file; a file may have the name of a directory of the path.
static bool isMissing(int error) { return error == ENOENT || error == ENOTDIR; }

/// Opens a file in the first of the directories that has it, and says which file that is.
static Descriptor openFirst(std::span<const std::string> directories, std::string_view path,
                            std::string &file) {
  for (const std::string &directory : directories) {
    file = directory + std::string(path);
    // Opening a pipe without a writer would wait for one.
    Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (opened || !isMissing(errno))
      return opened;
  }
  return Descriptor();
}

/// Why there is no such file in any of the directories.
static std::string missing(std::span<const std::string> directories, std::string_view path) {
  std::string nearest;
  for (size_t i = 0; i != directories.size() && nearest.empty(); ++i)
    nearest = nearestFile(directories[i] + std::string(path), path);
  return (directories.size() == 1 ? "the file does not exist"
                                  : "the file exists neither beside the program nor in a directory of `-I`") +
         nearest;
}

/// Whether an open file is in one of the directories or below it, wherever symbolic links lead.
bool ImportsOnDisk::isBeneath(int file) const {
  llvm::SmallString<256> real, directory;
  if (llvm::sys::fs::real_path("/proc/self/fd/" + std::to_string(file), real))
    return false;
  return std::any_of(directories.begin(), directories.end(), [&](const std::string &each) {
    if (llvm::sys::fs::real_path(each.empty() ? "." : each, directory))
      return false;
    return real.str().starts_with(directory.str()) &&
           (directory == "/" || real.str().substr(directory.size()).starts_with("/"));
  });
}

ImportedFiles::Answer ImportsOnDisk::read(std::string_view path, uint64_t most) {
  auto failed = [](std::string problem) { return Answer{nullptr, {}, std::move(problem)}; };
  std::string file;
  const Descriptor opened = openFirst(directories, path, file);
  if (!opened && isMissing(errno))
    return failed(missing(directories, path));
  if (!opened)
    return failed(std::strerror(errno));
  struct stat status;
  if (::fstat(*opened, &status) != 0)
    return failed(std::strerror(errno));
  if (S_ISDIR(status.st_mode))
    return failed("it is a directory; name a file in it");
  if (!S_ISREG(status.st_mode))
    return failed("it is not a regular file; copy its contents to one");
  if (!isBeneath(*opened))
    return failed(
        "a symbolic link leads out of the directory of the program; move the file into it, or give its "
        "directory to `-I`");
  auto text = readWhole(*opened, most + 1);
  if (!text)
    return failed(text.error().message());
  if (isPlan(*text))
    return failed("it is a plan; import the program it was compiled from");
  names.push_back(file);
  return {std::make_shared<SourceBuffer>(std::move(file), std::move(*text)), identityOf(status), {}};
}
