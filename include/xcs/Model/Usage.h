#pragma once
#include <cstdint>

namespace xcs {

/// A sum over answers, some of which may not report a count: those are counted separately, never taken as 0.
struct TokenCount {
  uint64_t sum = 0;      // over the answers that report it
  uint64_t reported = 0; // how many report it
  uint64_t unknown = 0;  // answers that do not report it

  void add(uint64_t tokens) {
    addToSum(tokens);
    ++reported;
  }
  TokenCount &operator+=(const TokenCount &o) {
    addToSum(o.sum);
    reported += o.reported;
    unknown += o.unknown;
    return *this;
  }

private:
  /// A server may report any number: the sum stays at the greatest one.
  void addToSum(uint64_t tokens) { sum = tokens > UINT64_MAX - sum ? UINT64_MAX : sum + tokens; }
};

/// What the calls of models used. Every answered request is in the token counts, whatever became of its
/// answer, because it was paid for.
struct ModelUsage {
  uint64_t calls = 0;     // operations that sent something
  uint64_t requests = 0;  // requests sent, including all of the following
  uint64_t retries = 0;   // sent again because the attempt before failed
  uint64_t reasks = 0;    // sent again because the answer did not fit
  uint64_t answers = 0;   // requests that were answered by the model
  uint64_t abandoned = 0; // cancelled, timed out or broken off in flight: their cost is unknown
  TokenCount prompt, completion;
  TokenCount cached, reasoning; // parts of prompt and of completion
  // Calls that the result cache answered, which are in no other count, and the tokens that their answers had
  // taken, as far as was reported.
  uint64_t savedCalls = 0, savedTokens = 0;

  ModelUsage &operator+=(const ModelUsage &o) {
    calls += o.calls;
    requests += o.requests;
    retries += o.retries;
    reasks += o.reasks;
    answers += o.answers;
    abandoned += o.abandoned;
    prompt += o.prompt;
    completion += o.completion;
    cached += o.cached;
    reasoning += o.reasoning;
    savedCalls += o.savedCalls;
    savedTokens += o.savedTokens;
    return *this;
  }
};

/// The usage of one operation of a plan, over all its executions in a run.
struct OpUsage {
  uint32_t op; // index in PlanView::ops
  ModelUsage usage;
};

} // namespace xcs
