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

/// How it ended.
struct ChildOutcome {
  enum class End : uint8_t {
    Exited,
    TooMuchOutput,
    NotStarted,       // the reason says why; nothing of it has run
    LacksDescriptors, // the same: this process has none left for it
    Lost,             // it ran, and the reason says why nobody knows how it ended
  } end = End::Exited;
  int64_t exit = 0; // 128 and the signal's number when a signal ended it
  std::string out, err;
  std::string reason;
};

/// Programs that run for operations. Each leads a session and process group of its own, has the three
/// standard descriptors and no other, and the environment it was given and nothing else. Nothing outlives it:
/// what it leaves running in its group is killed when it ends. Starting one takes a millisecond in which
/// nothing else could happen: threads do that, and the reactor goes on. Thread safety: the reactor's thread
/// only, but for `busy` and `killAll`.
class Children {
public:
  /// `openFiles`: how many descriptors a program may have; none: as many as this process.
  explicit Children(Reactor &reactor, std::optional<uint64_t> openFiles = std::nullopt);
  ~Children();

  struct Child;
  using Done = std::function<void(ChildOutcome)>;
  /// Starts a program. `done` is called once, never from within `start`.
  Child *start(ChildSpec spec, Done done);
  /// Takes a program back whose start has not begun; then `done` is not called any more. False when it has.
  bool withdraw(Child *child);
  /// Ends a program with its group: SIGTERM, and SIGKILL to what is still there after `grace`. `done` is not
  /// called any more. Whether anything of it may have run.
  bool stop(Child *child);
  /// How many programs there are.
  size_t size() const { return children.size(); }
  /// Whether something that was started has not been reaped, or a group that was stopped is still there. From
  /// any thread.
  bool busy() const { return left.load(std::memory_order_acquire) != 0; }
  /// Shortens the grace of those that were told to end, for a process that is about to end.
  void hurry();
  /// Kills every group at once, and whatever is started from now on. From any thread.
  void killAll() { groups.killAll(); }

  /// How long a group that was told to end may take for it.
  static constexpr int64_t grace = 1'000'000'000; // 1 s
  /// How long it may take when the process is about to end.
  static constexpr int64_t shortGrace = 300'000'000; // 300 ms
  /// How often a group that was told to end is looked at.
  static constexpr int64_t groupInterval = 10'000'000; // 10 ms

private:
  friend struct Child;
  void remove(Child *child);

  Reactor &reactor;
  const std::optional<uint64_t> openFiles;
  BlockingPool starters;
  std::vector<std::unique_ptr<Child>> children;
  std::atomic<size_t> left{0}; // of `children`
  ProcessGroups groups;
};

} // namespace xcs
