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
  /// Returns the descriptor and gives up ownership without closing it.
  int release() { return std::exchange(number, -1); }
  explicit operator bool() const { return number >= 0; }

private:
  int number;
};

/// Opens `path`, which is relative and without `..`, beneath a directory. No part of it may be a symbolic
/// link, the last one included (errno ELOOP). Uses openat2 (Linux 5.6) if the kernel has it, else opens part
/// by part (`walk` forces that). On failure the descriptor is invalid and errno says why.
Descriptor openBeneath(int directory, const std::string &path, int flags, mode_t mode = 0, bool walk = false);

} // namespace xcs
