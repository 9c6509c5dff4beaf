#include "Ops/KernelSupport.h"
#include "Ops/ShowValue.h"
#include "Ops/Text.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/Template.h"

namespace xcs::kernels {

namespace {

/// The value of a name in the second operand, a record or a dictionary; null if there is none.
const Value *valueNamed(const KernelCall &call, std::string_view name, TypeId &type) {
  const TypeId holder = call.operandTypes[1];
  const Value &values = call.operand(1);
  if (call.constants.kind(holder) == TypeKind::Dict) {
    type = call.constants.valueType(holder);
    return values.find(Value::str(name));
  }
  static const RecordFields unprepared;
  const RecordFields &fields = call.prepared ? call.prepared->fields() : unprepared;
  const std::optional<size_t> found = fields.known(call.constants, holder, name);
  if (!found || *found >= values.size())
    return nullptr;
  type = call.constants.fields(holder)[*found].type;
  return &values.items()[*found];
}

bool fail(KernelCall &call, const TemplateError &wrong) {
  return call.fail(Diag::BadTemplate, {std::to_string(wrong.byte), wrong.what});
}

} // namespace

bool str_fill(KernelCall &call) {
  std::vector<NamedPart> parts;
  TemplateError wrong;
  const std::string_view source = call.operand(0).text();
  if (!splitNamedTemplate(source, parts, wrong))
    return fail(call, wrong);
  std::string out, shown;
  for (const NamedPart &part : parts) {
    if (isStopped(call))
      return false;
    shown.clear();
    if (part.isName) {
      TypeId type;
      const Value *value = valueNamed(call, part.text, type);
      const auto at = static_cast<size_t>(part.text.data() - source.data()) - 1;
      if (!value)
        return fail(call, {at, "there is no value for `{" + excerpt(part.text) + "}`"});
      if (!showValue(call, *value, type, shown))
        return false;
    }
    const std::string_view piece = part.isName ? std::string_view(shown) : part.text;
    if (!mayAllocate(call, Value::textBytes(out.size() + piece.size())))
      return false;
    out += piece;
  }
  return returnValue(call, Value::str(out));
}

} // namespace xcs::kernels
