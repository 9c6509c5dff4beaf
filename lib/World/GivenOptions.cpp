#include "World/GivenOptions.h"
#include "xcs/Ops/ConstantPool.h"

using namespace xcs;

GivenOptions::GivenOptions(const WorldOp::Site &site) : site(site) {
  const PlanView &plan = site.context.plan;
  const PlanOp &op = plan.ops[site.op];
  if (site.operands.size() < 2)
    return;
  std::vector<TypeId> types;
  for (uint32_t slot : plan.operandsOf(op))
    types.push_back(site.slots()[slot].type);
  const RequestForm form = requestFormOf(plan.constants, op.code, types);
  if (form.content != RequestForm::none)
    sent = &site.operands[form.content];
  if (form.options == RequestForm::none)
    return;
  record = &site.operands[form.options];
  fields = plan.constants.fields(types[form.options]);
}

const Value *GivenOptions::find(std::string_view name) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (site.context.plan.constants.text(fields[i].name) != name)
      continue;
    const Value &value = record->items()[i];
    if (value.kind() == ValueKind::OptionSome)
      return &value.items()[0];
    return value.kind() == ValueKind::OptionNone ? nullptr : &value;
  }
  return nullptr;
}

int64_t GivenOptions::deadline(Attribute attribute) const {
  if (const Value *given = find(nameOf(attribute)))
    return given->asI64();
  const PlanView &plan = site.context.plan;
  const AttrId given = plan.attrOf(plan.ops[site.op], attribute);
  return given ? plan.constants.intAttr(given) : 0;
}

std::optional<AccessError> GivenOptions::wrong() const {
  for (const TypeField &field : fields) {
    const std::string name(site.context.plan.constants.text(field.name));
    if (const Value *value = find(name); value && value->kind() == ValueKind::Duration && value->asI64() <= 0)
      return AccessError{Diag::BadArgument, "the option `" + name + "`",
                         std::string(rowOf(site.context.plan.ops[site.op].code).name), "be longer than 0s",
                         printDuration(value->asI64())};
  }
  return std::nullopt;
}
