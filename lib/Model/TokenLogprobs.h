#pragma once
#include "Model/RawJson.h"
#include "xcs/Model/Completion.h"

namespace xcs {

/// The `logprobs` of one answer, whole or in the pieces of a stream: what is a list in `content`, or in the
/// older form of one list of texts and one of numbers (`tokens`, `token_logprobs`). Thread safety: one
/// thread.
class TokenLogprobs {
public:
  /// The tokens of one piece. False with the fault where they cannot be read; `at`: the place of `member`.
  bool add(const RawJson &member, const std::string &at, Logprobs wanted, AnswerFault &fault);
  /// A list of records, in order; Empty if no piece had any.
  Value take();

private:
  bool addContent(const RawJson &list, const std::string &at, Logprobs wanted, AnswerFault &fault);
  bool addLists(const RawObject &members, const std::string &at, Logprobs wanted, AnswerFault &fault);

  std::vector<Value> tokens;
  bool isThere = false;
};

} // namespace xcs
