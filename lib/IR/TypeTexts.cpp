#include "xcs/IR/TypeTexts.h"

using namespace xcs;

TypeTexts::TypeTexts(const Module &module)
    : module(module), declared(declaredNames(module)), explained(declared.types.size()) {}

/// What is named is not looked into, as the text does not show it.
std::string TypeTexts::of(TypeId type) {
  const ConstantView view = module.pool.view();
  std::vector<TypeId> parts;
  if (!declared.types.empty())
    parts.push_back(type);
  while (!parts.empty()) {
    const TypeId part = parts.back();
    parts.pop_back();
    if (declared.of(part))
      mentioned.push_back(part);
    else
      for (const TypeField &field : view.fields(part))
        parts.push_back(field.type);
  }
  return printType(view, type, &declared);
}

void TypeTexts::explain(DiagnosticEngine &diagnostics) {
  for (TypeId type : mentioned) {
    if (explained[type.index])
      continue;
    explained[type.index] = true;
    for (const TypeName &name : module.typeNames)
      if (name.symbol == declared.of(type))
        diagnostics.report(
            Diag::TypeMeaning, name.location,
            {"@" + std::string(module.pool.text(name.symbol)), printType(module.pool.view(), type)});
  }
  mentioned.clear();
}
