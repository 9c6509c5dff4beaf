// xcs-run: executes a plan. The result is JSON on standard output, everything else goes to standard error.
#include "Common/Process.h"
#include "xcs-run/Run.h"
#include "xcs/Plan/PlanFile.h"

using namespace xcs;
using namespace xcs::runner;

static ExitCode open(const Options &options, StandardError &errors, DiagnosticEngine &diags) {
  auto file = PlanFile::open(options.plan, diags, options.run.limits);
  return file ? explainOrRun((*file)->view(), options, errors, diags) : diags.exitCode();
}

int main(int argc, char **argv) {
  tools::openStandardDescriptors();
  tools::reportLostOutput();
  tools::exitOutOfMemory(DiagnosticFormat::Text);
  auto options = readOptions(argc, argv);
  if (!options)
    return static_cast<int>(ExitCode::BadUsage);
  tools::exitOutOfMemory(options->diagnostics);
  // Lives as long as the process, like its thread.
  static StandardError &errors = *new StandardError;
  DiagnosticEngine diags(&errors, options->diagnostics);
  diags.setColour(options->colour);
  const ExitCode exit = open(*options, errors, diags);
  errors.finish(std::nullopt);
  return static_cast<int>(exit);
}
