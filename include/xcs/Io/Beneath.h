#pragma once
#include <string>
#include <sys/types.h>
#include <utility>

namespace xcs {

/// A file descriptor that closes itself.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  Descriptor(Descriptor &&other) noexcept : number(other.number) { other.number = -1; }
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(number, other.number);
    return *this;
  }
  ~Descriptor();
  int operator*() const { return number; }
  /// Closes it now; false, with errno, when what was written to it may not have been kept.
  bool close();
  /// Gives it away without closing it.
  int release() { return std::exchange(number, -1); }
  explicit operator bool() const { return number >= 0; }

private:
  int number;
};

/// Opens `path`, relative and without `..`, beneath a directory and through no symbolic link, the last part
/// included (errno ELOOP). By openat2 (Linux 5.6) where the kernel has it, else part by part (`walk` asks for
/// that). Without a descriptor errno says why.
Descriptor openBeneath(int directory, const std::string &path, int flags, mode_t mode = 0, bool walk = false);

} // namespace xcs
