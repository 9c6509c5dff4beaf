#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Counted.h"
#include <algorithm>
#include <array>

using namespace xcs;

static constexpr uint8_t mostRegions = UINT8_MAX; // plans count them in 8 bits

static RegionFault attributeFault(std::string_view attribute, std::string what) {
  RegionFault fault{RegionFault::Kind::Attribute};
  fault.attribute = attribute;
  fault.expected = std::move(what);
  return fault;
}

static RegionFault countFault(RegionFault::Kind kind, std::string expected) {
  RegionFault fault{kind};
  fault.expected = std::move(expected);
  return fault;
}

static size_t takenByIf(const ConstantView &, DictId, size_t, const Value &condition) {
  return condition.asBool() ? 0 : 1;
}

/// A branch that does not exist yields nothing, so with results there must be a region for each case.
static RegionFault checkIf(const RegionOwner &owner) {
  if (owner.results.empty() || owner.regions == 2)
    return {};
  return countFault(RegionFault::Kind::Regions, "2 regions when it has results");
}

/// Whether a case of a `switch` matches a value. They have the same type.
static bool isCaseFor(const ConstantView &view, AttrId given, const Value &operand) {
  if (view.attr(given).kind == AttrKind::Str)
    return view.textAttr(given) == operand.text();
  return view.intAttr(given) == operand.asI64(); // an i64 or a bool
}

static size_t takenBySwitch(const ConstantView &view, DictId attributes, size_t regions,
                            const Value &operand) {
  std::span<const AttrId> cases = view.items(view.find(attributes, Attribute::cases));
  for (size_t i = 0; i < cases.size(); ++i)
    if (isCaseFor(view, cases[i], operand))
      return i;
  return regions - 1;
}

/// The second of two equal cases would never run. Constants are interned, so equal ones have one id.
static RegionFault findEqualCases(const ConstantView &view, std::span<const AttrId> cases) {
  std::array<AttrId, mostRegions> sorted;
  const auto end = std::copy(cases.begin(), cases.end(), sorted.begin());
  std::sort(sorted.begin(), end, [](AttrId a, AttrId b) { return a.index < b.index; });
  const auto twice = std::adjacent_find(sorted.begin(), end);
  if (twice == end)
    return {};
  return attributeFault("cases", "has " + printAttr(view, *twice) + " twice; remove one, and its region");
}

static RegionFault checkSwitch(const RegionOwner &owner) {
  const ConstantView &view = owner.view;
  constexpr std::pair<TypeKind, AttrKind> kinds[] = {
      {TypeKind::Str, AttrKind::Str}, {TypeKind::I64, AttrKind::I64}, {TypeKind::Bool, AttrKind::Bool}};
  const TypeKind type = view.kind(owner.operands[0]);
  auto kind =
      std::find_if(std::begin(kinds), std::end(kinds), [type](auto pair) { return pair.first == type; });
  if (kind == std::end(kinds))
    return countFault(RegionFault::Kind::Operand, "takes a `str`, an `i64` or a `bool`");
  std::span<const AttrId> cases = view.items(view.find(owner.attributes, Attribute::cases));
  for (AttrId given : cases)
    if (view.attr(given).kind != kind->second)
      return attributeFault("cases", "must list values of type `" + printType(view, owner.operands[0]) +
                                         "`, as its operand is one");
  if (owner.regions != cases.size() + 1)
    return countFault(RegionFault::Kind::Regions,
                      counted(cases.size() + 1, "region") + ", one for each case and one for all others");
  return findEqualCases(view, cases);
}

static RegionFault checkRace(const RegionOwner &owner) {
  AttrId take = owner.view.find(owner.attributes, Attribute::take);
  if (!take || owner.view.intAttr(take) <= static_cast<int64_t>(owner.regions))
    return {};
  return attributeFault("take", "must be at most the number of its regions");
}

static constexpr RegionRule one{RegionRuns::One, WriteBan::None, RegionFailure::Fails},
    caught{RegionRuns::One, WriteBan::None, RegionFailure::Caught},
    inTurn{RegionRuns::InTurn, WriteBan::None, RegionFailure::Fails},
    sideBySide{RegionRuns::SideBySide, WriteBan::Unordered, RegionFailure::Fails},
    firstWins{RegionRuns::FirstWins, WriteBan::CutOff, RegionFailure::Forgiven};

