#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xcs::planformat {

/// The bytes of a plan in memory of their own, aligned for the widest field of its tables. They are read, not
/// mapped: a page of a mapped file changes when the file is written in place, also after the verifier has
/// looked at it, and is gone when the file is cut off.
class PlanBytes {
public:
  /// Reads a file or, named `-`, standard input, `limit` + 1 bytes at most: enough to see that the limit is
  /// exceeded. Sets `reason` when it cannot.
  static PlanBytes read(const std::string &path, uint64_t limit, std::string &reason);
  static PlanBytes copy(std::string_view bytes);

  std::string_view view() const { return {reinterpret_cast<const char *>(memory.get()), size}; }

private:
  void reserve(size_t wanted);

  std::unique_ptr<uint64_t[]> memory;
  size_t size = 0, capacity = 0; // bytes
};

} // namespace xcs::planformat
