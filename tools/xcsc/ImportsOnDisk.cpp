#include "xcsc/ImportsOnDisk.h"
#include "Common/Input.h"
#include "xcs/Support/NearestName.h"
#include "xcsc/Input.h"
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

ImportsOnDisk::ImportsOnDisk(const std::string &program) {
  if (program == "-")
    return;
  directory = program.substr(0, program.rfind('/') + 1); // rfind's npos + 1 is 0
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

ImportedFiles::Answer ImportsOnDisk::read(std::string_view path, uint64_t most) {
  std::string file = directory + std::string(path);
  auto failed = [](std::string problem) { return Answer{nullptr, {}, std::move(problem)}; };
  // Opening a pipe without a writer would block.
  int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && errno == ENOENT)
    return failed("the file does not exist" + nearestFile(file, path));
  if (descriptor < 0)
    return failed(std::strerror(errno));
  struct stat status;
  std::string text, problem;
  if (::fstat(descriptor, &status) != 0)
    problem = std::strerror(errno);
  else if (S_ISDIR(status.st_mode))
    problem = "it is a directory; name a file in it";
  else if (!S_ISREG(status.st_mode))
    problem = "it is not a regular file; copy its contents to one";
  else if (!tools::readUpTo(descriptor, most + 1, text))
    problem = std::strerror(errno);
  else if (isPlan(text))
    problem = "it is a plan; import the program it was compiled from";
  ::close(descriptor);
  if (!problem.empty())
    return failed(problem);
  names.push_back(file);
  return {std::make_shared<SourceBuffer>(std::move(file), std::move(text)), identityOf(status), {}};
}
