#pragma once
#include "xcs/Support/OutputFile.h"
#include "xcs/Support/Visible.h"
#include <optional>

namespace xcs::tools {

/// Where the product of a tool goes: a file, or standard output for `-`. It goes there byte for byte, but to
/// a terminal: there, characters that a terminal would obey or not show are written as `\u001b`
/// (Support/Visible.h). All products that are text have those in strings only, where JSON and XIR read the
/// escape as the same character.
class Output {
public:
  Output(const std::string &path, DiagnosticEngine &diagnostics)
      : file(path, diagnostics), isStandardOutput(path.empty() || path == "-") {}

  /// The stream to write to, opened at the first call; null when it cannot be opened, which is reported.
  llvm::raw_ostream *stream();
  /// Says that all has been written. Reports what could not be written; then nothing is left under the name.
  Status keep();

private:
  OutputFile file;
  bool isStandardOutput;
  std::optional<VisibleStream> shown; // over standard output, where that is a terminal
};

/// Writes a whole product.
Status writeOutput(const std::string &path, std::string_view content, DiagnosticEngine &diagnostics);

} // namespace xcs::tools
