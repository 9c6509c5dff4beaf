#include "xcs/Store/PrivateFolder.h"
#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using namespace xcs;

std::string xcs::makePrivateFolder(const std::string &path) {
  if (::mkdir(path.c_str(), 0700) && errno != EEXIST)
    return std::generic_category().message(errno);
  struct stat status;
  if (::stat(path.c_str(), &status))
    return std::generic_category().message(errno);
  if (!S_ISDIR(status.st_mode))
    return "it is not a folder";
  if (status.st_uid != ::geteuid())
    return "it belongs to another user, who could read the answers";
  return status.st_mode & S_IWOTH ? "anyone may write to it; take that permission away with `chmod o-w`" : "";
}
