#include "Common/Output.h"
#include "llvm/Support/Process.h"

using namespace xcs;

llvm::raw_ostream *tools::Output::stream() {
  if (!isStandardOutput || !llvm::sys::Process::StandardOutIsDisplayed())
    return file.stream();
  if (!shown)
    shown.emplace(*file.stream(), Escapes::Json);
  return &*shown;
}

Status tools::Output::commit() {
  shown.reset();
  return file.commit();
}

Status tools::writeOutput(const std::string &path, std::string_view content, DiagnosticEngine &diagnostics) {
  Output output(path, diagnostics);
  llvm::raw_ostream *out = output.stream();
  if (!out)
    return Failure{};
  *out << llvm::StringRef(content.data(), content.size());
  return output.commit();
}
