#pragma once
#include "xcs/Compiler/PlanDirectory.h"

namespace xcs {

/// The content of an entry.
struct PlanDirectory::Entry {
  std::string_view key, plan;
  std::vector<CachedImport> imports;
};

namespace planentry {

/// SHA-256, as 32 bytes.
std::string sha256(std::string_view bytes);
/// The key of a program. Its text is in it by its digest.
std::string keyOf(const PlanDirectory::Program &program);
/// The name of the file of a key.
std::string fileOf(std::string_view key);
/// The bytes of an entry.
std::string bytesOf(std::string_view key, const std::vector<CachedImport> &imports, std::string_view plan);

/// Reads the bytes of a body, from front to back.
struct Cursor {
  std::string_view left;
  bool good = true;

  std::string_view take(uint64_t size);
  uint64_t number(size_t bytes);
  std::string_view text() { return take(number(8)); }
};
constexpr std::string_view magic = "XCSCACHE";
constexpr size_t digestBytes = 32, headBytes = magic.size() + 4 + digestBytes;

} // namespace planentry
} // namespace xcs
