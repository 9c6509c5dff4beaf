#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Store/Journal.h"
#include "xcs/Support/Limits.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/World.h"
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace xcs {

// A world that keeps a journal of another one, and takes from it what earlier processes have done.

/// What is to be done about operations that may have happened, and whose result is not known.
struct DoubtRules {
  enum class Rule : uint8_t {
    Stop,  // the run does not start
    Retry, // they are carried out again
    Skip,  // they count as done; only where the result is `none`
    Fail,  // they count as failed
  };
  Rule all = Rule::Stop;
  std::map<std::string, Rule, std::less<>> each;     // by where they are: JournalEntry::at
  std::map<std::string, Value, std::less<>> answers; // their results, JSON, by the same

  Rule ruleOf(std::string_view at) const;
  bool mentions(std::string_view at) const { return each.contains(at) || answers.contains(at); }
};

/// What a journal means for one execution.
enum class JournalMeaning : uint8_t {
  Answered, // its answer is there
  New,      // nothing is known of it
  Again,    // it had started, and may start again
  Failed,   // it had failed, and is tried again
  Lost,     // others won a race
  InDoubt,  // it had started, and must not start again by itself
};

/// How a journal is used by one run.
struct JournalUse {
  DoubtRules rules;
  /// The plan and its arguments are those of the journal: operations have the same numbers.
  bool isSameRun = false;
  /// Nothing is written to the journal, and rules do not count; for a world that carries nothing out.
  bool isDry = false;
  /// Called with each operation that is asked for, from any thread.
  std::function<void(uint32_t op, const std::string &at, JournalMeaning meaning)> told = nullptr;
};

/// How many operations had their answers taken from a journal, and how many were carried out. Thread safety:
/// all members, from any thread.
struct JournalCounts {
  std::atomic<uint64_t> taken{0}, carriedOut{0};
  /// Answers that were taken although their names are no longer in the program: for the same requests at the
  /// same places. The new names and the old ones.
  Mutex mutex;
  std::vector<std::pair<std::string, std::string>> renamed XCS_GUARDED_BY(mutex);
  /// Writes that have happened, and of which the journal could not keep that.
  std::vector<std::string> unkept XCS_GUARDED_BY(mutex);
};

/// What a new journal says of its run.
JournalHead journalHead(const PlanView &plan, uint32_t function, std::span<const Value> arguments,
                        uint64_t seed);

/// The operations in doubt, also those that the program no longer has, as far as `rules` do not say what to
/// do about them.
std::vector<JournalEntry> openDoubts(const JournalContent &content, const DoubtRules &rules);
/// Entries of operations whose names the program no longer has.
std::vector<JournalEntry> strangers(const PlanView &plan, const JournalContent &content);

/// A world that carries out nothing but `random.*` of the one that `inner` makes: everything else waits until
/// nothing more can happen, and is then cancelled.
MakeWorld dryWorld(const PlanView &plan, MakeWorld inner);

/// A world in front of the one that `inner` makes. Before a write that must not happen twice begins, a row
/// says so; when anything has an outcome, a row has it. What the journal has an answer for is not carried
/// out. Operations without an effect outside (`log.print`, `random.*`) are not in it.
MakeWorld journaledWorld(const PlanView &plan, const Limits &limits, MakeWorld inner,
                         std::shared_ptr<Journal> journal, JournalUse use,
                         std::shared_ptr<JournalCounts> counts);

} // namespace xcs
