#include "xcsc/Options.h"
#include "Common/Output.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/Utf8.h"
#include "xcsc/Flags.h"
#include "xcsc/Remarks.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;
namespace cl = llvm::cl;

namespace {

/// Checks what LLVM's reader has accepted, and reports what cannot be used.
class Reader {
public:
  Reader(const Flags &flags, Options &out, bool checks)
      : flags(flags), checks(checks), out(out), diags(&llvm::errs(), flags.common.diagnostics) {}

  bool read() {
    copy();
    diags.setColour(out.colour);
    tools::readLimits(flags.common.limit, out.limits, diags);
    readProgramFlags(flags.program, out, diags);
    for (const std::string &name : flags.remarks)
      if (!chooseRemarks(name, out.remarks))
        badValue(name, "--remarks", remarkForm(name));
    if (out.page == Page::None)
      checkUse();
    return !diags.hasErrors();
  }

private:
  void copy();
  void checkUse();
  void checkReproducer();
  void checkPlanOutput();
  void conflict(std::string_view one, std::string_view other) {
    diags.report(Diag::OptionConflict, {}, {one, other});
  }
  void badValue(std::string_view value, std::string_view flag, std::string_view form) {
    diags.report(Diag::BadFlagValue, {}, {value, flag, form});
  }

  const Flags &flags;
  const bool checks; // only, and several programs: `xcs check`
  Options &out;
  DiagnosticEngine diags;
};

} // namespace

void Reader::copy() {
  out.input = flags.inputs.empty() ? std::string() : flags.inputs.front();
  out.output = flags.output;
  out.emit = flags.emit;
  if ((flags.verifyDiagnostics || checks) && !flags.emit.getNumOccurrences())
    out.emit = Emit::None;
  PassManagerOptions &m = out.manager;
  m.printBefore.assign(flags.printBefore.begin(), flags.printBefore.end());
  m.printAfter.assign(flags.printAfter.begin(), flags.printAfter.end());
  m.printBeforeAll = flags.printBeforeAll;
  m.printAfterAll = flags.printAfterAll;
  m.verifyEach = flags.verifyEach;
  m.checkEach |= flags.verifyEach.getNumOccurrences() != 0 && flags.verifyEach;
  m.time = flags.timePasses;
  m.stats = flags.stats;
  out.printDiff = flags.printDiff;
  out.reproducer = flags.reproducer;
  out.remarksFormat = flags.remarksFormat.getNumOccurrences() ? flags.remarksFormat.getValue()
                                                              : flags.common.diagnostics.getValue();
  out.diagnostics = flags.common.diagnostics;
  out.colour = tools::isInColour(flags.common.colour);
  out.splitInput = flags.split;
  out.verifyDiagnostics = flags.verifyDiagnostics;
  out.page = flags.listPasses ? Page::Passes : flags.page;
}

void Reader::checkReproducer() {
  if (out.reproducer == "-")
    badValue("-", "--crash-reproducer", "a file, which is left if the compiler crashes");
  else if (!out.reproducer.empty() && normalPath(out.reproducer) == normalPath(out.output))
    conflict("--crash-reproducer", "-o"); // it is removed at the end
}

void Reader::checkUse() {
  if (checks && flags.inputs.size() > 1)
    out.moreInputs.assign(std::next(flags.inputs.begin()), flags.inputs.end());
  else if (flags.inputs.size() > 1)
    diags.report(Diag::ManyInputs, {}, {flags.inputs[1], out.input, "xcsc"});
  if (checks && flags.output.getNumOccurrences())
    conflict("check", "-o");
  if (checks && flags.emit.getNumOccurrences())
    conflict("check", "--emit");
  if (out.input.empty() && checks)
    diags.report(Diag::FileNeeded, {}, {"check", "a program: xcs check PROGRAM.xir"});
  else if (out.input.empty())
    diags.report(Diag::InputNeeded, {});
  if (out.input.empty())
    return;
  if (out.level && out.passes)
    conflict("-O", "--passes");
  if (out.rerolls && out.passes)
    conflict("--reroll", "--passes");
  checkReproducer();
  bool writesPlan = out.emit == Emit::Plan && !out.verifyDiagnostics;
  if (writesPlan && out.splitInput)
    conflict("--split-input-file", "--emit=plan");
  else if (writesPlan)
    checkPlanOutput();
}

