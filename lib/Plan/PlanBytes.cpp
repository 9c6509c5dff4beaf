#include "Plan/PlanBytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs::planformat;

/// Not zeroed: memory that is never written costs nothing.
void PlanBytes::reserve(size_t wanted) {
  if (wanted <= capacity)
    return;
  const size_t words = wanted / sizeof(uint64_t) + 1;
  auto larger = std::make_unique_for_overwrite<uint64_t[]>(words);
  if (size)
    std::memcpy(larger.get(), memory.get(), size);
  memory = std::move(larger);
  capacity = words * sizeof(uint64_t);
}

PlanBytes PlanBytes::copy(std::string_view bytes) {
  PlanBytes made;
  made.reserve(bytes.size());
  if (!bytes.empty())
    std::memcpy(made.memory.get(), bytes.data(), bytes.size());
  made.size = bytes.size();
  return made;
}

void PlanBytes::readAll(int descriptor, uint64_t limit, std::string &reason) {
  struct stat status{};
  if (fstat(descriptor, &status) < 0) {
    reason = std::strerror(errno);
    return;
  }
  // One byte more than the file has, so that its end is detected without growing.
  const uint64_t known = S_ISREG(status.st_mode) ? static_cast<uint64_t>(status.st_size) : 0;
  reserve(std::min(known, limit) + 1);
  while (size <= limit) {
    if (size == capacity)
      reserve(std::max<size_t>(2 * capacity, size_t(1) << 16));
    const size_t step = std::min<uint64_t>(capacity - size, limit + 1 - size);
    const ssize_t count = ::read(descriptor, reinterpret_cast<char *>(memory.get()) + size, step);
    if (count == 0)
      return;
    if (count > 0) {
      size += static_cast<size_t>(count);
    } else if (errno != EINTR) {
      reason = std::strerror(errno);
      return;
    }
  }
}

PlanBytes PlanBytes::read(const std::string &path, uint64_t limit, std::string &reason) {
  PlanBytes made;
  if (path == "-") {
    made.readAll(STDIN_FILENO, limit, reason);
    return made;
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    reason = std::strerror(errno);
    return made;
  }
  made.readAll(descriptor, limit, reason);
  close(descriptor);
  return made;
}