static constexpr RegionForm forms[] = {
    {.code = OpCode::core_if,
     .count = {1, 2},
     .gives = RegionGives::Results,
     .rule = one,
     .taken = takenByIf,
     .check = checkIf},
    {.code = OpCode::core_switch,
     .count = {1, mostRegions},
     .gives = RegionGives::Results,
     .rule = one,
     .taken = takenBySwitch,
     .check = checkSwitch},
    {.code = OpCode::core_for,
     .count = {1, 1},
     .takesElement = true,
     .takesCarried = true,
     .gives = RegionGives::Carried,
     .rule = inTurn},
    {.code = OpCode::core_while,
     .count = {1, 1},
     .takesCarried = true,
     .gives = RegionGives::Decision,
     .rule = inTurn},
    {.code = OpCode::core_scan,
     .count = {1, 1},
     .takesElement = true,
     .takesCarried = true,
     .gathers = true,
     .gives = RegionGives::Carried,
     .rule = inTurn},
    {.code = OpCode::core_reduce,
     .count = {1, 1},
     .takesElement = true,
     .takesCarried = true,
     .gives = RegionGives::Carried,
     .rule = inTurn,
     .variants = {{"associative", sideBySide}}},
    {.code = OpCode::core_map,
     .count = {1, 1},
     .takesElement = true,
     .gives = RegionGives::Elements,
     .rule = sideBySide,
     .variants = {{"take", firstWins}, {"majority", firstWins}}},
    {.code = OpCode::core_filter,
     .count = {1, 1},
     .takesElement = true,
     .gives = RegionGives::Keep,
     .rule = sideBySide},
    {.code = OpCode::core_partition,
     .count = {1, 1},
     .takesElement = true,
     .gives = RegionGives::Keep,
     .rule = sideBySide},
    {.code = OpCode::core_sort_by,
     .count = {1, 1},
     .takesElement = true,
     .gives = RegionGives::Key,
     .rule = sideBySide},
    {.code = OpCode::core_group_by,
     .count = {1, 1},
     .takesElement = true,
     .gives = RegionGives::DictKey,
     .rule = sideBySide},
    {.code = OpCode::core_race,
     .count = {1, mostRegions},
     .gives = RegionGives::Elements,
     .rule = firstWins,
     .check = checkRace},
    {.code = OpCode::core_try, .count = {1, 1}, .gives = RegionGives::Held, .rule = caught},
};

/// By operation code, because it is looked up for every operation of a module.
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

RegionRule xcs::ruleOf(const ConstantView &view, const RegionForm &form, DictId attributes) {
  for (const RegionForm::Variant &variant : form.variants) {
    AttrId given = variant.attribute.empty() ? AttrId() : view.find(attributes, variant.attribute);
    if (given && (view.attr(given).kind != AttrKind::Bool || view.boolAttr(given)))
      return variant.rule;
  }
  return form.rule;
}

WriteBan xcs::writeBanOf(const ConstantView &view, const RegionForm &form, DictId attributes) {
  const WriteBan ban = ruleOf(view, form, attributes).writes;
  return ban == WriteBan::Unordered && flagAttr(view, attributes, Attribute::unordered) ? WriteBan::None
                                                                                        : ban;
}

bool xcs::catchesFailures(OpCode code) {
  const RegionForm *form = regionForm(code);
  return form && form->rule.failure == RegionFailure::Caught;
}

/// Each operand passed in has a result: its final value, or a list of all that was yielded.
static RegionFault checkCarried(const RegionOwner &owner, const RegionForm &form) {
  std::span<const TypeId> carried = owner.operands.subspan(form.firstCarried());
  if (owner.results.size() != carried.size())
    return countFault(RegionFault::Kind::Results, counted(carried.size(), "result"));
  for (size_t i = 0; i < carried.size(); ++i) {
    TypeId result = owner.results[i];
    const bool isList = owner.view.kind(result) == TypeKind::List;
    if (form.gathers ? isList && owner.view.element(result) == carried[i] : result == carried[i])
      continue;
    RegionFault fault{RegionFault::Kind::Result};
    fault.index = i;
    fault.type = carried[i];
    fault.isList = form.gathers;
    return fault;
  }
  return {};
}

/// The elements form one list, which a vote decides.
static RegionFault checkElements(const RegionOwner &owner) {
  if (owner.results.size() > 1)
    return countFault(RegionFault::Kind::Results, "at most 1 result");
  if (owner.results.size() == 1 && owner.view.kind(owner.results[0]) != TypeKind::List) {
    RegionFault fault{RegionFault::Kind::Result};
    fault.isList = true;
    return fault;
  }
  if (!flagAttr(owner.view, owner.attributes, Attribute::majority))
    return {};
  if (owner.view.find(owner.attributes, Attribute::take))
    return attributeFault("majority", "cannot be combined with `take`; remove one of them");
  if (owner.results.empty())
    return attributeFault("majority", "needs a result to vote on");
  return {};
}

RegionFault xcs::findFault(const RegionOwner &owner) {
  const RegionForm &form = *regionForm(owner.code);
  RegionFault fault;
  if (form.takesCarried)
    fault = checkCarried(owner, form);
  else if (form.gives == RegionGives::Elements)
    fault = checkElements(owner);
  if (fault.kind == RegionFault::Kind::None && form.check)
    fault = form.check(owner);
  return fault;
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
  case RegionGives::DictKey:
    return held(TypeKind::Dict);
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
