#pragma once
#include <cstdint>
#include <pthread.h>
#include <string_view>

namespace xcs::planformat {

/// The checksum of a plan's body, computed concurrently with other checks if that pays: for a large plan it
/// takes about a third as long as the verification. Thread safety: one owner; the bytes must outlive it
/// unchanged.
class Checksum {
public:
  explicit Checksum(std::string_view body);
  ~Checksum() { (void)value(); }
  Checksum(const Checksum &) = delete;
  Checksum &operator=(const Checksum &) = delete;

  /// Waits for the result.
  uint64_t value();

private:
  static void *compute(void *self);

  std::string_view body;
  uint64_t result = 0;
  pthread_t thread{};
  bool running = false; // in a thread that is not joined yet
};

} // namespace xcs::planformat
