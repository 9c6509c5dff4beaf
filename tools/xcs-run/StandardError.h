#pragma once
#include "xcs/Support/Host.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <condition_variable>
#include <mutex>
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
  /// Waits until everything is written, for at most `atMost`; the rest is lost.
  void finish(std::optional<std::chrono::milliseconds> atMost);

private:
  void write_impl(const char *text, size_t size) override;
  uint64_t current_pos() const override { return position; }
  /// Writes what can be written without blocking; keeps the rest. Called with the lock held.
  void put(std::string_view text);
  void startWriter();
  void work();

  const bool isTerminal;
  uint64_t position = 0;
  std::mutex mutex; // guards the rest
  std::condition_variable hasText, hasRoom;
  std::string kept;
  size_t writing = 0; // bytes that the thread is writing
  bool isStarted = false, isBroken = false;
};

/// The process of `xcs-run`: log lines go to standard error.
class RunnerHost final : public ProcessHost {
public:
  explicit RunnerHost(StandardError &out) : out(out) {}
  void log(std::string_view lines, const std::function<bool()> &wanted) override { out.log(lines, wanted); }

private:
  StandardError &out;
};

} // namespace xcs::runner
