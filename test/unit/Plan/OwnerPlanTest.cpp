#include "Plan/SamplePlan.h"

#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// Types by a letter each: i: i64, s: str, b: bool, r: result<i64>; upper case: a list of it.
using Types = std::string_view;

/// An operation with regions, and what each of its regions takes and gives.
struct Shape {
  OpCode code;
  Types operands, results, arguments, gives;
  uint8_t regions = 1;
  int64_t take = 0; // of `race`
  Types cases = ""; // of `switch`: a literal of the type a letter each, upper case: another one
};

/// `func @main(operands, what the regions give) -> results { results = op(operands) {..} }`, each region
/// empty but for what it gives: captured values.
struct OwnerPlan {
  ConstantPool pool;
  PlanTables tables;

  explicit OwnerPlan(const Shape &shape) {
    addParameters(shape);
    addOuterRegion(shape);
    for (uint8_t i = 0; i < shape.regions; ++i)
      addInnerRegion(shape, i);
    addOperation(shape);
    tables.constants = pool.view();
  }

  std::string error() const {
    DiagnosticEngine diagnostics;
    Result<std::string> written = writePlan(tables, "owner", diagnostics, {});
    return written ? openError(*written) : diagnostics.all()[0].message;
  }

private:
  TypeId typeOf(char letter) {
    if (letter == 'D')
      return pool.dictionary(typeOf('i'), typeOf('S'));
    if (letter >= 'A' && letter <= 'Z')
      return pool.list(typeOf(static_cast<char>(letter - 'A' + 'a')));
    switch (letter) {
    case 'i':
      return pool.scalar(TypeKind::I64);
    case 'b':
      return pool.scalar(TypeKind::Bool);
    case 'r':
      return pool.result(typeOf('i'));
    default:
      return pool.scalar(TypeKind::Str);
    }
  }
  AttrId literal(char letter) {
    const bool isOther = letter >= 'A' && letter <= 'Z';
    switch (isOther ? letter - 'A' + 'a' : letter) {
    case 'i':
      return pool.intAttr(isOther ? 1 : 0);
    case 'b':
      return pool.boolAttr(isOther);
    default:
      return pool.textAttr(isOther ? "A" : "a");
    }
  }
  static uint32_t sizeOf(Types types) { return static_cast<uint32_t>(types.size()); }

  void addParameters(const Shape &shape) {
    for (Types part : {shape.operands, shape.gives})
      for (char letter : part)
        tables.parameters.push_back(
            {pool.intern("p" + std::to_string(tables.parameters.size())), typeOf(letter)});
    uint32_t count = static_cast<uint32_t>(tables.parameters.size());
    for (char letter : shape.results)
      tables.parameters.push_back({StringId(), typeOf(letter)});
    tables.functions = {{pool.intern("main"), 0, 0, count, count, sizeOf(shape.results), 0, 0}};
  }

  void addOuterRegion(const Shape &shape) {
    uint32_t operands = sizeOf(shape.operands), given = sizeOf(shape.gives), results = sizeOf(shape.results);
    tables.regions.push_back(
        {0, 1, 0, operands + given + results, operands + given, 0, 0, 0, 0, operands, results, 1});
    for (const PlanParameter &parameter : tables.parameters)
      tables.slots.push_back({parameter.type, 1});
    for (uint32_t i = 0; i < given; ++i)
      tables.slots[operands + i].uses = shape.regions;
    for (uint32_t i = 0; i < operands; ++i)
      tables.operands.push_back(i);
    for (uint32_t i = 0; i < results; ++i)
      tables.operands.push_back(operands + given + i);
    tables.nodes = {{0, 0, 0, 0}, {1, 0, 0, 0}};
  }

  void addInnerRegion(const Shape &shape, uint8_t index) {
    uint32_t operands = sizeOf(shape.operands), given = sizeOf(shape.gives),
             arguments = sizeOf(shape.arguments);
    tables.regions.push_back({2u + index, 0, static_cast<uint32_t>(tables.slots.size()), arguments + given,
                              arguments, index * given, given, 0, 0,
                              static_cast<uint32_t>(tables.operands.size()), given, 0});
    tables.nodes.push_back({1, 0, 0, 0});
    for (char letter : shape.arguments)
      tables.slots.push_back({typeOf(letter), 0});
    for (uint32_t i = 0; i < given; ++i) {
      tables.slots.push_back({typeOf(shape.gives[i]), 1});
      tables.captures.push_back(operands + i);
      tables.operands.push_back(arguments + i);
    }
  }

