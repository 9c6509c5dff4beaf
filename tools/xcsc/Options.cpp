#include "xcsc/Options.h"
#include "Common/Flags.h"
#include "Common/ResponseFiles.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Support/Visible.h"
#include "xcsc/Remarks.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;
namespace cl = llvm::cl;

namespace {

/// All flags, created when the command line is read: no work before main.
struct Flags {
  cl::OptionCategory category{"xcsc options"};
  cl::list<std::string> inputs{cl::Positional, cl::desc("IN.xir"), cl::cat(category)};
  cl::opt<std::string> output{"o",
                              cl::desc("Where the output goes; `-` is standard output, the default for text"),
                              cl::value_desc("OUT"), cl::cat(category)};
  cl::opt<Emit> emit{
      "emit", cl::desc("What to produce:"), cl::init(Emit::Plan), cl::cat(category),
      cl::values(
          clEnumValN(Emit::Plan, "plan", "a plan for xcs-run (default)"),
          clEnumValN(Emit::Xir, "xir", "the program as text, after the passes that -O or --passes name"),
          clEnumValN(Emit::Dot, "dot", "the dependency graph for Graphviz"),
          clEnumValN(Emit::Mermaid, "mermaid", "the dependency graph for Mermaid"),
          clEnumValN(Emit::Json, "json", "the dependency graph with levels and costs as JSON"),
          clEnumValN(Emit::Report, "report", "a summary for people: sizes, levels, critical path, patterns"),
          clEnumValN(Emit::None, "none", "nothing: check the program only"))};
  cl::opt<std::string> level{
      "O",
      cl::desc("Optimise: 0 to 3. Plans and reports default to -O2; everything else shows the "
               "program as written unless -O or --passes is given"),
      cl::value_desc("0-3"), cl::Prefix, cl::cat(category)};
  cl::opt<std::string> passes{"passes", cl::desc("Run these passes, in this order, in place of those of -O"),
                              cl::value_desc("a,b(c),..."), cl::cat(category)};
  cl::list<std::string> disable{"disable-pass", cl::desc("Skip a pass"), cl::value_desc("PASS"),
                                cl::CommaSeparated, cl::cat(category)};
  cl::opt<bool> listPasses{"list-passes", cl::desc("Print the passes and their options"), cl::cat(category)};
  cl::list<std::string> printBefore{"print-before",
                                    cl::desc("Print the program before a pass, on standard error"),
                                    cl::value_desc("PASS"), cl::CommaSeparated, cl::cat(category)};
  cl::list<std::string> printAfter{"print-after",
                                   cl::desc("Print the program after a pass, on standard error"),
                                   cl::value_desc("PASS"), cl::CommaSeparated, cl::cat(category)};
  cl::opt<bool> printBeforeAll{"print-before-all", cl::desc("Print the program before every pass"),
                               cl::cat(category)};
  cl::opt<bool> printAfterAll{"print-after-all", cl::desc("Print the program after every pass"),
                              cl::cat(category)};
  cl::opt<bool> printDiff{"print-diff", cl::desc("Print what every pass changed"), cl::cat(category)};
  cl::opt<std::string> reproducer{
      "crash-reproducer", cl::desc("Write the program and the passes to this file if the compiler crashes"),
      cl::value_desc("FILE"), cl::cat(category)};
  cl::opt<bool> verifyEach{
      "verify-each",
      cl::desc("Check the program and what is known of it after every pass; with =false, and in a release "
               "without the option, once, after the last"),
      cl::init(PassManagerOptions().verifyEach), cl::cat(category)};
  cl::opt<bool> timePasses{"time-passes", cl::desc("Print the time of every pass on standard error"),
                           cl::cat(category)};
  cl::opt<bool> stats{"stats", cl::desc("Print the counts of every pass on standard error"),
                      cl::cat(category)};
  cl::list<std::string> remarks{
      "remarks",
      cl::desc("Show remarks: all, a class (passed, missed, analysis), or kinds of remarks by name"),
      cl::value_desc("all|CLASS|KIND"), cl::CommaSeparated, cl::cat(category)};
  cl::opt<DiagnosticFormat> remarksFormat{
      "remarks-format", cl::desc("Form of remarks:"), cl::init(DiagnosticFormat::Text),
      cl::values(clEnumValN(DiagnosticFormat::Text, "text", "for people (default)"),
                 clEnumValN(DiagnosticFormat::Json, "json", "one JSON object per line")),
      cl::cat(category)};
  cl::opt<DiagnosticFormat> diagnostics{
      "diagnostics", cl::desc("Form of all messages:"), cl::init(DiagnosticFormat::Text),
      cl::values(clEnumValN(DiagnosticFormat::Text, "text", "for people (default)"),
                 clEnumValN(DiagnosticFormat::Json, "json", "one JSON object per line")),
      cl::cat(category)};
  cl::opt<std::string> startDirectory{
      "start-directory",
      cl::desc("The plan will be started in this directory, and nowhere else; `.` is the present one. "
               "Relative and absolute paths of files can then be compared"),
      cl::value_desc("DIR"), cl::cat(category)};
  cl::opt<std::string> compileCache{
      "compile-cache",
      cl::desc("Keep plans in this directory, and take the plan of a program that has not changed from it"),
      cl::value_desc("DIR"), cl::cat(category)};
  cl::opt<bool> split{"split-input-file", cl::desc("Compile the parts between lines `// -----` one by one"),
                      cl::cat(category)};
  cl::opt<bool> verifyDiagnostics{
      "verify-diagnostics",
      cl::desc("Compare the messages with comments such as `// expected-error@+1 {{text}}`; write no output"),
      cl::cat(category)};
  cl::list<std::string> limit{"limit", cl::desc("Change a limit; --print-op-docs=limits names them"),
                              cl::value_desc("NAME=N"), cl::cat(category)};
  cl::opt<Page> page{
      "print-op-docs",
      cl::desc("Print a reference page and compile nothing:"),
      cl::ValueOptional,
      cl::init(Page::None),
      cl::values(clEnumValN(Page::Ops, "", "the operations"), clEnumValN(Page::Ops, "ops", "the operations"),
                 clEnumValN(Page::Resources, "resources", "the kinds of resources"),
                 clEnumValN(Page::Limits, "limits", "the limits"),
                 clEnumValN(Page::Diagnostics, "diagnostics", "the messages"),
                 clEnumValN(Page::Passes, "passes", "the passes"),
                 clEnumValN(Page::Patterns, "patterns", "the patterns"),
                 clEnumValN(Page::Grammar, "grammar", "a TextMate grammar for editors"),
                 clEnumValN(Page::Dictionary, "dictionary", "the words of the language, for libFuzzer")),
      cl::cat(category)};
};

/// Checks what LLVM's reader has accepted, and reports what cannot be used.
class Reader {
public:
  Reader(const Flags &flags, Options &out)
      : flags(flags), out(out), diags(&llvm::errs(), flags.diagnostics) {}

