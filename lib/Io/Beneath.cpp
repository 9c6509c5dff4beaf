#include "xcs/Io/Beneath.h"
#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace xcs;

Descriptor::~Descriptor() {
  if (number >= 0)
    ::close(number);
}

static bool isSymbolicLink(int directory, const char *name) {
  struct stat found;
  return fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode);
}

static Descriptor openPart(int directory, const std::string &name, int flags, mode_t mode) {
  Descriptor part(openat(directory, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!part) {
    // A link in place of a directory is reported as "not a directory".
    if (errno == ENOTDIR && isSymbolicLink(directory, name.c_str()))
      errno = ELOOP;
    return part;
  }
  struct stat found;
  // O_PATH opens the link itself.
  if (fstat(*part, &found) == 0 && S_ISLNK(found.st_mode)) {
    errno = ELOOP;
    return Descriptor();
  }
  return part;
}

/// Also safe if a part is replaced by a link meanwhile: each part is opened relative to the previous one, by
/// its name.
static Descriptor openByParts(int directory, const std::string &path, int flags, mode_t mode) {
  Descriptor above;
  int at = directory;
  size_t begin = 0;
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', begin)) {
    above = openPart(at, path.substr(begin, slash - begin), O_PATH | O_DIRECTORY, 0);
    if (!above)
      return above;
    at = *above;
    begin = slash + 1;
  }
  return openPart(at, path.substr(begin), flags, mode);
}

Descriptor xcs::openBeneath(int directory, const std::string &path, int flags, mode_t mode, bool walk) {
  if (!walk) {
    open_how how{};
    how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
    how.mode = flags & O_CREAT ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    Descriptor opened(static_cast<int>(syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how)));
    // Sandboxes answer unknown system calls with EPERM.
    if (opened || (errno != ENOSYS && errno != EPERM))
      return opened;
  }
  return openByParts(directory, path, flags, mode);
}
