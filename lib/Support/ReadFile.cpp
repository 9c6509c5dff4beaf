#include "xcs/Support/ReadFile.h"
#include "xcs/Support/Descriptor.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

Descriptor::~Descriptor() {
  if (number >= 0)
    ::close(number);
}

bool Descriptor::close() {
  const int closed = std::exchange(number, -1);
  return closed < 0 || ::close(closed) == 0 || errno == EINTR; // Linux has closed it all the same
}

static std::error_code lastError() { return {errno, std::generic_category()}; }

static Result<size_t, std::error_code> readInto(int descriptor, uint64_t most, const ReadRoom &room) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0)
    return lastError();
  // One byte more than the file has: the read that finds its end needs no more room.
  const uint64_t expected =
      S_ISREG(status.st_mode) ? static_cast<uint64_t>(status.st_size) + 1 : uint64_t(1) << 16;
  size_t used = 0, size = 0;
  char *memory = nullptr;
  while (used < most) {
    // Only when it is full: a pipe gives little at a time, and growing costs.
    if (used == size) {
      size = std::min(most, std::max<uint64_t>(expected, 2 * used));
      memory = room(size);
    }
    const ssize_t count = ::read(descriptor, memory + used, size - used);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return lastError();
    if (count == 0)
      break;
    used += static_cast<size_t>(count);
  }
  return used;
}

Result<size_t, std::error_code> xcs::readFile(const std::string &path, uint64_t most, const ReadRoom &room) {
  if (path == "-")
    return readInto(STDIN_FILENO, most, room);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file)
    return lastError();
  return readInto(*file, most, room);
}

/// Reads with `read`, which is given room in a text.
template <class Read> static Result<std::string, std::error_code> readText(Read read) {
  std::string text;
  auto size = read([&](size_t room) {
    text.resize(room);
    return text.data();
  });
  if (!size)
    return size.error();
  text.resize(*size);
  return text;
}

Result<std::string, std::error_code> xcs::readWhole(int descriptor, uint64_t most) {
  return readText([&](const ReadRoom &room) { return readInto(descriptor, most, room); });
}

Result<std::string, std::error_code> xcs::readFile(const std::string &path, uint64_t most) {
  return readText([&](const ReadRoom &room) { return readFile(path, most, room); });
}
