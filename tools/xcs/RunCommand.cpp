#include "Common/Process.h"
#include "xcs-run/Flags.h"
#include "xcs-run/Run.h"
#include "xcs/Commands.h"
#include "xcs/ProgramPlan.h"
#include "xcsc/Flags.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

/// What the flags of a run say of the compilation before it.
static Result<compiler::Options> compilerOptions(const runner::Options &run,
                                                 const compiler::ProgramFlags &flags) {
  compiler::Options out;
  out.input = run.plan;
  out.limits = run.run.limits;
  out.diagnostics = run.diagnostics;
  out.colour = run.colour;
  DiagnosticEngine diagnostics(&llvm::errs(), out.diagnostics);
  diagnostics.setColour(out.colour);
  if (!readProgramFlags(flags, out, diagnostics))
    return Failure{};
  if (!flags.compileCache.getNumOccurrences())
    out.compileCache = driver::usualCache();
  if (out.level && out.passes) {
    diagnostics.report(Diag::OptionConflict, {}, {"-O", "--passes"});
    return Failure{};
  }
  return out;
}

ExitCode driver::runProgram(int argc, char **argv) {
  tools::dropForeignOptions(argv[0]);
  runner::Flags flags("xcs run");
  llvm::cl::OptionCategory group("Compilation");
  compiler::ProgramFlags programFlags(group);
  if (!tools::readCommandLine(argc, argv, "xcs run", "Compiles a program and runs it, or runs a plan.\n"))
    return ExitCode::BadUsage;
  auto options = readFlags(flags);
  if (!options)
    return ExitCode::BadUsage;
  tools::exitOutOfMemory(options->diagnostics);
  auto compile = compilerOptions(*options, programFlags);
  if (!compile)
    return ExitCode::BadUsage;
  ExitCode exit = ExitCode::Done;
  auto plan = planOf(options->plan, *compile, options->run.limits, exit);
  if (!plan)
    return exit;
  options->parts = std::move(plan->parts);
  // Both live as long as the process, like the threads that use them.
  static runner::StandardError &errors = *new runner::StandardError;
  DiagnosticEngine diagnostics(&errors, options->diagnostics);
  diagnostics.setColour(options->colour);
  exit = explainOrRun(plan->file->view(), *options, errors, diagnostics);
  errors.finish(std::nullopt);
  return exit;
}
