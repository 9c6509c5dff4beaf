#pragma once
#include "xcs/Model/Capabilities.h"
#include "xcs/Model/Completion.h"
#include "xcs/Ops/JsonSchema.h"
#include "xcs/Ops/Kernel.h"
#include "xcs/Ops/ModelForm.h"
#include <span>
#include <string>
#include <vector>

namespace xcs {

/// One message of a conversation.
struct ChatTurn {
  std::string role, content;
};

/// A `model.chat` as it is in a plan. Everything it refers to must outlive the calls made from it.
struct ChatOperation {
  const ConstantView &constants;
  std::span<const AttrId> attributes; // one per row of the operation; none if not given
  DictId own, resource;               // all attributes of the operation, and of its model
  std::vector<TypeId> operandTypes;
  TypeId resultType;
  AttrSchemas &schemas; // of the plan
};

/// The inputs of one execution of a `model.chat`, read once. The request is built from them and the answer is
/// checked against them.
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
  int64_t count = 1; // answers requested
  bool isStreamed = false;

  /// What is wrong with the operands: a role that does not exist, a tool's answer without its call. Empty if
  /// nothing is.
  std::string wrongOperand() const;
  /// The JSON body of a request for `count` answers. `more` is appended to the messages (the answer that did
  /// not fit, and what was wrong with it). False, with the error, if an operand has no JSON form or an option
  /// is not a finite number.
  bool body(const Capabilities &can, int64_t answers, std::span<const ChatTurn> more, std::string &out,
            OpError &error) const;
  /// What is read of the likelihoods of tokens.
  Logprobs logprobs() const;
  /// Whether tools of that name were given.
  bool hasTool(std::string_view name) const;
  /// An estimate of the tokens that the prompt of one request has.
  double promptTokens() const;
  /// How many tokens each answer has at most; none: it has no bound.
  std::optional<uint64_t> mostOfAnswer() const;
  /// An estimate of the tokens that one request uses. An answer counts with its maximum, as servers count it.
  double estimatedTokens() const { return promptTokens() + static_cast<double>(mostOfAnswer().value_or(0)); }

  AttrId attr(size_t row) const { return attributes[row]; }
  /// The JSON Schema of the operation's own that a typed answer must match; null if it has none.
  SchemaOfAttr *ownSchema() const;

private:
  AttrSchemas &schemas;
  bool optionsAreFinite(OpError &error) const;
};

} // namespace xcs
