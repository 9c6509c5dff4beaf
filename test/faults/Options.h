#pragma once
#include "Text.h"
#include <string>
#include <utility>
#include <vector>

namespace xcs::faults {

/// The command line, read but not yet acted on.
struct Options {
  enum class Mode { Serve, Summary, Requests, Help };
  Mode mode = Mode::Serve;

  int port = 0;
  std::uint64_t latencyNs = 100'000'000;
  double maxSeconds = 60;
  bool echo = false;
  bool strict = false;
  bool exitOnStdinClose = false;
  /// Empty: none.
  std::string script, log, readyFile;
  /// The file that `Summary` and `Requests` read.
  std::string report;
  /// Copied with `{port}` and `{url}` filled in.
  std::vector<std::pair<std::string, std::string>> substitutions;
  /// Empty: serve until told to stop.
  std::vector<std::string> command;
};

extern const char *const usage;

Result<Options, Error> parseOptions(const std::vector<std::string> &arguments);

} // namespace xcs::faults
