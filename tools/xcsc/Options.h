#pragma once
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "xcs/Transforms/Pass.h"
#include <optional>
#include <string>
#include <vector>

namespace xcs::compiler {

/// The output forms of `--emit`.
enum class Emit : uint8_t { Plan, Xir, IrJson, Dot, Mermaid, Svg, Json, Report, None };

/// A page, the grammar for editors or the dictionary of the fuzzers, printed from the tables instead of
/// compiling.
enum class Page : uint8_t {
  None,
  Ops,
  Resources,
  Limits,
  Diagnostics,
  Passes,
  Patterns,
  Grammar,
  Dictionary
};

/// The command line of `xcsc`.
struct Options {
  std::string input, output;
  std::vector<std::string> moreInputs; // of `xcs check`
  Emit emit = Emit::Plan;
  std::optional<unsigned> level;     // -O; the default depends on `emit`
  std::optional<std::string> passes; // --passes
  bool rerolls = false;              // --reroll
  PassManagerOptions manager;
  bool printDiff = false;
  std::string reproducer;           // --crash-reproducer
  std::vector<std::string> imports; // -I: directories
  std::string startDirectory;       // an absolute normal path; empty: not known
  std::string compileCache;         // --compile-cache, a directory; empty: none
  Limits limits;
  std::vector<bool> remarks; // the remarks to show, by the index of their Diag; empty: none
  DiagnosticFormat remarksFormat = DiagnosticFormat::Text;
  DiagnosticFormat diagnostics = DiagnosticFormat::Text;
  bool colour = false; // of messages
  WarningChoice warnings;
  bool splitInput = false, verifyDiagnostics = false;
  Page page = Page::None;
};

/// Reads the command line; exits for --help and --version. Errors are reported on standard error; then the
/// result is a failure and the exit code 2.
/// `xcs check` has the same flags, checks only unless --emit is given, and takes several programs.
Result<Options> readOptions(int argc, char **argv, const std::string &tool = "xcsc");

} // namespace xcs::compiler
