#pragma once
#include "xcs/Support/Diagnostics.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>

namespace xcs {

/// The destination of output: standard output (`-` and the empty path), or a file that appears under its name
/// only when complete. It is written to a temporary file in the same directory and renamed, with the
/// permissions of the file it replaces; a link stays a link. Anything but a plain file (a pipe, a device) is
/// written directly.
class OutputFile {
public:
  OutputFile(std::string path, DiagnosticEngine &diagnostics)
      : path(std::move(path)), diagnostics(diagnostics) {}
  /// Removes the temporary file unless it was committed.
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  /// The stream to write to, opened by the first call; null if it cannot be opened, which is reported.
  llvm::raw_ostream *stream();
  /// Completes the output. Reports what could not be written; then no file is left under the name.
  Status commit();

private:
  bool open();
  bool openInPlace();
  bool openBeside(unsigned permissions);
  bool fail(std::error_code error);
  std::error_code moveToPlace();
  bool isStandardOutput() const { return path.empty() || path == "-"; }

  std::string path;
  DiagnosticEngine &diagnostics;
  std::string temporary; // the temporary file; empty if there is none
  std::optional<llvm::raw_fd_ostream> file;
};

} // namespace xcs
