#pragma once
#include "Options.h"
#include "RequestLog.h"
#include "Server.h"
#include <memory>
#include <uv.h>

namespace xcs::faults {

/// One run of the server: opens it, runs the command where there is one, and ends for the first of these
/// reasons: the command has ended, the time is up, a signal came, standard input was closed.
///
/// Thread safety: none; one session a process (it owns libuv's default loop and the signal handlers).
class Session {
public:
  explicit Session(Options options);
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// The exit status of the process; messages have been written to standard error.
  int run();

private:
  /// Reads what the options name and listens. Nothing is served yet: the loop does not turn.
  Result<void, Error> open();
  /// The rules of the script, and behind them those of the profile.
  Result<Script, Error> readRules();
  /// Writes the files that name the port, then starts the command.
  Result<void, Error> start();
  Result<void, Error> spawn();
  /// This process's, with the endpoint's port and URL.
  std::vector<std::string> commandEnvironment() const;
  /// Sets up all the reasons to end but the command's.
  void watch();
  void watchInput();
  void end(int status);
  void drain();
  /// Ends the command's group and the log; says the status.
  int finish();
  std::string fillIn(const std::string &text) const;

  Options options;
  uv_loop_t *loop;
  RequestLog log;
  std::unique_ptr<Server> server;
  std::size_t scriptRules = 0;
  uv_timer_t limit{};
  uv_signal_t interrupt{}, terminate{};
  uv_poll_t input{};
  uv_process_t child{};
  /// The command has been started; it has not ended yet.
  bool spawned = false, running = false;
  bool ended = false;
  int status = 0;
};

} // namespace xcs::faults
