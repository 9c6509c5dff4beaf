#include "Common/CommonFlags.h"
#include "Common/Output.h"
#include "xcs/Commands.h"
#include "xcs/Support/ShellWord.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
namespace cl = llvm::cl;

static constexpr std::string_view firstProgram = R"(#!/usr/bin/env -S xcs run
// Greets each name, all at once. Start it with
//   xcs run PATH --arg 'names=["Ada", "Grace"]'
// A model is declared as
//   model @gpt {url = "https://api.openai.com/v1", model = "gpt-4o-mini", key = secret("OPENAI_API_KEY")}
// and asked with `model.chat @gpt(%question) : str`. What a run may touch is granted on its command line:
//   xcs run PATH --explain=grants
// prints what this program asks for.

func @main(%names: list<str>) -> list<str> {
  %greetings = map(%names) : list<str> {
  ^(%name: str)
    %greeting = str.format(%name) {template = "Hello, {0}!"} : str
    yield(%greeting)
  }
  return(%greetings)
}
)";

namespace {

struct Flags {
  tools::FlagGroups groups{"Program"};
  tools::CommonFlags common{groups};
  cl::list<std::string> paths{cl::Positional, cl::desc("PROGRAM.xir"), cl::cat(groups.main)};
};

} // namespace

/// The first program, which names itself as `path`, as a shell reads it.
static std::string programText(const std::string &file) {
  const std::string path = shellWord(file.starts_with('-') && file != "-" ? "./" + file : file);
  std::string text(firstProgram);
  static constexpr std::string_view place = "PATH";
  for (size_t at = text.find(place); at != text.npos; at = text.find(place, at + path.size()))
    text.replace(at, place.size(), path);
  return text;
}

static ExitCode write(const std::string &path, DiagnosticEngine &diagnostics) {
  if (path.empty())
    diagnostics.report(Diag::FileNeeded, {}, {"new", "the name of a file: xcs new PROGRAM.xir"});
  else if (path != "-" && (llvm::sys::fs::exists(path) || llvm::sys::fs::is_symlink_file(path)))
    diagnostics.reportFile(Diag::FileExists, path, {path});
  else if (path.find_first_of("\r\n") != path.npos)
    diagnostics.reportFile(Diag::CannotWrite, path, {path, "a name with a line end"});
  else if (tools::writeOutput(path, programText(path), diagnostics) && path != "-") {
    namespace fs = llvm::sys::fs;
    if (auto now = fs::getPermissions(path)) // those who may read it may start it
      static_cast<void>(fs::setPermissions(path, *now | static_cast<fs::perms>((*now & fs::all_read) >> 2)));
  }
  return diagnostics.exitCode();
}

ExitCode driver::newProgram(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  Flags flags;
  if (!tools::readCommandLine(argc, argv, "xcs new",
                              "Writes a program to begin with; `-` is standard output.\n"))
    return ExitCode::BadUsage;
  DiagnosticEngine diagnostics(&llvm::errs(), flags.common.diagnostics);
  diagnostics.setColour(tools::isInColour(flags.common.colour));
  if (flags.paths.empty())
    diagnostics.report(Diag::FileNeeded, {}, {"new", "the name of a file: xcs new PROGRAM.xir"});
  else if (flags.paths.size() > 1)
    diagnostics.report(Diag::ManyInputs, {}, {flags.paths[1], flags.paths[0], "xcs new"});
  else
    return write(flags.paths[0], diagnostics);
  return diagnostics.exitCode();
}
