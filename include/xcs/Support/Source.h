#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Where something was written. Two forms in 32 bits: a byte offset into the main source buffer, or (top bit
/// set) an index into the explicit locations of a LocationTable, made by `loc("file":line:col)`. All ones:
/// unknown.
struct Location {
  static constexpr uint32_t explicitBit = 0x80000000u;
  uint32_t bits = UINT32_MAX;

  static Location atOffset(uint32_t offset) { return {offset & ~explicitBit}; }
  static Location atIndex(uint32_t index) { return {index | explicitBit}; }
  bool known() const { return bits != UINT32_MAX; }
  bool isExplicit() const { return known() && (bits & explicitBit); }
  uint32_t offset() const { return bits; }
  uint32_t index() const { return bits & ~explicitBit; }
  bool operator==(const Location &) const = default;
};

/// A location a person reads: file name, line and column, both counted from 1 (column in bytes).
struct LineColumn {
  std::string_view file;
  uint32_t line = 0, column = 0;
};

/// One source text, kept whole and NUL-terminated. Thread safety: immutable but for the line table, which is
/// built by the first question for a line; ask from one thread.
class SourceBuffer {
public:
  SourceBuffer(std::string name, std::string text);

  std::string_view name() const { return fileName; }
  std::string_view text() const { return content; }
  /// Line and column of byte `offset`; the end of the text for offsets beyond it.
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of line `line` (from 1), without its line end. Empty when there is none.
  std::string_view line(uint32_t line) const;

private:
  void buildLines() const;
  std::string fileName, content;
  mutable std::vector<uint32_t> lineStarts; // byte offsets; built at the first question
};

/// The main source buffer of a module and the explicit locations written in it.
class LocationTable {
public:
  explicit LocationTable(std::shared_ptr<const SourceBuffer> main = nullptr) : buffer(std::move(main)) {}

  Location addExplicit(std::string file, uint32_t line, uint32_t column);
  /// File, line and column of a location; an unknown one gives line 0.
  LineColumn resolve(Location at) const;
  /// The buffer the location points into; null for explicit and unknown locations.
  const SourceBuffer *bufferOf(Location at) const {
    return at.known() && !at.isExplicit() ? buffer.get() : nullptr;
  }
  const SourceBuffer *mainBuffer() const { return buffer.get(); }

private:
  struct Entry {
    std::string file;
    uint32_t line, column;
  };
  std::shared_ptr<const SourceBuffer> buffer;
  std::vector<Entry> entries;
};

} // namespace xcs
