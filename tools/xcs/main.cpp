// xcs: one driver for programs and plans. `xcs run p.xir` is xcsc and xcs-run in one process.
#include "Common/CommonFlags.h"
#include "Common/Process.h"
#include "xcs/Commands.h"
#include "xcs/Support/NearestName.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace xcs;
using namespace xcs::driver;

static constexpr Command commands[] = {
    {"run", "PROGRAM.xir|PLAN.xplan", "compile a program, unless its plan is in the cache, and run it",
     runProgram},
    {"check", "PROGRAM.xir...", "report mistakes and warnings, and write nothing", checkPrograms},
    {"fmt", "PROGRAM.xir...", "give programs their canonical layout; --check only says which lack it",
     formatPrograms},
    {"test", "FOLDER...", "run recorded programs, and compare what they print with what is expected",
     testFolders},
    {"explain", "FILE|KIND", "what a program or a plan asks for and how it runs, or what a message means",
     explain},
    {"new", "PROGRAM.xir", "write a program to begin with", newProgram},
    {"help", "[COMMAND]", "this text, or that of a command", help},
};

std::span<const Command> driver::allCommands() { return commands; }

static const Command *findCommand(std::string_view name) {
  for (const Command &command : commands)
    if (command.name == name)
      return &command;
  return nullptr;
}

static ExitCode unknown(std::string_view name) {
  NearestName nearest(name);
  for (const Command &command : commands)
    nearest.offer(command.name);
  DiagnosticEngine diagnostics(&llvm::errs());
  diagnostics.setColour(tools::isInColour(tools::Colour::Auto));
  diagnostics.report(Diag::UnknownCommand, {}, {name, nearest.suggestion()});
  return ExitCode::BadUsage;
}

ExitCode driver::help(int argc, char **argv) {
  if (argc > 1) {
    const Command *command = findCommand(argv[1]);
    if (!command)
      return unknown(argv[1]);
    char flag[] = "--help";
    char *arguments[] = {argv[1], flag, nullptr};
    return command->run == help ? help(1, argv) : command->run(2, arguments);
  }
  llvm::outs() << "usage: xcs COMMAND [ARGUMENTS]\n\n";
  for (const Command &command : commands)
    llvm::outs() << "  xcs "
                 << llvm::left_justify((std::string(command.name) + " ").append(command.arguments), 32)
                 << command.summary << '\n';
  llvm::outs() << "\n`xcs help COMMAND` lists the flags of a command; `xcs --version` prints the version.\n"
                  "A program whose first line is `#!/usr/bin/env -S xcs run` can be started by its name.\n";
  return ExitCode::Done;
}

static ExitCode dispatch(int argc, char **argv) {
  if (argc < 2) {
    DiagnosticEngine(&llvm::errs()).report(Diag::CommandNeeded, {});
    return ExitCode::BadUsage;
  }
  const std::string_view name = argv[1];
  if (name == "--version" || name == "-V") {
    llvm::outs() << "xcs " << tools::versionText() << '\n';
    return ExitCode::Done;
  }
  if (name == "--help" || name == "-h" || name == "-help")
    return help(1, argv);
  const Command *command = findCommand(name);
  return command ? command->run(argc - 1, argv + 1) : unknown(name);
}

int main(int argc, char **argv) {
  tools::openStandardDescriptors();
  tools::reportLostOutput();
  tools::exitOutOfMemory(DiagnosticFormat::Text);
  std::signal(SIGXFSZ, SIG_IGN); // a write beyond `ulimit -f` then fails, and that is reported
  return static_cast<int>(dispatch(argc, argv));
}