  void addOperation(const Shape &shape) {
    PlanOp op{};
    op.code = shape.code;
    op.regionCount = shape.regions;
    op.operandCount = sizeOf(shape.operands);
    op.resultSlot = op.operandCount + sizeOf(shape.gives);
    op.resultCount = sizeOf(shape.results);
    op.firstRegion = 1;
    op.target = op.location = UINT32_MAX;
    std::vector<DictEntry> entries;
    for (const AttrRow &row : rowOf(shape.code).attributes.all()) {
      AttrId value;
      if (row.name == "cases") {
        std::vector<AttrId> cases;
        for (char letter : shape.cases)
          cases.push_back(literal(letter));
        value = pool.listAttr(cases);
      } else if (row.required)
        value = pool.intAttr(3);
      else if (row.name == "take" && shape.take)
        value = pool.intAttr(shape.take);
      tables.attrRows.push_back(value);
      if (value)
        entries.push_back({pool.intern(row.name), value});
    }
    if (!entries.empty())
      op.dict = pool.dict(entries);
    tables.ops.push_back(op);
  }
};

std::string errorOf(const Shape &shape) { return OwnerPlan(shape).error(); }

/// What each operation wants, by its row and RegionForm.h.
constexpr Shape right[] = {
    {OpCode::core_if, "b", "i", "", "i", 2},
    {OpCode::core_if, "b", "", "", "", 1},
    {OpCode::core_try, "", "r", "", "i"},
    {OpCode::core_map, "S", "I", "s", "i"},
    {OpCode::core_map, "S", "", "s", ""},
    {OpCode::core_for, "Sib", "ib", "sib", "ib"},
    {OpCode::core_for, "S", "", "s", ""},
    {OpCode::core_scan, "Sib", "IB", "sib", "ib"},
    {OpCode::core_reduce, "Ii", "i", "ii", "i"},
    {OpCode::core_while, "is", "is", "is", "bis"},
    {OpCode::core_while, "", "", "", "b"},
    {OpCode::core_filter, "S", "S", "s", "b"},
    {OpCode::core_partition, "S", "SS", "s", "b"},
    {OpCode::core_sort_by, "S", "S", "s", "i"},
    {OpCode::core_group_by, "S", "D", "s", "i"},
    {OpCode::core_race, "", "I", "", "i", 3, 3},
    {OpCode::core_switch, "s", "i", "", "i", 3, 0, "sS"},
    {OpCode::core_switch, "b", "", "", "", 3, 0, "bB"},
    {OpCode::core_switch, "i", "i", "", "i", 1},
};

constexpr std::string_view arguments = "does not accept what it is passed",
                           gives = "does not return what is expected",
                           signature = "does not match its signature",
                           carried = "returns a wrong type in result 0";

