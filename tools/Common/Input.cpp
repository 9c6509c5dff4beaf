#include "Common/Input.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

namespace {
/// A file descriptor, closed at the end unless it is standard input.
struct OpenInput {
  explicit OpenInput(const std::string &path)
      : descriptor(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenInput() {
    if (descriptor > STDIN_FILENO)
      ::close(descriptor);
  }
  OpenInput(const OpenInput &) = delete;
  OpenInput &operator=(const OpenInput &) = delete;
  int descriptor;
};
} // namespace

bool tools::readUpTo(int descriptor, size_t most, std::string &text) {
  struct stat status;
  // One byte more than the file has, so that the read that finds the end needs no second buffer.
  size_t room = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
                    ? static_cast<size_t>(status.st_size) + 1
                    : 1 << 16;
  size_t used = text.size();
  bool good = true;
  while (used < most) {
    // Only when it is full: a pipe delivers little at a time, and growing clears what it adds.
    if (used == text.size())
      text.resize(std::min(most, std::max(used + room, used + used / 2)));
    ssize_t count = ::read(descriptor, text.data() + used, text.size() - used);
    if (count < 0 && errno == EINTR)
      continue;
    good = count >= 0;
    if (count <= 0)
      break;
    used += static_cast<size_t>(count);
  }
  int error = errno;
  text.resize(used);
  errno = error;
  return good;
}

Result<std::string, std::error_code> tools::readInput(const std::string &path, uint64_t most) {
  std::string text;
  OpenInput input(path);
  if (input.descriptor < 0 || !readUpTo(input.descriptor, most, text))
    return std::error_code(errno, std::generic_category());
  return text;
}
