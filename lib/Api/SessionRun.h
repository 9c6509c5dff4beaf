#pragma once
#include "Api/SessionCore.h"

namespace xcs {

/// A run of a session: between the engine, which executes it, and those who wait for it. Owns itself while it
/// is in flight. Locks: of two runs, never both; none while a callback is called.
struct SessionRun final : RunOwner, std::enable_shared_from_this<SessionRun> {
  SessionRun(uint64_t number, std::shared_ptr<SessionProgram> program, uint32_t function,
             RunSettings settings)
      : number(number), program(std::move(program)), function(function), settings(std::move(settings)) {}

  /// Fails before it has begun.
  void failAtOnce(Diag why, std::initializer_list<std::string_view> arguments, Session::Impl *session);
  /// Why it cannot start with these inputs in that session (SessionProgram::session); empty: it can.
  std::string whyBad(const std::shared_ptr<const void> &session, const std::vector<RunInput> &inputs) const;
  /// Starts it. The inputs have been checked.
  void start(Session::Impl &session, std::vector<RunInput> inputs);
  void abort(Diag why, std::string message);
  void abandon();

  // RunOwner.
  void began(RunInFlight &run) override;
  void resultKnown(uint32_t result, Value value) override;
  void ended(RunReport given) override;

  bool wait();
  bool waitUntil(std::chrono::steady_clock::time_point end);
  std::optional<Value> resultOf(uint32_t result);

  const uint64_t number;
  const std::shared_ptr<SessionProgram> program; // may be null where it failed at once
  const uint32_t function;
  std::atomic<bool> isOver{false};
  RunReport report; // written before `isOver` is set, and not after
  RunRef failedRun; // likewise; empty: itself

  // In Session::Impl's list; with its mutex held.
  SessionRun *next = nullptr, *previous = nullptr;
  std::shared_ptr<SessionRun> self;

private:
  /// A run that waits for a result of this one.
  struct Waiting {
    std::shared_ptr<SessionRun> consumer;
    uint32_t parameter, result;
  };
  void produceFor(Waiting waiting);
  void serve(const Waiting &waiting);
  void setInput(uint32_t parameter, Value value);
  void failInput(uint32_t parameter, const SessionRun &producer);
  std::string whyBadProducer(const PlanParameter &parameter, const RunInput &input) const;
  void finish(RunReport given);

  RunSettings settings;
  Session::Impl *session = nullptr; // while it is in flight
  std::vector<RunInput> pending;    // by parameter; from `start` to `began`

  Mutex mutex;
  Condition over;
  RunInFlight *inFlight XCS_GUARDED_BY(mutex) = nullptr; // while it is with the engine
  std::optional<OpError> abortion XCS_GUARDED_BY(mutex); // that came before it had begun
  std::vector<Waiting> waiting XCS_GUARDED_BY(mutex);
  std::vector<Value> early XCS_GUARDED_BY(mutex); // by result; empty: not known yet
  std::vector<std::pair<uint32_t, RunRef>> failedInputs XCS_GUARDED_BY(mutex);
};

} // namespace xcs