struct Wrong {
  Shape shape;
  std::string_view rule;
};
constexpr Wrong wrong[] = {
    {{OpCode::core_if, "b", "i", "", "i", 1}, "must have 2 regions when it has results"},
    {{OpCode::core_map, "S", "i", "s", "i"}, "returns a wrong type in result 0"},
    {{OpCode::core_map, "S", "I", "i", "i"}, arguments},
    {{OpCode::core_map, "S", "I", "s", "s"}, gives},
    {{OpCode::core_for, "Si", "s", "si", "i"}, carried},
    {{OpCode::core_for, "Si", "", "si", "i"}, "must return 1 result"},
    {{OpCode::core_for, "Si", "i", "is", "i"}, arguments},
    {{OpCode::core_for, "Si", "i", "si", "s"}, gives},
    {{OpCode::core_for, "Si", "i", "si", ""}, gives},
    {{OpCode::core_for, "i", "", "i", ""}, signature},
    {{OpCode::core_scan, "Si", "i", "si", "i"}, carried},
    {{OpCode::core_scan, "Si", "S", "si", "i"}, carried},
    {{OpCode::core_scan, "S", "", "s", ""}, signature},
    {{OpCode::core_reduce, "Is", "i", "ii", "i"}, signature},
    {{OpCode::core_reduce, "Ii", "i", "i", "i"}, arguments},
    {{OpCode::core_reduce, "Ii", "i", "ii", "b"}, gives},
    {{OpCode::core_while, "i", "i", "i", "i"}, gives},
    {{OpCode::core_while, "i", "i", "i", "ib"}, gives},
    {{OpCode::core_while, "i", "i", "", "bi"}, arguments},
    {{OpCode::core_while, "i", "b", "i", "bi"}, carried},
    {{OpCode::core_filter, "S", "I", "s", "b"}, signature},
    {{OpCode::core_filter, "S", "S", "s", "i"}, gives},
    {{OpCode::core_filter, "S", "S", "i", "b"}, arguments},
    {{OpCode::core_partition, "S", "S", "s", "b"}, signature},
    {{OpCode::core_partition, "S", "SI", "s", "b"}, signature},
    {{OpCode::core_partition, "S", "SS", "s", "i"}, gives},
    {{OpCode::core_sort_by, "S", "S", "s", "S"}, gives},
    {{OpCode::core_sort_by, "S", "S", "s", "ii"}, gives},
    {{OpCode::core_group_by, "S", "D", "s", "s"}, gives},
    {{OpCode::core_group_by, "S", "D", "s", "ii"}, gives},
    {{OpCode::core_group_by, "S", "D", "i", "i"}, arguments},
    {{OpCode::core_group_by, "S", "S", "s", "s"}, signature},
    {{OpCode::core_group_by, "I", "D", "i", "i"}, signature},
    {{OpCode::core_race, "", "i", "", "i", 2}, signature},
    {{OpCode::core_race, "", "I", "", "s", 2}, gives},
    {{OpCode::core_race, "", "I", "s", "i", 2}, arguments},
    {{OpCode::core_race, "", "I", "", "i", 2, 3}, "must be at most the number of its regions"},
    {{OpCode::core_for, "S", "", "s", "", 2}, "wrong number of regions"},
    {{OpCode::core_switch, "r", "", "", "", 1}, "takes a `str`, an `i64` or a `bool`"},
    {{OpCode::core_switch, "S", "", "", "", 1}, "takes a `str`, an `i64` or a `bool`"},
    {{OpCode::core_switch, "s", "", "", "", 2, 0, "i"}, "must list values of type `str`"},
    {{OpCode::core_switch, "b", "", "", "", 2, 0, "s"}, "must list values of type `bool`"},
    {{OpCode::core_switch, "i", "", "", "", 3, 0, "ib"}, "must list values of type `i64`"},
    {{OpCode::core_switch, "i", "", "", "", 2}, "must have 1 region"},
    {{OpCode::core_switch, "i", "", "", "", 2, 0, "iI"}, "must have 3 regions"},
    {{OpCode::core_switch, "s", "", "", "", 4, 0, "sSs"}, "has \"a\" twice"},
    {{OpCode::core_switch, "i", "i", "", "s", 1}, gives},
    {{OpCode::core_switch, "i", "i", "i", "i", 1}, arguments},
};

} // namespace

TEST(OwnerPlan, WhatRegionsTakeAndGiveIsWhatTheirOwnersWant) {
  for (const Shape &shape : right)
    EXPECT_EQ(errorOf(shape), "") << rowOf(shape.code).name << ' ' << shape.operands;
}

TEST(OwnerPlan, AnythingElseIsRefused) {
  for (const Wrong &w : wrong)
    EXPECT_NE(errorOf(w.shape).find(w.rule), std::string::npos)
        << rowOf(w.shape.code).name << ": " << errorOf(w.shape) << ", not " << w.rule;
}

/// A plan cannot be without the bound of a loop, nor give one that makes no sense.
TEST(OwnerPlan, TheBoundOfALoopIsChecked) {
  for (int64_t bound : {int64_t(0), int64_t(-1)}) {
    OwnerPlan plan({OpCode::core_while, "", "", "", "b"});
    plan.tables.attrRows[0] = plan.pool.intAttr(bound);
    plan.tables.constants = plan.pool.view();
    EXPECT_NE(plan.error().find("missing or does not match its row"), std::string::npos) << plan.error();
  }
  OwnerPlan plan({OpCode::core_while, "", "", "", "b"});
  plan.tables.attrRows[0] = AttrId();
  EXPECT_NE(plan.error().find("missing or does not match its row"), std::string::npos);
}

