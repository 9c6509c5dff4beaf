#pragma once
#include "xcs/Ops/Constants.h"
#include <span>
#include <string>
#include <string_view>

namespace xcs {

// The inputs and results of a `model.chat`, as far as types and attributes tell. The compiler checks with the
// same functions with which a run reads operands.

/// An option of a call: an attribute if it is known when the program is compiled, a field of the options
/// record if it varies. `kind` List: `list<str>`.
struct ChatOption {
  std::string_view name;
  TypeKind kind;
  bool isAttribute; // `model` can only vary at run time: otherwise another resource would be clearer
};
inline constexpr ChatOption chatOptions[] = {
    {"model", TypeKind::Str, false},
    {"temperature", TypeKind::F64, true},
    {"top_p", TypeKind::F64, true},
    {"max_tokens", TypeKind::I64, true},
    {"seed", TypeKind::I64, true},
    {"stop", TypeKind::List, true},
    {"frequency_penalty", TypeKind::F64, true},
    {"presence_penalty", TypeKind::F64, true},
    {"reasoning_effort", TypeKind::Str, true},
};

/// A member of the options record that holds members of the request, as the attribute `extra` does.
inline constexpr std::string_view extraOption = "extra";

/// A member of a request that `extra` may not have, besides those of `chatOptions`: something else says it.
/// `response_format` and `stream_options` of `extra` take the place of ours.
struct ReservedMember {
  std::string_view name, instead; // what to write in its place
};
inline constexpr ReservedMember reservedMembers[] = {
    {"model", "write the attribute `model` of the model, or the option `model`"},
    {"messages", "give the messages as the first operand of `model.chat`"},
    {"input", "give the strings as the operand of `model.embed`"},
    {"stream", "write the attribute `stream` of `model.chat`"},
    {"n", "write the attribute `n` of `model.chat`"},
    {"tools", "give the tools as an operand of `model.chat`"},
    {"tool_choice", "write the attribute `tool_choice` of `model.chat`"},
    {"max_completion_tokens",
     "write the attribute `max_tokens`, and `capabilities = {max_completion_tokens = \"on\"}` of the model"},
    {"dimensions", "write the attribute `dimensions` of `model.embed`"}};
/// What to write in place of a member that `extra` may not have; empty if it may.
std::string insteadOfMember(std::string_view name);

/// What an endpoint can do, `auto | on | off` each, in `capabilities` of a model.
inline constexpr std::string_view capabilityNames[] = {
    "max_completion_tokens", "n", "seed", "json_schema", "tools", "stream_usage", "encoding_format"};
/// The capability that says what words of an endpoint's own mean: `finish_reasons = {fertig = "stop"}`.
inline constexpr std::string_view finishReasonsName = "finish_reasons";
inline constexpr std::string_view finishMeanings[] = {"stop", "length", "content_filter"};

/// Members of a message, of a call and of its function that their own fields say: `extra` may not have them.
/// It may have a `content`: the parts that are not text.
inline constexpr std::string_view messageMembers[] = {"role", "name", "tool_calls", "tool_call_id",
                                                      "function_call"};
inline constexpr std::string_view callMembers[] = {"id", "type", "name", "arguments"};
inline constexpr std::string_view functionMembers[] = {"name", "arguments"};

/// What the attributes of a `model.chat` say of the form of its result.
struct ChatAsks {
  bool hasCount = false; // `n`
  bool usage = false, logprobs = false;
  bool alternatives = false; // `top_logprobs`
};
/// `attributes`: one per row of the operation; none if not given.
ChatAsks chatAsksOf(const ConstantView &view, std::span<const AttrId> attributes);

/// How a `model.chat` reads its operands and makes its result.
struct ChatForm {
  static constexpr uint32_t none = UINT32_MAX;
  enum class Answer : uint8_t {
    Text,  // str
    Typed, // any other type: the answer is JSON that fits it
    Tools, // `record<content: option<str>, tool_calls: list<..>>`
  };
  bool isMessages = false;                              // operand 0 is a list of messages, not a prompt
  TypeId part;                                          // of the messages' content; none: it is in no parts
  uint32_t system = none, options = none, tools = none; // operands
  bool isList = false;                                  // `n` answers, as a list
  /// The result is a record: `answer`, then of these what was asked for.
  ChatAsks asks;
  bool isReport() const { return asks.usage || asks.logprobs; }
  Answer answer = Answer::Text;
  /// With tools: whether the record, or each of its calls, has `extra: json`, the members of the message or
  /// of the call that nothing here understands.
  bool hasExtra = false, callsHaveExtra = false;
  TypeId type; // of one answer
  /// The rule of the language that the types violate; empty if none. If set, no other member is valid.
  std::string_view broken;
  /// The field of the options record that is not an option; none otherwise.
  StringId unknownOption;
};

ChatForm chatFormOf(const ConstantView &view, std::span<const TypeId> operands, TypeId result, ChatAsks asks);

/// A field of a record by its name; SIZE_MAX when it has none of that name.
size_t fieldIndex(const ConstantView &view, TypeId record, std::string_view name);

/// Whether a record may be a part of a message's content: `text: str`, `image` as a `str` (its URL) or
/// `bytes`, `detail: str`, each with or without `option`.
bool isContentPart(const ConstantView &view, TypeId type);

/// A type without the `option` around it.
TypeId insideOption(const ConstantView &view, TypeId type);

} // namespace xcs
