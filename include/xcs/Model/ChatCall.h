#pragma once
#include "xcs/Model/Capabilities.h"
#include "xcs/Ops/Kernel.h"
#include "xcs/Ops/ModelForm.h"
#include <span>
#include <string>
#include <vector>

namespace xcs {

/// A text said in a conversation.
struct ChatTurn {
  std::string role, content;
};

/// A `model.chat` as a plan has it. All that it refers to must outlive the calls made of it.
struct ChatOperation {
  const ConstantView &constants;
  std::span<const AttrId> attributes; // one a row of the operation; none where it was not given
  DictId own, resource;               // all attributes of the operation, and of its model
  std::vector<TypeId> operandTypes;
  TypeId resultType;
};

/// What one execution of a `model.chat` was given, read once: the request is made of it, and the answer is
/// judged by it.
class ChatCall {
public:
  /// Limits and operands must outlive the call.
  ChatCall(ChatOperation operation, const Limits &limits, const std::vector<Value> &operands);

  const ConstantView &constants;
  std::span<const AttrId> attributes;
  DictId own, resource;
  TypeId resultType;
  const Limits &limits;
  const std::vector<Value> &operands;
  std::vector<TypeId> operandTypes;
  ChatForm form;
  int64_t count = 1; // answers asked for
  bool isStreamed = false;

  /// What is wrong with the values: a role that does not exist, a tool's answer to no call; empty when
  /// nothing is.
  std::string wrongOperand() const;
  /// The JSON body of a request for `count` answers; `more` is said behind the messages (the answer that did
  /// not fit, and what was wrong with it). False, with the error, when an operand has no JSON form or
  /// an option is no finite number.
  bool body(const Capabilities &can, int64_t answers, std::span<const ChatTurn> more, std::string &out,
            OpError &error) const;
  /// Whether tools of that name were given.
  bool hasTool(std::string_view name) const;
  /// A guess at the tokens one request takes.
  double estimatedTokens() const;

  AttrId attr(size_t row) const { return attributes[row]; }

private:
  bool optionsAreFinite(OpError &error) const;
};

} // namespace xcs