namespace {

/// `func @main(%xs: list<str>, %p: str, %q: str) { op(%xs) {^(%x: str) file.append(%p, %q)} }`
std::string errorOfWriting(OpCode code, std::initializer_list<std::string_view> given) {
  ConstantPool pool;
  PlanTables tables;
  const TypeId str = pool.scalar(TypeKind::Str), none = pool.scalar(TypeKind::None);
  tables.parameters = {{pool.intern("xs"), pool.list(str)}, {pool.intern("p"), str}, {pool.intern("q"), str}};
  tables.functions = {{pool.intern("main"), 0, 0, 3, 3, 0, 0, 0}};
  tables.regions = {{0, 1, 0, 3, 3, 0, 0, 0, 0, 1, 0, 1}, {2, 1, 3, 4, 1, 0, 2, 0, 0, 3, 0, 1}};
  tables.nodes = {{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0}};
  tables.slots = {{pool.list(str), 1}, {str, 1}, {str, 1}, {str, 0}, {str, 1}, {str, 1}, {none, 0}};
  tables.captures = {1, 2};
  tables.operands = {0, 1, 2};
  PlanOp owner{}, write{};
  owner.code = code;
  owner.regionCount = owner.operandCount = owner.firstRegion = 1;
  owner.resultSlot = 3;
  write.code = OpCode::file_append;
  write.firstRegion = UINT32_MAX;
  write.firstOperand = 1;
  write.operandCount = 2;
  write.resultSlot = 3;
  write.resultCount = 1;
  std::vector<DictEntry> entries;
  for (std::string_view name : given)
    entries.push_back({pool.intern(name), name == "take" ? pool.intAttr(1) : pool.unitAttr()});
  if (!entries.empty())
    owner.dict = pool.dict(entries);
  for (const AttrRow &row : rowOf(code).attributes.all())
    tables.attrRows.push_back(pool.view().find(owner.dict, row.name));
  owner.target = write.target = owner.location = write.location = UINT32_MAX;
  owner.effect = write.effect = Effect::WriteNever;
  tables.ops = {owner, write};
  tables.constants = pool.view();
  DiagnosticEngine diagnostics;
  Result<std::string> written = writePlan(tables, "writing", diagnostics, {});
  return written ? openError(*written) : diagnostics.all()[0].message;
}

/// `func @main(%p: str, %q: str) -> list<none> { %r = race {file.append(%p, %q)} }`, or with `inCall` a call
/// of `@put` in its place, which does that. `effect` is what the plan says that the race does. With `asks`,
/// `ask.human(%p)` in the place of `file.append`, which gives a `str`.
std::string errorOfRacing(Effect effect, bool inCall, bool asks = false) {
  ConstantPool pool;
  PlanTables tables;
  const TypeId str = pool.scalar(TypeKind::Str), none = asks ? str : pool.scalar(TypeKind::None);
  tables.parameters = {{pool.intern("p"), str}, {pool.intern("q"), str}, {StringId(), pool.list(none)}};
  tables.functions = {{pool.intern("main"), 0, 0, 2, 2, 1, 0, 0}};
  // The function, which gives the race's result; the race's region, which gives what is written: one node
  // each.
  tables.regions = {{0, 1, 0, 3, 2, 0, 0, 0, 0, 0, 1, 1}, {2, 1, 3, 3, 0, 0, 2, 0, 0, 3, 1, 1}};
  tables.nodes = {{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0}};
  tables.slots = {{str, 1}, {str, 1}, {pool.list(none), 1}, {str, 1}, {str, 1}, {none, 1}};
  tables.captures = {0, 1};
  tables.operands = {2, 0, 1, 2}; // what the function gives; of what is in the race, and what that gives
  PlanOp race{}, inner{};
  race.code = OpCode::core_race;
  race.regionCount = race.firstRegion = race.resultCount = 1;
  race.resultSlot = 2;
  race.effect = effect;
  inner.code = inCall ? OpCode::core_call : OpCode::file_append;
  inner.effect = Effect::WriteNever;
  inner.firstOperand = 1;
  inner.operandCount = 2;
  inner.resultSlot = 2;
  inner.resultCount = 1;
  inner.firstRegion = race.target = inner.target = race.location = inner.location = UINT32_MAX;
  tables.attrRows.resize(rowOf(OpCode::core_race).attributes.count);
  if (asks) {
    const DictEntry named{pool.intern("name"), pool.textAttr("a")};
    inner.effect = Effect::Sample;
    inner.dict = inCall ? DictId() : pool.dict({&named, 1});
    tables.slots[4].uses = inCall;
    if (!inCall) {
      inner.code = OpCode::ask_human;
      inner.operandCount = 1;
      inner.attributes = static_cast<uint32_t>(tables.attrRows.size());
      tables.operands = {2, 0, 2};
      tables.regions[1].firstResult = 2;
    }
    for (const AttrRow &row : rowOf(OpCode::ask_human).attributes.all())
      tables.attrRows.push_back(row.name == "name" ? named.value : AttrId());
  }
  tables.ops = {race, inner};
  if (inCall) {
    tables.ops[1].target = 1;
    tables.functions.push_back({pool.intern("put"), 2, 3, 2, 5, 1, 1, 0});
    for (const PlanParameter &each : {PlanParameter{pool.intern("p"), str},
                                      PlanParameter{pool.intern("q"), str}, PlanParameter{StringId(), none}})
      tables.parameters.push_back(each);
    tables.regions.push_back({4, 1, 6, 3, 2, 2, 0, 0, 0, 6, 1, 1});
    tables.nodes.insert(tables.nodes.end(), {{2, 0, 0, 0}, {3, 0, 0, 0}});
    tables.slots.insert(tables.slots.end(), {{str, 1}, {str, 1}, {none, 1}});
    tables.operands.insert(tables.operands.end(), {0, 1, 2});
    PlanOp write = inner;
    write.code = asks ? OpCode::ask_human : OpCode::file_append;
    write.firstOperand = 4;
    if (asks) {
      const DictEntry named{pool.intern("name"), pool.textAttr("a")};
      write.dict = pool.dict({&named, 1});
      write.operandCount = 1;
      write.attributes = static_cast<uint32_t>(rowOf(OpCode::core_race).attributes.count);
      tables.slots[7].uses = 0;
      tables.operands = {2, 0, 1, 2, 0, 2};
      tables.regions[2].firstResult = 5;
    }
    tables.ops.push_back(write);
  }
  tables.constants = pool.view();
  DiagnosticEngine diagnostics;
  Result<std::string> written = writePlan(tables, "racing", diagnostics, {});
  return written ? openError(*written) : diagnostics.all()[0].message;
}

} // namespace

