#pragma once
#include <utility>

namespace xcs {

/// A file descriptor, closed at the end; -1 is none.
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

} // namespace xcs
