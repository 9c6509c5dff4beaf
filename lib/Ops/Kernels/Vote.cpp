#include "Ops/KernelSupport.h"
#include "xcs/Support/InternIndex.h"
#include <algorithm>

namespace xcs::kernels {

bool vote_majority(KernelCall &call) {
  struct Candidate {
    const Value *answer;
    size_t votes = 0;
  };
  std::vector<Candidate> candidates; // in list order, so that the first of the most frequent wins a tie
  InternIndex known;
  for (const Value &answer : call.operand(0).items()) {
    uint64_t hash = hashValue(answer);
    uint32_t at = known.find(hash, [&](uint32_t i) { return equalValues(*candidates[i].answer, answer); });
    if (at == InternIndex::absent) {
      at = static_cast<uint32_t>(candidates.size());
      known.insert(hash, at);
      candidates.push_back({&answer});
    }
    ++candidates[at].votes;
  }
  if (candidates.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  return give(call, *std::ranges::max_element(candidates, {}, &Candidate::votes)->answer);
}

} // namespace xcs::kernels