  bool read() {
    copy();
    readLevel();
    readStartDirectory();
    for (const std::string &text : flags.limit)
      readLimit(text);
    for (const std::string &name : flags.remarks)
      if (!chooseRemarks(name, out.remarks))
        badValue(name, "--remarks", remarkForm(name));
    if (out.page == Page::None)
      checkUse();
    return !diags.hasErrors();
  }

private:
  void copy();
  void readLevel();
  void readStartDirectory();
  void readLimit(std::string_view text);
  void checkUse();
  void checkPlanOutput();
  void conflict(std::string_view one, std::string_view other) {
    diags.report(Diag::OptionConflict, {}, {one, other});
  }
  void badValue(std::string_view value, std::string_view flag, std::string_view form) {
    diags.report(Diag::BadFlagValue, {}, {value, flag, form});
  }

  const Flags &flags;
  Options &out;
  DiagnosticEngine diags;
};

} // namespace

void Reader::copy() {
  out.input = flags.inputs.empty() ? std::string() : flags.inputs.front();
  out.output = flags.output;
  out.emit = flags.emit;
  if (flags.verifyDiagnostics && !flags.emit.getNumOccurrences())
    out.emit = Emit::None;
  if (flags.passes.getNumOccurrences())
    out.passes = flags.passes;
  PassManagerOptions &m = out.manager;
  m.disabled.assign(flags.disable.begin(), flags.disable.end());
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
  out.remarksFormat = flags.remarksFormat.getNumOccurrences() ? flags.remarksFormat : flags.diagnostics;
  out.diagnostics = flags.diagnostics;
  out.compileCache = flags.compileCache;
  out.splitInput = flags.split;
  out.verifyDiagnostics = flags.verifyDiagnostics;
  out.page = flags.listPasses ? Page::Passes : flags.page;
}

