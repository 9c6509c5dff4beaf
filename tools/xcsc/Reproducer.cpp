#include "xcsc/Reproducer.h"
#include "xcs/IR/Printer.h"
#include "xcs/Support/ShellWord.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::compiler;

Reproducer::~Reproducer() {
  if (!path.empty())
    llvm::sys::fs::remove(path);
}

static std::string pipelineText(const PipelineSteps &steps, const std::vector<std::string> &disabled) {
  std::string text;
  for (const PipelineStep &step : steps) {
    if (std::find(disabled.begin(), disabled.end(), step.row->name) != disabled.end())
      continue;
    text.append(text.empty() ? "" : ",").append(step.row->name);
    if (!step.options.empty())
      text.append("(").append(step.options).append(")");
  }
  return text;
}

Status Reproducer::write(const Module &module, const PipelineSteps &steps, const PassManagerOptions &options,
                         DiagnosticEngine &diagnostics) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error, llvm::sys::fs::CD_CreateNew);
  if (!error) {
    out << "// xcsc " XCS_VERSION " did not come to the end of this program:\n//   xcsc " << shellWord(path)
        << " --passes=\"" << pipelineText(steps, options.disabled) << "\"";
    if (!module.startDirectory.empty())
      out << " --start-directory=" << shellWord(module.startDirectory);
    out << " --emit=none\n";
    print(module, out);
    out.close();
    error = out.error();
    out.clear_error();
  }
  if (!error)
    return success();
  if (error == std::errc::file_exists) { // and is not removed
    diagnostics.reportFile(Diag::FileExists, path, {path});
    path.clear();
    return Failure{};
  }
  diagnostics.reportFile(Diag::CannotWrite, path, {path, error.message()});
  return Failure{};
}
