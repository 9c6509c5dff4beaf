#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Support/InternIndex.h"
#include "xcs/Support/Mutex.h"
#include <vector>

namespace xcs {

/// Counts the answers of a majority vote as they arrive, and detects when no outstanding answer can change
/// the winner: the most frequent one, and among equally frequent ones the first in the list. A failed voter
/// counts as one that could have answered anything, so the decision does not depend on the order in which
/// voters finish. The winner among the answers known at the decision is the winner of all: no other can have
/// as many.
/// Thread safety: any number of threads. Every voter ends at most once.
class EarlyVote {
public:
  /// `isExact`: equal answers are identical. Numbers may be equal but written differently (1 and 1.0 in JSON,
  /// 0.0 and -0.0); then the winner must be known in the form of the first in the list.
  explicit EarlyVote(uint32_t voters, bool isExact = true) : known(voters), isExact(isExact) {}

  enum class Outcome : uint8_t {
    Open,
    Decided,
    Hopeless, // too many have failed for a decision
  };
  Outcome answered(uint32_t voter, const Value &answer);
  Outcome failed();

private:
  struct Candidate {
    Value answer;
    uint32_t votes, first; // first: its first voter in the list
  };
  void count(uint32_t voter, const Value &answer) XCS_REQUIRES(mutex);
  bool isDecided() XCS_REQUIRES(mutex);
  bool winsTies() const XCS_REQUIRES(mutex);

  Mutex mutex;
  std::vector<bool> known XCS_GUARDED_BY(mutex); // by voter: whether it has answered
  const bool isExact;
  uint32_t firstUnknown XCS_GUARDED_BY(mutex) = 0;
  uint32_t answers XCS_GUARDED_BY(mutex) = 0, failures XCS_GUARDED_BY(mutex) = 0;
  std::vector<Candidate> candidates XCS_GUARDED_BY(mutex);
  InternIndex index XCS_GUARDED_BY(mutex);        // of candidates, by answer
  uint32_t best XCS_GUARDED_BY(mutex) = 0;        // a candidate with the most votes, if there is one
  uint32_t secondVotes XCS_GUARDED_BY(mutex) = 0; // the most votes of any other
};

} // namespace xcs
