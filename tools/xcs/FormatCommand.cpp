#include "Common/CommonFlags.h"
#include "Common/Output.h"
#include "xcs/Commands.h"
#include "xcs/Syntax/Format.h"
#include "xcs/Syntax/IrJson.h"
#include "xcs/Syntax/Parser.h"
#include "xcsc/Input.h"
#include "llvm/Support/raw_ostream.h"
#include <sys/stat.h>

using namespace xcs;
namespace cl = llvm::cl;

namespace {

struct Flags {
  tools::FlagGroups groups{"Programs"};
  tools::CommonFlags common{groups};
  cl::list<std::string> inputs{cl::Positional, cl::desc("PROGRAM.xir..."), cl::cat(groups.main)};
  tools::Switch check{"check",
                      cl::desc("Write nothing; name the programs that lack the layout, and exit with 1"),
                      cl::cat(groups.main)};
};

/// The layout of a program depends on no other file: each passes for one that is right.
class UnreadImports : public ImportedFiles {
public:
  Answer read(std::string_view path, uint64_t) override {
    auto text = std::make_shared<SourceBuffer>(std::string(path), "func private @unread() { return() }");
    return {std::move(text), std::string(path), {}};
  }
  std::string ownIdentity() const override { return {}; }
};

class Formatter {
public:
  Formatter(const Limits &limits, bool checks, DiagnosticEngine &diagnostics)
      : limits(limits), checks(checks), diagnostics(diagnostics) {}
  void format(const std::string &path);

private:
  void reportMistakes(const std::string &path, std::string text);
  const Limits &limits;
  const bool checks;
  DiagnosticEngine &diagnostics;
};

} // namespace

/// Of a text without a layout: the parser says why.
void Formatter::reportMistakes(const std::string &path, std::string text) {
  UnreadImports imports;
  const std::string name = compiler::inputName(path);
  auto source = std::make_shared<SourceBuffer>(name, std::move(text));
  const auto module = parseModule(std::move(source), diagnostics, limits, &imports);
  diagnostics.setLocations(nullptr);
  if (module) // it has brackets of a kind that the parser does not count
    diagnostics.reportFile(limitError(Limit::NestingDepth, limits[Limit::NestingDepth]), name);
}

/// Replacing a file needs no permission of its own (OutputFile.h): that it may not be written is looked at
/// here.
static bool isReadOnly(const std::string &path) {
  struct stat status;
  return path != "-" && ::stat(path.c_str(), &status) == 0 && (status.st_mode & 0222) == 0;
}

void Formatter::format(const std::string &path) {
  auto text = compiler::readInput(path, limits, diagnostics);
  if (!text)
    return;
  const bool isTooLong = text->size() > limits[Limit::SourceBytes];
  const std::optional<std::string> formatted = isTooLong ? std::nullopt : formatProgram(*text, limits);
  const std::string name = compiler::inputName(path);
  if (isIrJson(*text)) {
    diagnostics.reportFile(Diag::BadIrJson, name, {"it has no layout; `xcsc --emit=ir-json` prints it"});
    return;
  }
  if (!formatted)
    return reportMistakes(path, std::move(*text));
  if (checks && *formatted != *text)
    diagnostics.reportFile(Diag::NotFormatted, name, {name});
  else if (checks || (path != "-" && *formatted == *text)) // a file with the layout keeps its time
    return;
  else if (isReadOnly(path))
    diagnostics.reportFile(Diag::CannotWrite, name,
                           {name, "it is read-only; allow writing with `chmod u+w`"});
  else
    static_cast<void>(tools::writeOutput(path, *formatted, diagnostics).ok());
}

ExitCode driver::formatPrograms(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  Flags flags;
  if (!tools::readCommandLine(argc, argv, "xcs fmt",
                              "Gives programs their canonical layout; `-` is standard input and output.\n"))
    return ExitCode::BadUsage;
  DiagnosticEngine diagnostics(&llvm::errs(), flags.common.diagnostics);
  diagnostics.setColour(tools::isInColour(flags.common.colour));
  Limits limits;
  if (!tools::readLimits(flags.common.limit, limits, diagnostics))
    return ExitCode::BadUsage;
  if (flags.inputs.empty())
    diagnostics.report(Diag::FileNeeded, {}, {"fmt", "a program: xcs fmt PROGRAM.xir"});
  for (const std::string &path : flags.inputs)
    Formatter(limits, flags.check, diagnostics).format(path);
  diagnostics.finish();
  return diagnostics.exitCode();
}
