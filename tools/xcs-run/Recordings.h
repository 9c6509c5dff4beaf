#pragma once
#include "xcs-run/Options.h"
#include "xcs/World/Recordings.h"

namespace xcs::runner {

/// Reads the recording in a folder; reports what is wrong with it.
std::shared_ptr<const Recording> readReplay(const Options &options, DiagnosticEngine &diagnostics);

/// The file of a recording that is made. It is created before the run, so that what would prevent it is known
/// in time, and written after it, when all secrets are known that must not be in it. The folder is for this
/// user alone (mode 0700) unless it was there, and the file too (mode 0600).
class RecordingOutput {
public:
  /// Reports why there can be no recording in that folder.
  static std::unique_ptr<RecordingOutput> create(const std::string &folder, DiagnosticEngine &diagnostics);
  ~RecordingOutput();
  const std::string &file() const { return path; }
  bool write(std::string_view content, DiagnosticEngine &diagnostics);

private:
  RecordingOutput(std::string path, int descriptor) : path(std::move(path)), descriptor(descriptor) {}
  std::string path;
  int descriptor;
  bool isWritten = false;
};

} // namespace xcs::runner
