#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xcs::planformat {

/// The bytes of a plan in private memory, aligned for the widest field of its tables. They are read, not
/// mapped: a page of a mapped file changes if the file is written in place, even after the verifier has
/// checked it, and disappears if the file is truncated.
class PlanBytes {
public:
  /// Reads a file or, if the path is `-`, standard input, at most `limit` + 1 bytes: enough to see that the
  /// limit is exceeded. Sets `reason` on failure.
  static PlanBytes read(const std::string &path, uint64_t limit, std::string &reason);
  static PlanBytes copy(std::string_view bytes);

  std::string_view view() const { return {reinterpret_cast<const char *>(memory.get()), size}; }

private:
  void reserve(size_t wanted);
  void readAll(int descriptor, uint64_t limit, std::string &reason);

  std::unique_ptr<uint64_t[]> memory;
  size_t size = 0, capacity = 0; // bytes
};

} // namespace xcs::planformat
