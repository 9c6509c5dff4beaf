#include "Runtime/EarlyVote.h"
#include <algorithm>

using namespace xcs;

void EarlyVote::count(uint32_t voter, const Value &answer) {
  uint64_t hash = hashValue(answer);
  const Candidate *seen = candidates.data();
  uint32_t at = index.find(hash, [&](uint32_t c) { return equalValues(seen[c].answer, answer); });
  if (at == InternIndex::absent) {
    at = static_cast<uint32_t>(candidates.size());
    index.insert(hash, at);
    candidates.push_back({answer, 0, voter});
  }
  Candidate &candidate = candidates[at];
  candidate.first = std::min(candidate.first, voter);
  ++candidate.votes;
  if (at == best)
    return;
  if (candidate.votes <= candidates[best].votes) {
    secondVotes = std::max(secondVotes, candidate.votes);
    return;
  }
  secondVotes = candidates[best].votes;
  best = at;
}

/// Whether the best candidate wins a tie with another one that receives all unknown votes.
bool EarlyVote::winsTies() const {
  const Candidate &leader = candidates[best];
  if (leader.first > firstUnknown)
    return false;
  for (const Candidate &other : candidates)
    if (&other != &leader && other.votes == secondVotes && other.first < leader.first)
      return false;
  return true;
}

bool EarlyVote::isDecided() {
  while (firstUnknown < known.size() && known[firstUnknown])
    ++firstUnknown;
  const uint32_t unknown = static_cast<uint32_t>(known.size()) - answers;
  if (unknown == 0)
    return true;
  const uint32_t most = secondVotes + unknown, votes = candidates[best].votes;
  // The result is the winner as the first voter in the list wrote it.
  if (!isExact && candidates[best].first > firstUnknown)
    return false;
  return most < votes || (most == votes && winsTies());
}

EarlyVote::Outcome EarlyVote::answered(uint32_t voter, const Value &answer) {
  MutexLock lock(mutex);
  known[voter] = true;
  ++answers;
  count(voter, answer);
  return isDecided() ? Outcome::Decided : Outcome::Open;
}

/// The best candidate may still receive all remaining votes; the failed ones might have been for the second.
EarlyVote::Outcome EarlyVote::failed() {
  MutexLock lock(mutex);
  ++failures;
  const uint32_t pending = static_cast<uint32_t>(known.size()) - answers - failures;
  const uint32_t votes = candidates.empty() ? 0 : candidates[best].votes;
  return votes + pending < secondVotes + failures ? Outcome::Hopeless : Outcome::Open;
}
