#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace xcs::planformat {

/// The bytes of a plan, aligned for the widest field of its tables: a mapping of its file, or memory of their
/// own. A mapped file must not be written to while it is mapped; whoever replaces a plan renames a new file
/// over it.
class PlanBytes {
public:
  PlanBytes() = default;
  PlanBytes(PlanBytes &&other) noexcept;
  PlanBytes &operator=(PlanBytes &&) = delete;
  ~PlanBytes();

  /// Maps a file; reads what cannot be mapped (a pipe; `-`: standard input), `limit` + 1 bytes at most. Sets
  /// `reason` when it cannot.
  static PlanBytes read(const std::string &path, uint64_t limit, std::string &reason);
  static PlanBytes copy(std::string_view bytes);

  std::string_view view() const { return {data, size}; }

private:
  const char *data = nullptr;
  size_t size = 0;
  bool mapped = false;
  std::unique_ptr<uint64_t[]> own;
};

} // namespace xcs::planformat
