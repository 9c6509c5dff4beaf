#include "Common/Output.h"
#include "xcs/Support/Paths.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

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

/// An existing file that is not a plain one is written in place, everything else beside the old one
/// (OutputFile.h).
static std::error_code whyNotWritable(const std::string &path) {
  struct stat status;
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    return std::make_error_code(std::errc::is_a_directory);
  if (exists && !S_ISREG(status.st_mode))
    return ::access(path.c_str(), W_OK) == 0 ? std::error_code()
                                             : std::error_code(errno, std::generic_category());
  std::string name = path + ".XXXXXX";
  const int probe = ::mkstemp(name.data());
  if (probe < 0)
    return {errno, std::generic_category()};
  ::close(probe);
  ::unlink(name.c_str());
  return {};
}

bool tools::isWritable(const std::string &path, DiagnosticEngine &diagnostics) {
  if (path.empty() || path == "-" || path.starts_with("/dev/") || path.starts_with("/proc/"))
    return true;
  const std::error_code why = whyNotWritable(path);
  if (why)
    diagnostics.reportFile(Diag::CannotWrite, path, {path, why.message()});
  return !why;
}

bool tools::isSameFile(const std::string &one, const std::string &other) {
  namespace fs = llvm::sys::fs;
  if (one.empty() || other.empty() || one == "-" || other == "-" ||
      (fs::exists(one) && !fs::is_regular_file(one)))
    return false;
  return normalPath(one) == normalPath(other) || fs::equivalent(one, other);
}

bool tools::replacesInput(const std::string &output, std::span<const std::string> files,
                          DiagnosticEngine &diagnostics) {
  const bool isInput = std::any_of(files.begin(), files.end(),
                                   [&](const std::string &file) { return isSameFile(output, file); });
  if (isInput)
    diagnostics.report(Diag::OutputIsInput, {}, {output});
  return isInput;
}

Status tools::writeOutput(const std::string &path, std::string_view content, DiagnosticEngine &diagnostics) {
  Output output(path, diagnostics);
  llvm::raw_ostream *out = output.stream();
  if (!out)
    return Failure{};
  *out << llvm::StringRef(content.data(), content.size());
  return output.commit();
}
