#pragma once
#include "xcs/Support/Source.h"

namespace xcs {

/// Where the parser gets the texts of imported files: it reads no file itself. Thread safety: one thread.
class ImportedFiles {
public:
  virtual ~ImportedFiles() = default;

  struct Answer {
    std::shared_ptr<const SourceBuffer> source; // none when there is nothing to read
    std::string identity;                       // equal for two paths that lead to one file
    std::string problem;                        // why there is none, and what to do
  };
  /// The file at `path`, relative to the directory of the program's own file; without `.`, `..` and empty
  /// parts. A text is read up to one byte more than `most`; who asks refuses it then.
  virtual Answer read(std::string_view path, uint64_t most) = 0;
  /// The identity of the program's own file; empty when it is no file.
  virtual std::string ownIdentity() const = 0;
};

} // namespace xcs
