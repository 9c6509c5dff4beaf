#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Support/InternIndex.h"
#include "xcs/Support/Mutex.h"
#include <vector>

namespace xcs {

/// Counts the answers of a majority vote as they come, and knows when no answer that is still to come can
/// change which one wins: the most frequent, of equally frequent ones the one that stands first. A voter that
/// failed counts as one that could have answered anything: so what is decided does not depend on the order in
/// which voters end. The winner among the answers that were there when it was decided is the winner of all:
/// nothing else can have as many.
/// Thread safety: any number of threads. Every voter ends once at most.
class EarlyVote {
public:
  /// `isExact`: equal answers are the same to the letter. Numbers may be equal and yet written differently (1
  /// and 1.0 in JSON, 0.0 and -0.0); then the winner must be known as the first in the list wrote it.
  explicit EarlyVote(uint32_t voters, bool isExact = true) : known(voters), isExact(isExact) {}

  enum class Outcome : uint8_t {
    Open,
    Decided,
    Hopeless, // too many have failed for anything to be decided
  };
  Outcome answered(uint32_t voter, const Value &answer);
  Outcome failed();

private:
  struct Candidate {
    Value answer;
    uint32_t votes, first; // first: the voter that stands first in the list
  };
  void count(uint32_t voter, const Value &answer) XCS_REQUIRES(mutex);
  bool isDecided() XCS_REQUIRES(mutex);
  bool winsTies() const XCS_REQUIRES(mutex);

  Mutex mutex;
  std::vector<bool> known XCS_GUARDED_BY(mutex); // by voter: has answered
  const bool isExact;
  uint32_t firstUnknown XCS_GUARDED_BY(mutex) = 0;
  uint32_t answers XCS_GUARDED_BY(mutex) = 0, failures XCS_GUARDED_BY(mutex) = 0;
  std::vector<Candidate> candidates XCS_GUARDED_BY(mutex);
  InternIndex index XCS_GUARDED_BY(mutex);        // of candidates, by answer
  uint32_t best XCS_GUARDED_BY(mutex) = 0;        // a candidate with the most votes, once there is one
  uint32_t secondVotes XCS_GUARDED_BY(mutex) = 0; // the most votes of any other
};

} // namespace xcs