void Reader::checkPlanOutput() {
  if (out.output.empty())
    diags.report(Diag::OutputNeeded, {});
  else if (out.output == "-" && llvm::sys::Process::StandardOutIsDisplayed())
    diags.report(Diag::PlanToTerminal, {});
  else
    static_cast<void>(tools::replacesInput(out.output, {&out.input, 1}, diags));
}

static bool readLevel(const ProgramFlags &flags, Options &out, DiagnosticEngine &diagnostics) {
  if (!flags.level.getNumOccurrences())
    return true;
  std::string_view text = flags.level.getValue();
  if (text.size() != 1 || text[0] < '0' || text[0] > '3') {
    diagnostics.report(Diag::BadFlagValue, {}, {text, "-O", "a level from 0 to 3"});
    return false;
  }
  out.level = static_cast<unsigned>(text[0] - '0');
  return true;
}

/// It is named as the file system has it, without symbolic links, as a run finds its own. An absolute one
/// that is not there, for a plan that runs elsewhere, stays as it is written.
static bool readStartDirectory(const ProgramFlags &flags, Options &out, DiagnosticEngine &diagnostics) {
  if (!flags.startDirectory.getNumOccurrences())
    return true;
  std::string_view text = flags.startDirectory.getValue();
  llvm::SmallString<256> real;
  if (!text.empty() && !llvm::sys::fs::real_path(text, real))
    text = std::string_view(real.data(), real.size());
  if (isAbsolutePath(text) && invalidUtf8At(text) == std::string_view::npos)
    out.startDirectory = normalPath(text);
  if (out.startDirectory.empty())
    diagnostics.report(Diag::BadFlagValue, {},
                       {flags.startDirectory.getValue(), "--start-directory",
                        "a directory that exists, or an absolute path"});
  return !out.startDirectory.empty();
}

static bool readImports(const ProgramFlags &flags, Options &out, DiagnosticEngine &diagnostics) {
  for (const std::string &directory : flags.imports) {
    if (!llvm::sys::fs::is_directory(directory)) {
      diagnostics.report(Diag::BadFlagValue, {}, {directory, "-I", "a directory that exists"});
      return false;
    }
    out.imports.push_back(directory);
  }
  return true;
}

bool compiler::readProgramFlags(const ProgramFlags &flags, Options &out, DiagnosticEngine &diagnostics) {
  bool good = readLevel(flags, out, diagnostics);
  good &= readStartDirectory(flags, out, diagnostics);
  good &= readImports(flags, out, diagnostics);
  if (flags.passes.getNumOccurrences())
    out.passes = flags.passes;
  out.rerolls = flags.reroll;
  out.manager.disabled.assign(flags.disable.begin(), flags.disable.end());
  out.compileCache = flags.compileCache;
  for (const std::string &name : flags.warnings)
    if (!out.warnings.choose(name)) {
      diagnostics.report(Diag::BadFlagValue, {},
                         {name, "-W", "the kind of a warning, `error` or `all`" + nearestWarning(name)});
      good = false;
    }
  return good;
}

Result<Options> compiler::readOptions(int argc, char **argv, const std::string &tool) {
  tools::dropForeignOptions(argv[0]);
  Flags flags(tool);
  const bool checks = tool != "xcsc";
  const char *overview = checks ? "Reports mistakes and warnings in programs.\n"
                                : "Compiles programs in XIR to plans that xcs-run executes.\n";
  if (!tools::readCommandLine(argc, argv, tool, overview))
    return Failure{};
  Options out;
  if (!Reader(flags, out, checks).read())
    return Failure{};
  return out;
}