void Reader::readLevel() {
  if (!flags.level.getNumOccurrences())
    return;
  std::string_view text = flags.level.getValue();
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '3')
    out.level = static_cast<unsigned>(text[0] - '0');
  else
    badValue(text, "-O", "a level from 0 to 3");
}

/// It is named as the file system has it, without symbolic links, as a run finds its own. An absolute one
/// that is not there, for a plan that runs elsewhere, stays as it is written.
void Reader::readStartDirectory() {
  if (!flags.startDirectory.getNumOccurrences())
    return;
  std::string_view text = flags.startDirectory.getValue();
  llvm::SmallString<256> real;
  if (!text.empty() && !llvm::sys::fs::real_path(text, real))
    text = std::string_view(real.data(), real.size());
  if (isAbsolutePath(text) && invalidUtf8At(text) == std::string_view::npos)
    out.startDirectory = normalPath(text);
  if (out.startDirectory.empty())
    badValue(flags.startDirectory.getValue(), "--start-directory",
             "a directory that exists, or an absolute path");
}

void Reader::readLimit(std::string_view text) {
  if (!tools::setLimit(out.limits, text))
    badValue(text, "--limit", "NAME=N with a name that `xcsc --print-op-docs=limits` prints");
}

void Reader::checkUse() {
  if (flags.inputs.size() > 1)
    diags.report(Diag::ManyInputs, {}, {flags.inputs[1], out.input, "xcsc"});
  if (out.input.empty()) {
    diags.report(Diag::InputNeeded, {});
    return;
  }
  if (out.level && out.passes)
    conflict("-O", "--passes");
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
  else if (out.input != "-" && out.output != "-" && llvm::sys::fs::equivalent(out.input, out.output))
    diags.report(Diag::OutputIsInput, {}, {out.output});
}

/// LLVM's library registers options of its own when it first reads (`stats` among them). They are registered
/// once without ours and removed, so that none of them is accepted or conflicts with ours.
static void dropForeignOptions(const char *program) {
  const char *nothing[] = {program};
  cl::ParseCommandLineOptions(1, nothing);
  std::vector<cl::Option *> foreign;
  for (auto &entry : cl::getRegisteredOptions())
    if (entry.first() != "help" && entry.first() != "help-hidden" && entry.first() != "version")
      foreign.push_back(entry.second);
  for (cl::Option *option : foreign)
    option->removeArgument();
}

Result<Options> compiler::readOptions(int argc, char **argv) {
  dropForeignOptions(argv[0]);
  Flags flags;
  cl::SetVersionPrinter([](llvm::raw_ostream &out) { out << "xcsc " XCS_VERSION "\n"; });
  VisibleStream messages(llvm::errs());
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  DiagnosticEngine usage(&llvm::errs());
  auto arguments = tools::readResponseFiles(argc, argv, saver, usage);
  if (!arguments ||
      !cl::ParseCommandLineOptions(static_cast<int>(arguments->size()), arguments->data(),
                                   "Compiles programs in XIR to plans that xcs-run executes.\n", &messages))
    return Failure{};
  Options out;
  if (!Reader(flags, out).read())
    return Failure{};
  return out;
}
