#pragma once
#include "xcs/Support/Source.h"

namespace xcs {

/// Supplies the parser with the texts of imported files; the parser itself reads no file. Thread safety: one
/// thread.
class ImportedFiles {
public:
  virtual ~ImportedFiles() = default;

  struct Answer {
    std::shared_ptr<const SourceBuffer> source; // null if it cannot be read
    std::string identity;                       // equal for two paths that lead to the same file
    std::string problem;                        // why it cannot be read, and the remedy
  };
  /// The file at `path`, relative to the directory of the program's own file; without `.`, `..` and empty
  /// parts. At most `most` + 1 bytes are read; the caller rejects a text longer than `most`.
  virtual Answer read(std::string_view path, uint64_t most) = 0;
  /// The identity of the program's own file; empty if it is not a file.
  virtual std::string ownIdentity() const = 0;
};

} // namespace xcs
