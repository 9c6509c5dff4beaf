#pragma once
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/Completion.h"

namespace xcs {

/// What an answer is worth.
struct ChatVerdict {
  enum class Kind : uint8_t {
    Good,
    AskAgain, // the model did not do what was asked: once it is told so
    TryAgain, // the server broke it off: the same request may succeed
    Failed,
  } kind = Kind::Good;
  Value value; // Good
  // Else what is wrong with it: a row and what fills it in behind the model's name.
  Diag id = Diag::ModelAnswer;
  std::string first, second;
  std::vector<ChatTurn> more; // AskAgain: what to say behind the messages
  /// A limit that the answer exceeds, in place of what is wrong with it: the run ends.
  std::optional<OpError> limit;
};

/// Looks at why the answer ended, then reads it, then checks it against what was asked for.
ChatVerdict judgeAnswer(const ChatCall &call, const ChatChoice &choice);

} // namespace xcs
