#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/Store/Recording.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/World.h"
#include <memory>

namespace xcs {

// Worlds that write down every answer of another one, and that give those answers again.

/// The lines of a recording that is made. Thread safety: all members, from any thread.
class RecordedLines {
public:
  void add(std::string line);
  /// The file's content, secrets redacted.
  std::string text(const PlanView &plan, const std::vector<std::string> &secrets) const;

private:
  mutable Mutex mutex;
  std::vector<std::string> lines XCS_GUARDED_BY(mutex);
};

/// A world in front of the one that `inner` makes, which adds a line for each answer to `lines`. What
/// `log.print` prints is not an answer. An answer that has no JSON form (nan, a secret) is left out, so that
/// a replay says that it is missing.
MakeWorld recordingWorld(const PlanView &plan, const Limits &limits, MakeWorld inner,
                         std::shared_ptr<RecordedLines> lines);

/// A world that answers from a recording and touches nothing: no grant is needed, and no time passes. Answers
/// come one at a time, in the order of the recording, whenever the engine has nothing left to do: so the same
/// member of a race wins, whatever the schedule and the number of threads. A request without an answer, or
/// whose answer was no longer needed when it was recorded, waits; it fails once nothing else is left to
/// happen. `log.print` prints to the host. The deadline of the run (RunStart) never passes.
MakeWorld replayWorld(const PlanView &plan, const Limits &limits, std::shared_ptr<const Recording> recording,
                      std::shared_ptr<Host> host);

} // namespace xcs
