#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Store/Recording.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/World.h"
#include <memory>
#include <optional>
#include <utility>

namespace xcs {

// Worlds that write down every answer of another one, and that give those answers again.

/// The answers of a recording that is made. Thread safety: all members, from any thread.
class RecordedAnswers {
public:
  void add(RecordedAnswer answer);
  /// Of an answer that has no JSON form: the operation, and why.
  void addUnwritable(std::string op, std::string why);
  /// The file's content; secrets are redacted in what was asked and answered. `unwritable` gets the first
  /// operation whose answer is missing, and why.
  std::string text(const PlanView &plan, const std::vector<std::string> &secrets,
                   std::optional<std::pair<std::string, std::string>> &unwritable) const;

private:
  mutable Mutex mutex;
  std::vector<RecordedAnswer> answers XCS_GUARDED_BY(mutex);
  std::optional<std::pair<std::string, std::string>> firstUnwritable XCS_GUARDED_BY(mutex);
};

/// A world in front of the one that `inner` makes, which adds each answer to `answers`. What `log.print`
/// prints is not an answer.
MakeWorld recordingWorld(const PlanView &plan, const Limits &limits, MakeWorld inner,
                         std::shared_ptr<RecordedAnswers> answers);

/// A world that answers from a recording and touches nothing: no grant is needed, and no time passes. Answers
/// come one at a time, in the order of the recording, whenever the engine has nothing left to do: so the same
/// member of a race of waits wins, whatever the schedule and the number of threads. Computing takes no time
/// beside them. A request without an answer, or whose answer was no longer needed when it was recorded,
/// waits; it fails once nothing else is left to happen. `log.print` prints to the host. The deadline of the
/// run (RunStart) never passes.
MakeWorld replayWorld(const PlanView &plan, const Limits &limits, std::shared_ptr<const Recording> recording,
                      std::shared_ptr<Host> host);

} // namespace xcs
