#pragma once
#include "Common/FlagParsers.h"
#include "xcs/Support/Limits.h"

namespace xcs::tools {

enum class Colour : uint8_t { Auto, Always, Never };

/// The groups of `--help`, which all tools have.
struct FlagGroups {
  explicit FlagGroups(llvm::StringRef main) : main(main) {}
  llvm::cl::OptionCategory main;
  llvm::cl::OptionCategory messages{"Messages"};
  llvm::cl::OptionCategory limits{"Limits"};
};

/// The flags that all tools have.
struct CommonFlags {
  explicit CommonFlags(FlagGroups &groups);
  llvm::cl::list<std::string> limit;
  WordFlag<DiagnosticFormat> diagnostics;
  WordFlag<Colour> colour;
};

/// Whether messages on standard error are coloured: on a terminal, unless NO_COLOR is set
/// (https://no-color.org) or TERM is `dumb`.
bool isInColour(Colour wanted);

/// Reads the limits; reports wrong ones.
bool readLimits(const llvm::cl::list<std::string> &given, Limits &limits, DiagnosticEngine &diagnostics);

/// `0.1.0 (abcdef012345)`: the version, and the commit if it is known.
std::string versionText();

/// Registers the options that the next command line may have anew: LLVM's library has some under names that
/// we need.
void dropForeignOptions(const char *program);

/// Parses a command line for the flags that exist, which may have response files, and reports what is wrong.
/// Exits for
/// `--help`, `--version` and `-V`. `tool` is what messages and `--help` call the program: `xcsc`, `xcs run`.
bool readCommandLine(int argc, char **argv, const std::string &tool, const char *overview);

} // namespace xcs::tools
