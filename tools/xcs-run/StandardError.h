#pragma once
#include "xcs/Support/Host.h"
#include "xcs/Support/Mutex.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace xcs::runner {

/// Standard error, which may not be read: writers are never blocked by that. What does not fit into the pipe
/// is kept and written by a separate thread. Thread safety: all members. Lives as long as the process.
class StandardError final : public llvm::raw_ostream {
public:
  StandardError();
  ~StandardError() override;

  /// Writes whole lines of `log.print`. If too much is kept already, waits for room for as long as `wanted`.
  void log(std::string_view lines, const std::function<bool()> &wanted);
  /// Shows a line that stays below everything else that is written until it is replaced; empty: none. For a
  /// terminal.
  void setStatus(std::string line);
  /// The same for a line in which a person is to write; until it is replaced, no status is shown.
  void setPrompt(std::string_view line);
  /// Waits until everything is written, for at most `atMost`; the rest is lost.
  void finish(std::optional<std::chrono::milliseconds> atMost);

private:
  void write_impl(const char *text, size_t size) override;
  uint64_t current_pos() const override { return position; }
  /// Writes at once what cannot block; what is left is kept.
  void put(std::string_view text) XCS_REQUIRES(mutex);
  /// The same for lines, above the status.
  void putLines(std::string_view lines) XCS_REQUIRES(mutex);
  void startWriter() XCS_REQUIRES(mutex);
  bool isDone() const XCS_REQUIRES(mutex) { return (kept.empty() && !writing) || isBroken; }
  void work();

  const bool isTerminal;
  uint64_t position = 0;
  Mutex mutex;
  Condition hasText, hasRoom;
  std::string kept XCS_GUARDED_BY(mutex), status XCS_GUARDED_BY(mutex);
  size_t writing XCS_GUARDED_BY(mutex) = 0; // bytes that the thread has in hand
  bool hasPrompt XCS_GUARDED_BY(mutex) = false;
  bool isStarted XCS_GUARDED_BY(mutex) = false, isBroken XCS_GUARDED_BY(mutex) = false;
};

/// The process of `xcs-run`: log lines go to standard error, and secrets may come from files.
class RunnerHost final : public ProcessHost {
public:
  using Secrets = std::map<std::string, std::string, std::less<>>;
  RunnerHost(StandardError &out, Secrets secrets) : out(out), secrets(std::move(secrets)) {}
  std::optional<std::string> secret(std::string_view name) const override {
    auto given = secrets.find(name);
    return given == secrets.end() ? environment(name) : std::optional(given->second);
  }
  void log(std::string_view lines, const std::function<bool()> &wanted) override { out.log(lines, wanted); }

private:
  StandardError &out;
  const Secrets secrets;
};

} // namespace xcs::runner
