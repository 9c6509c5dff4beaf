#include "xcs-run/Recordings.h"
#include "xcs/Store/PrivateFolder.h"
#include "xcs/Support/ReadFile.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using namespace xcs;
using namespace xcs::runner;

static std::string fileIn(const std::string &folder) {
  return folder + (folder.ends_with('/') ? "" : "/") + std::string(recordingFile);
}

static std::string systemMessage(int number) { return std::generic_category().message(number); }

std::shared_ptr<const Recording> runner::readReplay(const Options &options, DiagnosticEngine &diagnostics) {
  const std::string path = fileIn(options.replay);
  struct stat status;
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) { // a pipe would be waited for
    diagnostics.reportFile(Diag::InputUnreadable, path, {path, "it is not a plain file"});
    return nullptr;
  }
  const auto text = readFile(path, options.run.limits[Limit::RunBytes]);
  if (!text) {
    diagnostics.reportFile(Diag::InputUnreadable, path, {path, text.error().message()});
    return nullptr;
  }
  auto recording = readRecording(*text, path, options.run.limits, diagnostics);
  return recording ? std::make_shared<const Recording>(std::move(*recording)) : nullptr;
}

std::unique_ptr<RecordingOutput> RecordingOutput::create(const std::string &folder,
                                                         DiagnosticEngine &diagnostics) {
  const std::string why = makePrivateFolder(folder);
  const std::string path = fileIn(folder);
  const int descriptor =
      why.empty() ? ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
  if (descriptor >= 0)
    return std::unique_ptr<RecordingOutput>(new RecordingOutput(path, descriptor));
  if (why.empty() && errno == EEXIST)
    diagnostics.reportFile(Diag::RecordingExists, folder, {folder});
  else
    diagnostics.reportFile(Diag::CannotWrite, folder, {folder, why.empty() ? systemMessage(errno) : why});
  return nullptr;
}

/// A file without a whole recording is removed.
RecordingOutput::~RecordingOutput() {
  ::close(descriptor);
  if (!isWritten)
    ::unlink(path.c_str());
}

bool RecordingOutput::write(std::string_view content, DiagnosticEngine &diagnostics) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0) {
      diagnostics.reportFile(Diag::CannotWrite, path, {path, systemMessage(errno)});
      return false;
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  isWritten = true;
  return true;
}
