#pragma once
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/Completion.h"

namespace xcs {

/// The verdict on one answer.
struct ChatVerdict {
  enum class Kind : uint8_t {
    Good,
    AskAgain, // the model did not do what was asked: it is asked once more
    TryAgain, // the server broke it off: the same request may succeed
    Failed,
  } kind = Kind::Good;
  Value value; // Good
  // Otherwise what is wrong with it: a row, and what fills it in after the model's name.
  Diag id = Diag::ModelAnswer;
  std::string first, second;
  std::vector<ChatTurn> more; // AskAgain: what to append to the messages
  /// A limit that the answer exceeds, in place of what is wrong with it: the run ends.
  std::optional<OpError> limit;
};

/// Checks why the answer ended, reads it, then checks it against what was requested.
ChatVerdict judgeAnswer(const ChatCall &call, const ChatChoice &choice);

} // namespace xcs
