#pragma once
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/ExtraMembers.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace xcs {

/// The member of a JSON object; null if it has none of that name.
const Value *memberOf(const Value &object, std::string_view key);

/// Writes the JSON of one chat completion request, member by member.
class ChatWriter {
public:
  ChatWriter(const ChatCall &call, const Capabilities &can, std::string &out)
      : call(call), can(can), c(call.constants), text(out), json(text), extras(call.constants, call.limits) {}

  void begin() { json.objectBegin(); }
  void end() { json.objectEnd(); }
  /// Reads what `extra` of the resource, the operation and the options record say, the later winning; before
  /// anything is written. False, with the error, when that of the record may not be sent.
  bool readExtra(OpError &error);
  void extra();
  /// `model` and `messages`. `schema`: what the answer must fit, where the messages must state it; empty for
  /// none.
  bool messages(std::string_view schema, std::span<const ChatTurn> more, OpError &error);
  /// All options of `chatOptions` that were given: the options record overrides the attributes.
  void options();
  void number(std::string_view key, int64_t value);
  void schema(std::string_view schema, bool isStrict);
  bool tools(OpError &error);
  void logprobs();
  void stream();

private:
  void turn(std::string_view role, std::string_view content);
  bool message(const Value &record, TypeId type, OpError &error);
  const Value *partsBeside(const Value &record, TypeId type) const;
  bool contentInParts(const Value &parts, const Value *said, OpError &error);
  void toolChoice(std::string_view choice);
  bool toolCalls(const Value &calls, TypeId type, OpError &error);
  bool members(const Value *object, std::string_view but, OpError &error);
  bool embedded(const Value &value, TypeId type, std::string &out, OpError &error);
  const Value *optionValue(std::string_view name) const;
  void optionAttr(std::string_view key, AttrId attr);
  void optionOperand(std::string_view key, const Value &value);
  void floating(std::string_view key, double value);

  const ChatCall &call;
  const Capabilities &can;
  const ConstantView &c;
  llvm::raw_string_ostream text;
  llvm::json::OStream json;
  ExtraMembers extras;
};

} // namespace xcs
