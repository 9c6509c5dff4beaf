#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A place in a source. One of three forms in 32 bits: a byte offset into the source buffers of a
/// LocationTable, laid end to end; (top bit set) an index into its explicit locations, made by
/// `loc("file":line:col)`; (the two top bits set) an index into its locations in inlined functions. All ones:
/// unknown.
struct Location {
  static constexpr uint32_t explicitBit = 0x80000000u, calledBit = 0x40000000u;
  uint32_t bits = UINT32_MAX;

  static Location atOffset(uint32_t offset) { return {offset & ~explicitBit}; }
  static Location atIndex(uint32_t index) { return {index | explicitBit}; }
  static Location atCall(uint32_t index) { return {index | explicitBit | calledBit}; }
  bool known() const { return bits != UINT32_MAX; }
  bool isExplicit() const { return known() && (bits & explicitBit) && !(bits & calledBit); }
  bool isCalled() const { return known() && (bits & explicitBit) && (bits & calledBit); }
  uint32_t offset() const { return bits; }
  uint32_t index() const { return bits & ~(explicitBit | calledBit); }
  bool operator==(const Location &) const = default;
};

/// A location for people: file name, line and column, both counted from 1 (column in bytes).
struct LineColumn {
  std::string_view file;
  uint32_t line = 0, column = 0;
};

/// One source text, kept whole and NUL-terminated; of a part of a file, with the number of lines before it,
/// so that its lines have the numbers that they have in the file. Thread safety: immutable but for the line
/// table, which is built by the first question for a line; ask from one thread.
class SourceBuffer {
public:
  SourceBuffer(std::string name, std::string text, uint32_t linesBefore = 0);

  /// From byte `made` on, a text comes from what is at byte `from` of another one.
  struct Origin {
    uint32_t made, from;
  };
  /// A text that was made of another one, whose name, lines and columns it has. `origins` ascend.
  SourceBuffer(std::shared_ptr<const SourceBuffer> original, std::string text, std::vector<Origin> origins);

  std::string_view name() const { return fileName; }
  std::string_view text() const { return content; }
  uint32_t linesBefore() const { return before; }
  /// Line and column of byte `offset`; the end of the text for offsets beyond it.
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of the line of that number, without its line end. Empty when there is none.
  std::string_view line(uint32_t line) const;

private:
  void buildLines() const;
  std::string fileName, content;
  uint32_t before;
  mutable std::vector<uint32_t> lineStarts;     // byte offsets; built at the first question
  std::shared_ptr<const SourceBuffer> original; // null: none
  std::vector<Origin> origins;
};

/// The source buffers of a module, the program's own file first, and the explicit locations written in them.
class LocationTable {
public:
  explicit LocationTable(std::shared_ptr<const SourceBuffer> main = nullptr);

  /// Adds the text of another file and returns the offset of its first byte in locations. All texts together,
  /// plus one byte for each, must stay below Location::explicitBit.
  uint32_t addBuffer(std::shared_ptr<const SourceBuffer> buffer);
  /// How many bytes of text can still be added.
  uint32_t room() const { return end < Location::explicitBit ? Location::explicitBit - 1 - end : 0; }
  Location addExplicit(std::string file, uint32_t line, uint32_t column);
  /// The location `at` in the body of a function that was inlined in place of the call at `caller`. Returns
  /// `at` itself if one of them is unknown, or if there are too many.
  Location addCalled(Location at, Location caller);
  /// The location of the call that was replaced by the inlined body containing `at`; unknown if there is
  /// none.
  Location callerOf(Location at) const;
  /// The location as it was written, without its callers.
  Location withoutCallers(Location at) const;
  /// File, line and column of a location; line 0 if it is unknown.
  LineColumn resolve(Location at) const;
  /// The buffer the location points into; null for explicit and unknown locations.
  const SourceBuffer *bufferOf(Location at) const;
  /// The text from that place to the end of its buffer; empty for explicit and unknown locations.
  std::string_view textFrom(Location at) const;

private:
  struct File {
    uint32_t begin; // offset of its first byte
    std::shared_ptr<const SourceBuffer> buffer;
  };
  const File *fileOf(Location at) const;

  struct Entry {
    std::string file;
    uint32_t line, column;
  };
  std::vector<File> files; // in the order of their offsets
  uint32_t end = 0;        // the first offset that is free
  std::vector<Entry> entries;
  struct Called {
    Location at, caller;
  };
  std::vector<Called> called;
};

} // namespace xcs
