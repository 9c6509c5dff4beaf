#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/InternIndex.h"
#include <algorithm>
#include <cmath>

namespace xcs::kernels {

namespace {

/// Returns the answer with the greatest sum of votes; `votesOf(i)` is the weight of element `i`. Answers are
/// kept in list order, so that the first one wins a tie.
template <class Votes> bool returnWinner(KernelCall &call, Votes votesOf) {
  using Number = decltype(votesOf(0));
  struct Candidate {
    const Value *answer;
    Number votes{};
  };
  std::vector<Candidate> candidates;
  InternIndex known;
  std::span<const Value> answers = call.operand(0).items();
  for (size_t i = 0; i < answers.size(); ++i) {
    if (isStopped(call))
      return false;
    uint64_t hash = hashValue(answers[i]);
    uint32_t at =
        known.find(hash, [&](uint32_t c) { return equalValues(*candidates[c].answer, answers[i]); });
    if (at == InternIndex::absent) {
      at = static_cast<uint32_t>(candidates.size());
      known.insert(hash, at);
      candidates.push_back({&answers[i]});
    }
    candidates[at].votes += votesOf(i);
  }
  if (candidates.empty())
    return call.fail(Diag::EmptyList, {opName(call)});
  return returnValue(call, *std::ranges::max_element(candidates, {}, &Candidate::votes)->answer);
}

} // namespace

bool vote_majority(KernelCall &call) {
  return returnWinner(call, [](size_t) -> size_t { return 1; });
}

bool vote_weighted(KernelCall &call) {
  std::span<const Value> answers = call.operand(0).items(), weights = call.operand(1).items();
  if (answers.size() != weights.size())
    return call.fail(Diag::LengthMismatch,
                     {opName(call), std::to_string(answers.size()), std::to_string(weights.size())});
  for (size_t i = 0; i < weights.size(); ++i)
    if (double weight = weights[i].asF64(); !std::isfinite(weight) || weight < 0)
      return call.fail(Diag::BadArgument, {"weight " + std::to_string(i), opName(call),
                                           "be finite and not negative", printFloat(weight)});
  return returnWinner(call, [&](size_t i) { return weights[i].asF64(); });
}

// The first error is the most useful: later voters often fail for the same reason.
bool vote_first_valid(KernelCall &call) {
  std::span<const Value> items = call.operand(0).items();
  for (const Value &item : items)
    if (item.kind() == ValueKind::OptionSome || item.kind() == ValueKind::ResultOk)
      return returnValue(call, item.items()[0]);
  if (items.empty())
    return call.fail(Diag::NoValidElement, {"the list is empty"});
  std::string why = "none of its " + std::to_string(items.size()) + " elements has a value";
  if (items[0].kind() == ValueKind::ResultError)
    why += "; the first error is: " + std::string(items[0].items()[1].text());
  return call.fail(Diag::NoValidElement, {why});
}

} // namespace xcs::kernels
