#pragma once
#include "xcs/Support/Diagnostics.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>

namespace xcs {

/// Where the output goes: standard output (`-` and the empty path), or a file that appears under its name
/// when it is whole and not before: it is written beside its place and renamed, with the permissions of what
/// stood there; a link stays a link. What is no plain file (a pipe, a device) is written at once.
class OutputFile {
public:
  OutputFile(std::string path, DiagnosticEngine &diagnostics)
      : path(std::move(path)), diagnostics(diagnostics) {}
  /// Removes what was not kept.
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  /// The stream to write to, opened at the first call; null when it cannot be opened, which is reported.
  llvm::raw_ostream *stream();
  /// Says that all has been written. Reports what could not be written; then nothing is left under the name.
  Status keep();

private:
  bool open();
  bool openInPlace();
  bool openBeside(unsigned permissions);
  bool fail(std::error_code error);
  std::error_code moveToPlace();
  bool isStandardOutput() const { return path.empty() || path == "-"; }

  std::string path;
  DiagnosticEngine &diagnostics;
  std::string temporary; // the file beside; empty when there is none
  std::optional<llvm::raw_fd_ostream> file;
};

} // namespace xcs
