#pragma once
#include "RuleBook.h"

namespace xcs::faults {

/// Everything the server will do about one request: bytes, when each part of them goes out, and how it ends.
struct Answer {
  struct Step {
    /// After the step before; for the first one, after the request came in.
    std::uint64_t delayNs;
    /// The step sends `bytes` up to here.
    std::size_t end;
  };
  /// 0 where no status line is sent.
  int status = 0;
  std::string bytes;
  /// Never empty.
  std::vector<Step> steps;
  Ending ending = Ending::Keep;
};

/// What holds for every request that no rule says otherwise for.
struct AnswerDefaults {
  std::uint64_t latencyNs = 0;
  /// Chat completions repeat the last user message.
  bool echo = false;
  /// `http://127.0.0.1:PORT`.
  std::string url;
};

/// Works out the answer. Pure but for the buffers of `reader`: the same request in the same place of the same
/// run gets the same bytes.
Answer makeAnswer(const Arrival &arrival, const RuleBook::Choice &choice, const AnswerDefaults &defaults,
                  BodyReader &reader);

/// An answer to bytes that were no request; closes the connection.
Answer refusal(int status);

} // namespace xcs::faults
