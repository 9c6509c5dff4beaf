#pragma once
#include "Text.h"
#include <string>
#include <utility>
#include <vector>

namespace xcs::faults {

/// The command line, read but not yet acted on.
struct Options {
  enum class Mode { Serve, Summary, Requests, Profiles, Help };
  Mode mode = Mode::Serve;

  /// 0: a free one.
  int port = 0;
  std::uint64_t latencyNs = 100'000'000;
  /// A forgotten server must not stay: there is no way to switch this off.
  double maxSeconds = 60;
  bool echo = false;
  bool strict = false;
  bool exitOnStdinClose = false;
  /// Empty: none.
  std::string script, profile, log, readyFile;
  /// The file that `Summary` and `Requests` read.
  std::string report;
  /// Copied with `{port}` and `{url}` filled in.
  std::vector<std::pair<std::string, std::string>> substitutions;
  /// Empty: serve until told to stop.
  std::vector<std::string> command;
};

/// What `--help` prints.
extern const char *const usage;

/// Every option may be written `--name value` or `--name=value`; all behind `--` is the command.
Result<Options, Error> parseOptions(const std::vector<std::string> &arguments);

} // namespace xcs::faults