/// What the compiler refuses in a program, no plan may do either: a write that may be cut off, or that has no
/// order though nobody said that any will do.
TEST(OwnerPlan, NothingWritesWhereNothingMay) {
  constexpr std::string_view refused = "operation 0 writes within regions that may not write";
  EXPECT_EQ(errorOfWriting(OpCode::core_for, {}), "");
  EXPECT_EQ(errorOfWriting(OpCode::core_map, {"unordered"}), "");
  EXPECT_NE(errorOfWriting(OpCode::core_map, {}).find(refused), std::string::npos);
  EXPECT_NE(errorOfWriting(OpCode::core_map, {"unordered", "take"}).find(refused), std::string::npos);
}

/// Nor does a race write, by itself or through a call, whatever the plan says that it does.
TEST(OwnerPlan, NoRaceWrites) {
  for (bool inCall : {false, true}) {
    EXPECT_NE(errorOfRacing(Effect::WriteNever, inCall)
                  .find("operation 0 writes within regions that may not write"),
              std::string::npos)
        << errorOfRacing(Effect::WriteNever, inCall);
    for (Effect lie : {Effect::Pure, Effect::Read, Effect::Sample, Effect::WriteIdempotent})
      EXPECT_NE(errorOfRacing(lie, inCall).find("operation 0 has a different effect from what it runs"),
                std::string::npos)
          << errorOfRacing(lie, inCall);
  }
}

/// Nor does one ask a person.
TEST(OwnerPlan, NoRaceAsks) {
  for (bool inCall : {false, true})
    EXPECT_NE(errorOfRacing(Effect::Sample, inCall, true)
                  .find("operation 0 asks a person within regions that may be cancelled"),
              std::string::npos)
        << errorOfRacing(Effect::Sample, inCall, true);
}
