#pragma once
#include <cstdint>

namespace xcs {

/// A sum over answers of which some may not have said: those are counted, and never taken for 0.
struct TokenCount {
  uint64_t sum = 0;     // over the answers that said
  uint64_t said = 0;    // how many these are
  uint64_t unknown = 0; // answers that did not say

  void add(uint64_t tokens) {
    sum += tokens;
    ++said;
  }
  TokenCount &operator+=(const TokenCount &o) {
    sum += o.sum;
    said += o.said;
    unknown += o.unknown;
    return *this;
  }
};

/// What calls of models took. Every request that was answered is in the token counts, whatever became of its
/// answer: it was paid for.
struct ModelUsage {
  uint64_t calls = 0;     // operations that sent something
  uint64_t requests = 0;  // sent, all of the following included
  uint64_t retries = 0;   // sent again: the attempt before failed
  uint64_t reasks = 0;    // sent because the answer before did not fit
  uint64_t answers = 0;   // requests that were answered by the model
  uint64_t abandoned = 0; // cancelled, timed out or broken off under way: nobody knows what they cost
  TokenCount prompt, completion;
  TokenCount cached, reasoning; // parts of prompt and of completion

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
    return *this;
  }
};

/// The usage of one operation of a plan, over all its executions in a run.
struct OpUsage {
  uint32_t op; // index in PlanView::ops
  ModelUsage usage;
};

} // namespace xcs
