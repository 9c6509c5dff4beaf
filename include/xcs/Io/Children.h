#pragma once
#include "xcs/Io/BlockingPool.h"
#include "xcs/Io/ProcessGroups.h"
#include "xcs/Io/Reactor.h"
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace xcs {

/// What to run: an absolute path, all arguments (the name first), the whole environment as `NAME=VALUE`.
struct ChildSpec {
  std::string program, directory; // empty: the working directory
  std::vector<std::string> arguments, environment;
  bool hasInput = false;
  std::string input;
  uint64_t outputLimit = 0; // of each of the two outputs, in bytes
};

/// How a program ended.
struct ChildOutcome {
  enum class End : uint8_t {
    Exited,
    TooMuchOutput,
    NotStarted,       // the reason says why; nothing of it has run
    LacksDescriptors, // the same: this process has no descriptors left for it
    Lost,             // it ran, and how it ended is unknown; the reason says why
  } end = End::Exited;
  int64_t exit = 0; // 128 and the signal's number when a signal ended it
  std::string out, err;
  std::string reason;
};

/// Programs that run for operations. Each leads its own session and process group. It has the three standard
/// descriptors and no others, and exactly the environment it was given. Nothing outlives it: processes left
/// in its group are killed when it exits. Starting a program takes about a millisecond, so threads do that
/// while the reactor continues. Thread safety: the reactor's thread only, except `busy` and `killAll`.
class Children {
public:
  /// `openFiles`: the limit on descriptors of a program; none: that of this process.
  explicit Children(Reactor &reactor, std::optional<uint64_t> openFiles = std::nullopt);
  ~Children();

  struct Child;
  using Done = std::function<void(ChildOutcome)>;
  /// Starts a program. `done` is called once, never from within `start`.
  Child *start(ChildSpec spec, Done done);
  /// Withdraws a program whose start has not begun; `done` is then not called. False if it has begun.
  bool withdraw(Child *child);
  /// Terminates a program with its group: SIGTERM, then SIGKILL to what remains after `grace`. `done` is not
  /// called any more. Returns whether any of it may have run.
  bool stop(Child *child);
  /// The number of programs.
  size_t size() const { return children.size(); }
  /// Whether a started program has not been reaped, or a group that was terminated still exists. From any
  /// thread.
  bool busy() const { return left.load(std::memory_order_acquire) != 0; }
  /// Shortens the grace of programs that were terminated, because this process is about to exit.
  void shortenGrace();
  /// Kills every group at once; no program starts from now on. From any thread.
  void killAll() { groups->killAll(); }

  /// The time between SIGTERM and SIGKILL for a group.
  static constexpr int64_t grace = 1'000'000'000; // 1 s
  /// The same when this process is about to exit.
  static constexpr int64_t shortGrace = 300'000'000; // 300 ms
  /// The interval at which a terminated group is polled.
  static constexpr int64_t groupInterval = 10'000'000; // 10 ms

private:
  friend struct Child;
  void remove(Child *child);

  Reactor &reactor;
  const std::optional<uint64_t> openFiles;
  BlockingPool starters;
  std::vector<std::unique_ptr<Child>> children;
  std::atomic<size_t> left{0};                                               // of `children`
  std::shared_ptr<ProcessGroups> groups = std::make_shared<ProcessGroups>(); // also of the starters
};

} // namespace xcs
