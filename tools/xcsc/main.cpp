// xcsc: compiles a program to a plan. Output goes where `-o` says, messages to standard error.
#include "Common/Process.h"
#include "xcsc/Driver.h"
#include "xcsc/Pages.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace xcs;
using namespace xcs::compiler;

static ExitCode printPageOut(Page page) {
  DiagnosticEngine diagnostics(&llvm::errs());
  tools::Output output("-", diagnostics);
  printPage(page, *output.stream());
  return output.commit() ? ExitCode::Done : ExitCode::ProgramFailed;
}

int main(int argc, char **argv) {
  tools::openStandardDescriptors();
  tools::reportLostOutput();
  tools::exitOutOfMemory(DiagnosticFormat::Text);
  std::signal(SIGXFSZ, SIG_IGN); // a write beyond `ulimit -f` then fails, and that is reported
  auto options = readOptions(argc, argv);
  if (!options)
    return static_cast<int>(ExitCode::BadUsage);
  tools::exitOutOfMemory(options->diagnostics);
  ExitCode exit = options->page == Page::None ? Driver(*options).run() : printPageOut(options->page);
  return static_cast<int>(exit);
}
