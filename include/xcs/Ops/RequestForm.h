#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/OpTable.h"
#include <span>
#include <string_view>

namespace xcs {

// The operands of `http.request` and `exec.run` after the first, as far as types tell: what is sent, then a
// record of options. The compiler checks with the same functions with which a run reads operands.

/// An option: a field of the record, or the attribute of the same name if it is known when the program is
/// compiled. `kind` Dict: `dict<str, str>`.
struct RequestOption {
  std::string_view name;
  TypeKind kind;
};
/// The options of an operation; none if it takes no record of them.
std::span<const RequestOption> requestOptionsOf(OpCode code);

struct RequestForm {
  static constexpr size_t none = SIZE_MAX;
  size_t content = none, options = none; // operands
  bool hasDirectory = false;             // the options have a `cwd`
  /// The rule of the language that the types violate; empty if none.
  std::string_view broken;
  /// The field of the record that does not name an option; none otherwise.
  StringId unknownOption;
};

RequestForm requestFormOf(const ConstantView &view, OpCode code, std::span<const TypeId> operands);

} // namespace xcs
