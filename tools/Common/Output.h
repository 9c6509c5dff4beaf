#pragma once
#include "xcs/Support/OutputFile.h"
#include "xcs/Support/Visible.h"
#include <optional>
#include <span>
#include <string>

namespace xcs::tools {

/// The output of a tool: a file, or standard output for `-`. It is written byte for byte, except to a
/// terminal: there, characters that a terminal would obey or not show are escaped as `\u001b`
/// (Support/Visible.h). All text outputs have such characters only in strings, where JSON and XIR read the
/// escape as the same character.
class Output {
public:
  Output(const std::string &path, DiagnosticEngine &diagnostics)
      : file(path, diagnostics), isStandardOutput(path.empty() || path == "-") {}

  /// The stream to write to, opened by the first call; null if it cannot be opened, which is reported.
  llvm::raw_ostream *stream();
  /// Completes the output. Reports what could not be written; then no file is left under the name.
  Status commit();

private:
  OutputFile file;
  bool isStandardOutput;
  std::optional<VisibleStream> shown; // on standard output, if that is a terminal
};

/// Whether an output can be written, before the work whose result it will be: its folder is there and takes
/// files. Reports why not. Leaves no file.
bool isWritable(const std::string &path, DiagnosticEngine &diagnostics);

/// Whether two paths lead to one plain file, which may not be there yet. What is not plain, such as a
/// terminal, takes several outputs.
bool isSameFile(const std::string &one, const std::string &other);

/// Whether an output would take the place of one of `files`, the parts of what is compiled or run. Reports
/// it. Standard input and output never do.
bool replacesInput(const std::string &output, std::span<const std::string> files,
                   DiagnosticEngine &diagnostics);

/// Writes a complete output.
Status writeOutput(const std::string &path, std::string_view content, DiagnosticEngine &diagnostics);

} // namespace xcs::tools
