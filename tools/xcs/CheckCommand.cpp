#include "Common/Process.h"
#include "xcs/Commands.h"
#include "xcsc/Driver.h"

using namespace xcs;

ExitCode driver::checkPrograms(int argc, char **argv) {
  auto options = compiler::readOptions(argc, argv, "xcs check");
  if (!options)
    return ExitCode::BadUsage;
  tools::exitOutOfMemory(options->diagnostics);
  ExitCode first = compiler::Driver(*options).run();
  for (const std::string &input : std::vector<std::string>(options->moreInputs)) {
    options->input = input;
    const ExitCode exit = compiler::Driver(*options).run();
    if (first == ExitCode::Done)
      first = exit;
  }
  return first;
}
