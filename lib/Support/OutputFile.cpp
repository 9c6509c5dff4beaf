#include "xcs/Support/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;
namespace fs = llvm::sys::fs;

static std::error_code lastError() { return {errno, std::generic_category()}; }

OutputFile::~OutputFile() {
  if (file)
    file->clear_error(); // an error of an abandoned file must not abort the process
  file.reset();
  if (temporary.empty())
    return;
  ::unlink(temporary.c_str());
  llvm::sys::DontRemoveFileOnSignal(temporary);
}

bool OutputFile::fail(std::error_code error) {
  std::string name = isStandardOutput() ? "standard output" : path;
  diagnostics.reportFile(Diag::CannotWrite, name, {name, error.message()});
  return false;
}

/// Whether a path must be written in place: an existing file that is not a plain one, and the names under
/// which a process finds its own descriptors.
static bool writtenInPlace(llvm::StringRef path, const fs::file_status &status) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/"))
    return true;
  return fs::exists(status) && !fs::is_regular_file(status);
}

bool OutputFile::open() {
  fs::file_status before(fs::file_type::file_not_found);
  static_cast<void>(fs::status(path, before)); // what has no status cannot be written either
  if (writtenInPlace(path, before))
    return openInPlace();
  // A link stays a link: its target is replaced.
  llvm::SmallString<128> target;
  if (fs::is_symlink_file(path) && !fs::real_path(path, target))
    path = target.str().str();
  unsigned usual = 0666u & ~fs::getUmask();
  return openBeside(fs::exists(before) ? static_cast<unsigned>(before.permissions()) : usual);
}

bool OutputFile::openInPlace() {
  std::error_code error;
  file.emplace(path, error, fs::CD_OpenExisting, fs::FA_Write, fs::OF_None);
  if (!error)
    return true;
  file->clear_error();
  file.reset();
  return fail(error);
}

bool OutputFile::openBeside(unsigned permissions) {
  std::string name = path + ".XXXXXX";
  int descriptor = ::mkstemp(name.data());
  if (descriptor < 0)
    return fail(lastError());
  temporary = name;
  file.emplace(descriptor, /*shouldClose=*/true);
  llvm::sys::RemoveFileOnSignal(temporary);
  // The new file keeps the permissions of the old one; mkstemp allows only the owner.
  return ::fchmod(descriptor, permissions) == 0 || fail(lastError());
}

llvm::raw_ostream *OutputFile::stream() {
  if (isStandardOutput())
    return &llvm::outs();
  if (!file && !open())
    return nullptr;
  return &*file;
}

std::error_code OutputFile::moveToPlace() {
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return lastError();
  llvm::sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
  return {};
}

Status OutputFile::commit() {
  llvm::raw_ostream *out = stream();
  if (!out)
    return Failure{};
  auto &written = static_cast<llvm::raw_fd_ostream &>(*out);
  // Some file systems report only at the end that there is no room.
  if (temporary.empty())
    written.flush();
  else
    written.close();
  std::error_code error = written.error();
  written.clear_error();
  if (!error && !temporary.empty())
    error = moveToPlace();
  if (!error)
    return success();
  fail(error);
  return Failure{};
}
