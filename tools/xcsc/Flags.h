#pragma once
#include "Common/CommonFlags.h"
#include "xcsc/Options.h"

namespace xcs::compiler {

// All flags, created when the command line is read: no work before main.

/// The flags that determine the plan of a program, for every tool that makes one.
struct ProgramFlags {
  explicit ProgramFlags(llvm::cl::OptionCategory &group);
  llvm::cl::opt<std::string> level, passes;
  llvm::cl::opt<bool> reroll;
  llvm::cl::list<std::string> disable, warnings, imports;
  llvm::cl::opt<std::string> startDirectory, compileCache;
};

/// Reads them; reports what cannot be used. `limits` and the forms of messages in `out` are those of the
/// caller.
bool readProgramFlags(const ProgramFlags &flags, Options &out, DiagnosticEngine &diagnostics);

/// The other flags of `xcsc`.
struct Flags {
  explicit Flags(const std::string &tool);
  tools::FlagGroups groups;
  llvm::cl::OptionCategory passGroup{"Passes"}, testGroup{"Tests and documentation"};
  tools::CommonFlags common;
  ProgramFlags program;
  llvm::cl::list<std::string> inputs;
  llvm::cl::opt<std::string> output;
  tools::WordFlag<Emit> emit;
  tools::Switch listPasses;
  llvm::cl::list<std::string> printBefore, printAfter;
  tools::Switch printBeforeAll, printAfterAll, printDiff;
  llvm::cl::opt<std::string> reproducer;
  tools::Switch verifyEach, timePasses, stats;
  llvm::cl::list<std::string> remarks;
  tools::WordFlag<DiagnosticFormat> remarksFormat;
  tools::Switch split, verifyDiagnostics;
  tools::WordFlag<Page> page;
  llvm::cl::extrahelp examples;
};

} // namespace xcs::compiler
