#include "xcs/Ops/RegionForm.h"
#include <array>

using namespace xcs;

static constexpr uint8_t mostRegions = UINT8_MAX; // of a `race`: plans count them in 8 bits

static constexpr RegionForm forms[] = {
    {OpCode::core_if, {1, 2}, false, false, RegionGives::Results},
    {OpCode::core_for, {1, 1}, true, true, RegionGives::Carried},
    {OpCode::core_while, {1, 1}, false, true, RegionGives::Decision},
    {OpCode::core_scan, {1, 1}, true, true, RegionGives::Carried},
    {OpCode::core_reduce, {1, 1}, true, true, RegionGives::Carried},
    {OpCode::core_map, {1, 1}, true, false, RegionGives::Elements},
    {OpCode::core_filter, {1, 1}, true, false, RegionGives::Keep},
    {OpCode::core_sort_by, {1, 1}, true, false, RegionGives::Key},
    {OpCode::core_race, {1, mostRegions}, false, false, RegionGives::Elements},
    {OpCode::core_try, {1, 1}, false, false, RegionGives::Held},
};

/// By operation code: asked for every operation of a module.
static constexpr std::array<const RegionForm *, opCodeCount> formsByCode = [] {
  std::array<const RegionForm *, opCodeCount> table{};
  for (const RegionForm &form : forms)
    table[static_cast<size_t>(form.code)] = &form;
  return table;
}();

const RegionForm *xcs::regionForm(OpCode code) { return formsByCode[static_cast<size_t>(code)]; }

RegionCount xcs::regionCount(OpCode code) {
  const RegionForm *form = regionForm(code);
  return form ? form->count : RegionCount{0, 0};
}

void RegionTypes::set(const ConstantView &view, const RegionForm &form, std::span<const TypeId> operands,
                      std::span<const TypeId> results) {
  arguments.clear();
  yields.clear();
  if (form.takesElement) {
    bool isList = !operands.empty() && operands[0] && view.kind(operands[0]) == TypeKind::List;
    arguments.push_back(isList ? view.element(operands[0]) : TypeId());
  }
  std::span<const TypeId> carried;
  if (form.takesCarried && operands.size() > form.firstCarried())
    carried = operands.subspan(form.firstCarried());
  arguments.insert(arguments.end(), carried.begin(), carried.end());

  auto exactly = [&](std::span<const TypeId> types) {
    for (TypeId type : types)
      yields.push_back({type ? YieldedType::Form::Exact : YieldedType::Form::Any, type});
  };
  auto held = [&](TypeKind holder) {
    for (TypeId type : results)
      yields.push_back(view.kind(type) == holder ? YieldedType{YieldedType::Form::Exact, view.element(type)}
                                                 : YieldedType{});
  };
  switch (form.gives) {
  case RegionGives::Results:
    return exactly(results);
  case RegionGives::Carried:
    return exactly(carried);
  case RegionGives::Decision:
    yields.push_back({YieldedType::Form::Bool, {}});
    return exactly(carried);
  case RegionGives::Elements:
    return held(TypeKind::List);
  case RegionGives::Held:
    return held(TypeKind::Result);
  case RegionGives::Keep:
    return yields.push_back({YieldedType::Form::Bool, {}});
  case RegionGives::Key:
    return yields.push_back({YieldedType::Form::Key, {}});
  }
}

bool xcs::isKeyType(const ConstantView &view, TypeId type) {
  constexpr TypeKind keys[] = {TypeKind::I64, TypeKind::F64, TypeKind::Str, TypeKind::Bool,
                               TypeKind::Duration};
  for (TypeKind key : keys)
    if (view.kind(type) == key)
      return true;
  return false;
}

bool xcs::fitsYield(const ConstantView &view, YieldedType wanted, TypeId given) {
  switch (wanted.form) {
  case YieldedType::Form::Exact:
    return given == wanted.type;
  case YieldedType::Form::Bool:
    return view.kind(given) == TypeKind::Bool;
  case YieldedType::Form::Key:
    return isKeyType(view, given);
  case YieldedType::Form::Any:
    return true;
  }
  return false;
}

bool xcs::fitsCarried(const ConstantView &view, OpCode code, TypeId carried, TypeId result) {
  if (code != OpCode::core_scan)
    return result == carried;
  return view.kind(result) == TypeKind::List && view.element(result) == carried;
}
