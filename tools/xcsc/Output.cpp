#include "xcsc/Output.h"
#include "llvm/ADT/SmallString.h"

using namespace xcs;
using namespace xcs::compiler;
namespace fs = llvm::sys::fs;

OutputFile::~OutputFile() {
  if (file)
    file->clear_error(); // an error that nobody asked for is no reason to abort
  file.reset();
  if (temporary)
    llvm::consumeError(temporary->discard());
}

bool OutputFile::fail(std::error_code error) {
  std::string name = isStandardOutput() ? "standard output" : path;
  diagnostics.reportFile(Diag::CannotWrite, name, {name, error.message()});
  return false;
}

/// Whether a path names something that must be written in place: what is there and is no plain file, and the
/// names under which a process finds its own descriptors.
static bool writtenInPlace(llvm::StringRef path) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/"))
    return true;
  fs::file_status status;
  return !fs::status(path, status) && fs::exists(status) && !fs::is_regular_file(status);
}

bool OutputFile::open() {
  std::error_code error;
  if (writtenInPlace(path)) {
    file.emplace(path, error, fs::CD_OpenExisting, fs::FA_Write, fs::OF_None);
    if (error && file->has_error())
      file->clear_error();
    if (error)
      file.reset();
    return error ? fail(error) : true;
  }
  // A link stays a link: what it points to is replaced.
  llvm::SmallString<128> target;
  if (fs::is_symlink_file(path) && !fs::real_path(path, target))
    path = target.str().str();
  llvm::Expected<fs::TempFile> made =
      fs::TempFile::create(path + ".%%%%%%%%.part", fs::all_read | fs::all_write);
  if (!made)
    return fail(llvm::errorToErrorCode(made.takeError()));
  temporary.emplace(std::move(*made));
  file.emplace(temporary->FD, /*shouldClose=*/false);
  return true;
}

llvm::raw_ostream *OutputFile::stream() {
  if (isStandardOutput())
    return &llvm::outs();
  if (!file && !open())
    return nullptr;
  return &*file;
}

Status OutputFile::keep() {
  llvm::raw_ostream *out = stream();
  if (!out)
    return Failure{};
  auto &written = static_cast<llvm::raw_fd_ostream &>(*out);
  written.flush();
  std::error_code error = written.error();
  written.clear_error();
  if (!error && temporary) {
    file.reset();
    error = llvm::errorToErrorCode(temporary->keep(path));
    temporary.reset();
  }
  if (!error)
    return success();
  fail(error);
  return Failure{};
}
