#pragma once
#include "xcs/Ops/Constants.h"
#include <span>
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

/// The capabilities of an endpoint, `auto | on | off` each, in `capabilities` of a model.
inline constexpr std::string_view capabilityNames[] = {"max_completion_tokens", "n",     "seed",
                                                       "json_schema",           "tools", "stream_usage"};

/// How a `model.chat` reads its operands and makes its result.
struct ChatForm {
  static constexpr uint32_t none = UINT32_MAX;
  enum class Answer : uint8_t {
    Text,  // str
    Typed, // any other type: the answer is JSON that fits it
    Tools, // `record<content: option<str>, tool_calls: list<..>>`
  };
  bool isMessages = false;                              // operand 0 is a list of messages, not a prompt
  uint32_t system = none, options = none, tools = none; // operands
  bool isList = false;                                  // `n` answers, as a list
  Answer answer = Answer::Text;
  TypeId type; // of one answer
  /// The rule of the language that the types violate; empty if none. If set, no other member is valid.
  std::string_view broken;
  /// The field of the options record that is not an option; none otherwise.
  StringId unknownOption;
};

/// `hasCount`: the attribute `n` was given.
ChatForm chatFormOf(const ConstantView &view, std::span<const TypeId> operands, TypeId result, bool hasCount);

/// A field of a record by its name; SIZE_MAX when it has none of that name.
size_t fieldIndex(const ConstantView &view, TypeId record, std::string_view name);

/// A type without the `option` around it.
TypeId insideOption(const ConstantView &view, TypeId type);

} // namespace xcs
