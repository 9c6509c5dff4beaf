#pragma once
#include "xcs/Support/Diagnostics.h"
#include <span>
#include <string_view>

namespace xcs::driver {

/// A command of `xcs`: what follows its name is its own command line, and `argv[0]` is `xcs` with the name.
struct Command {
  std::string_view name, arguments, summary;
  ExitCode (*run)(int argc, char **argv);
};

/// All commands, in the order of `xcs help`.
std::span<const Command> allCommands();

// Each reads its flags, does its work and reports what is wrong.
ExitCode runProgram(int argc, char **argv);
ExitCode checkPrograms(int argc, char **argv);
ExitCode formatPrograms(int argc, char **argv);
ExitCode explain(int argc, char **argv);
ExitCode newProgram(int argc, char **argv);
ExitCode testFolders(int argc, char **argv);
ExitCode help(int argc, char **argv);

} // namespace xcs::driver
