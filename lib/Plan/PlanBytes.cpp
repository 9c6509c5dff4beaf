#include "PlanBytes.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs::planformat;

PlanBytes::PlanBytes(PlanBytes &&other) noexcept
    : data(other.data), size(other.size), mapped(other.mapped), own(std::move(other.own)) {
  other.data = nullptr;
  other.size = 0;
  other.mapped = false;
}

PlanBytes::~PlanBytes() {
  if (mapped)
    munmap(const_cast<char *>(data), size);
}

PlanBytes PlanBytes::copy(std::string_view bytes) {
  PlanBytes made;
  made.own = std::make_unique_for_overwrite<uint64_t[]>(bytes.size() / sizeof(uint64_t) + 1);
  if (!bytes.empty())
    std::memcpy(made.own.get(), bytes.data(), bytes.size());
  made.data = reinterpret_cast<const char *>(made.own.get());
  made.size = bytes.size();
  return made;
}

/// All bytes of a descriptor up to one more than the limit, which is enough to see that it is exceeded.
static std::string readAll(int descriptor, uint64_t limit, std::string &reason) {
  std::string all;
  while (all.size() <= limit) {
    const size_t before = all.size();
    const size_t step = std::min<uint64_t>(1 << 20, limit + 1 - before);
    all.resize(before + step);
    ssize_t count = ::read(descriptor, all.data() + before, step);
    all.resize(before + (count > 0 ? static_cast<size_t>(count) : 0));
    if (count == 0)
      break;
    if (count < 0 && errno != EINTR) {
      reason = std::strerror(errno);
      break;
    }
  }
  return all;
}

PlanBytes PlanBytes::read(const std::string &path, uint64_t limit, std::string &reason) {
  if (path == "-")
    return copy(readAll(STDIN_FILENO, limit, reason));
  PlanBytes made;
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (descriptor < 0 || fstat(descriptor, &status) < 0) {
    reason = std::strerror(errno);
  } else if (S_ISREG(status.st_mode) && status.st_size > 0 &&
             static_cast<uint64_t>(status.st_size) <= limit) {
    // Populated at once: the verifier reads every page.
    void *address = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE,
                         descriptor, 0);
    if (address == MAP_FAILED) {
      reason = std::strerror(errno);
    } else {
      made.data = static_cast<const char *>(address);
      made.size = static_cast<size_t>(status.st_size);
      made.mapped = true;
    }
  } else {
    PlanBytes copied = copy(readAll(descriptor, limit, reason));
    close(descriptor);
    return copied;
  }
  if (descriptor >= 0)
    close(descriptor);
  return made;
}
