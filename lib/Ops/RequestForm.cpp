#include "xcs/Ops/RequestForm.h"
#include "xcs/Ops/ModelForm.h"
#include <algorithm>

using namespace xcs;

static constexpr RequestOption httpOptions[] = {
    {"headers", TypeKind::Dict},
    {"timeout", TypeKind::Duration},
    {"connect_timeout", TypeKind::Duration},
    {"first_byte_timeout", TypeKind::Duration},
    {"idle_timeout", TypeKind::Duration},
    {"attempt_timeout", TypeKind::Duration},
};
static constexpr RequestOption execOptions[] = {
    {"env", TypeKind::Dict},
    {"cwd", TypeKind::Str},
    {"timeout", TypeKind::Duration},
};

std::span<const RequestOption> xcs::requestOptionsOf(OpCode code) {
  if (code == OpCode::http_request)
    return httpOptions;
  return code == OpCode::exec_run ? std::span<const RequestOption>(execOptions)
                                  : std::span<const RequestOption>();
}

static bool isOf(const ConstantView &view, TypeId type, TypeKind kind) {
  return view.kind(type) == kind &&
         (kind != TypeKind::Dict || (view.kind(view.keyType(type)) == TypeKind::Str &&
                                     view.kind(view.valueType(type)) == TypeKind::Str));
}

static void readOptions(const ConstantView &view, OpCode code, TypeId record, RequestForm &form) {
  const std::span<const RequestOption> options = requestOptionsOf(code);
  for (const TypeField &field : view.fields(record)) {
    const auto option = std::find_if(options.begin(), options.end(), [&](const RequestOption &each) {
      return each.name == view.text(field.name);
    });
    if (option == options.end()) {
      form.unknownOption = field.name;
      form.broken = "has an option that does not exist";
      return;
    }
    if (!isOf(view, insideOption(view, field.type), option->kind)) {
      form.broken = option->kind == TypeKind::Dict  ? "has an option that is no `dict<str, str>`"
                    : option->kind == TypeKind::Str ? "has an option that is no `str`"
                                                    : "has an option that is no `duration`";
      return;
    }
    form.hasDirectory |= option->name == "cwd";
  }
}

RequestForm xcs::requestFormOf(const ConstantView &view, OpCode code, std::span<const TypeId> operands) {
  RequestForm form;
  const bool isHttp = code == OpCode::http_request;
  for (size_t i = 1; i < operands.size(); ++i) {
    const TypeKind kind = view.kind(operands[i]);
    if (kind == TypeKind::Record && i + 1 == operands.size())
      form.options = i;
    else if ((kind == TypeKind::Str || kind == TypeKind::Bytes) && i == 1)
      form.content = i;
    else if (i == 1)
      form.broken = isHttp ? "has a body that is neither `str` nor `bytes`"
                           : "has a standard input that is neither `str` nor `bytes`";
    else
      form.broken = "has a last operand that is no record of options";
    if (!form.broken.empty())
      return form;
  }
  if (form.options != RequestForm::none)
    readOptions(view, code, operands[form.options], form);
  return form;
}
