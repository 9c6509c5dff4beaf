#include "Plan/SamplePlan.h"
#include <gtest/gtest.h>

using namespace xcs;

namespace {

/// How many operations share how many parts: looking at each part for each operation would take minutes.
constexpr uint32_t many = 150'000;

/// `func @main(%command: list<str>, %n: i64)` of `many` operations side by side, whose results nobody reads.
struct CraftedPlan {
  ConstantPool pool;
  PlanTables tables;
  const TypeId i64 = pool.scalar(TypeKind::I64), str = pool.scalar(TypeKind::Str), strings = pool.list(str);

  CraftedPlan() {
    tables.functions = {{pool.intern("main"), 0, 0, 2, 2, 0, 0, 0}};
    tables.parameters = {{pool.intern("command"), strings}, {pool.intern("n"), i64}};
    tables.slots = {{strings, 0}, {i64, 0}};
  }

  PlanOp &add(OpCode code, TypeId result, std::initializer_list<uint32_t> operands) {
    const uint32_t index = static_cast<uint32_t>(tables.ops.size());
    const uint32_t firstOperand = static_cast<uint32_t>(tables.operands.size());
    tables.operands.insert(tables.operands.end(), operands);
    for (uint32_t slot : operands)
      ++tables.slots[slot].uses;
    tables.nodes.push_back({index, 0, 0, 0});
    tables.ops.push_back({code, Effect::Pure, 0, index, firstOperand, static_cast<uint32_t>(operands.size()),
                          static_cast<uint32_t>(tables.slots.size()), 1, 0, DictId(), UINT32_MAX, UINT32_MAX,
                          UINT32_MAX, StringId()});
    tables.slots.push_back({result, 0});
    return tables.ops.back();
  }
  struct Given {
    std::string_view name;
    AttrId value;
  };
  /// Gives an operation attributes, in rows of its own.
  void give(PlanOp &op, std::initializer_list<Given> attributes) {
    std::vector<DictEntry> entries;
    op.attributes = static_cast<uint32_t>(tables.attrRows.size());
    tables.attrRows.resize(op.attributes + rowOf(op.code).attributes.count);
    for (const Given &each : attributes) {
      entries.push_back({pool.intern(each.name), each.value});
      const AttrRow *rows = rowOf(op.code).attributes.all().data();
      tables.attrRows[op.attributes + static_cast<size_t>(findAttr(op.code, each.name) - rows)] = each.value;
    }
    op.dict = pool.dict(entries);
  }
  /// A list of that many texts.
  AttrId texts(uint32_t count) {
    std::vector<AttrId> items;
    for (uint32_t i = 0; i < count; ++i)
      items.push_back(pool.textAttr("t" + std::to_string(i)));
    return pool.listAttr(items);
  }
  std::string error(const Limits &limits = {}) {
    const uint32_t count = static_cast<uint32_t>(tables.ops.size());
    tables.nodes.push_back({count, 0, 0, 0});
    tables.regions = {
        {0, count, 0, count + 2, 2, 0, 0, 0, 0, static_cast<uint32_t>(tables.operands.size()), 0, count}};
    tables.constants = pool.view();
    DiagnosticEngine diagnostics;
    Result<std::string> written = writePlan(tables, "crafted", diagnostics, {});
    return written ? openError(*written, limits) : diagnostics.all()[0].message;
  }
};

/// A wait with that `limit`, of one that has two slots.
std::string errorOfLimit(const char *key, int64_t slots, bool hasSlots = true) {
  CraftedPlan plan;
  const DictEntry most{plan.pool.intern("max_in_flight"), plan.pool.intAttr(2)};
  plan.tables.resources = {
      {ResourceKind::Limit, {}, plan.pool.intern("gpu"), plan.pool.dict({&most, hasSlots ? 1u : 0u})}};
  const TypeId duration = plan.pool.scalar(TypeKind::Duration);
  plan.tables.parameters[1].type = plan.tables.slots[1].type = duration;
  const DictEntry taken{plan.pool.intern(key), plan.pool.intAttr(slots)};
  const DictEntry limit{plan.pool.intern("limit"), plan.pool.dictAttr(plan.pool.dict({&taken, 1}))};
  PlanOp &op = plan.add(OpCode::time_sleep, plan.pool.scalar(TypeKind::None), {1});
  op.effect = Effect::Wait;
  op.dict = plan.pool.dict({&limit, 1});
  return plan.error();
}

TEST(CraftedPlan, ALimitHasTheSlotsThatAnOperationTakes) {
  EXPECT_EQ(errorOfLimit("@gpu", 2), "");
  EXPECT_EQ(errorOfLimit("@gpu", 1, false), "");
  auto fails = [](const std::string &error, std::string_view rule) { return error.find(rule) != error.npos; };
  EXPECT_TRUE(fails(errorOfLimit("@gpu", 3), "operation 0 takes 3 slots of `@gpu`, which has 2"));
  EXPECT_TRUE(fails(errorOfLimit("@gpu", 2, false), "which has no number of them"));
  EXPECT_TRUE(fails(errorOfLimit("@cpu", 1), "operation 0 names a limit that does not exist"));
  for (const char *key : {"gpu", "@", "@ gpu", ""})
    EXPECT_TRUE(fails(errorOfLimit(key, 1), "does not match its row")) << key;
  EXPECT_TRUE(fails(errorOfLimit("@gpu", 0), "does not match its row"));
  EXPECT_TRUE(fails(errorOfLimit("@gpu", -1), "does not match its row"));
}

TEST(CraftedPlan, OneDictionaryIsLookedAtOnceForEachCode) {
  CraftedPlan plan;
  std::vector<DictEntry> entries;
  for (uint32_t i = 0; i < many; ++i)
    entries.push_back({plan.pool.intern("sched.k" + std::to_string(i)), plan.pool.intAttr(i)});
  const DictId shared = plan.pool.dict(entries);
  constexpr OpCode turns[] = {OpCode::i64_min, OpCode::i64_max};
  for (uint32_t i = 0; i < many; ++i)
    plan.add(turns[i % 2], plan.i64, {1, 1}).dict = shared;
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneListIsLookedAtOnceForEachRow) {
  CraftedPlan plan;
  const AttrId list = plan.texts(many);
  const TypeField fields[] = {{plan.pool.intern("exit"), plan.i64},
                              {plan.pool.intern("stdout"), plan.str},
                              {plan.pool.intern("stderr"), plan.str}};
  const TypeId result = plan.pool.record(fields);
  for (uint32_t i = 0; i < many; ++i) {
    PlanOp &op = plan.add(OpCode::exec_run, result, {0});
    op.effect = Effect::WriteNever;
    plan.give(op, {{"reads", list}, {"writes", list}});
  }
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneBlockOfRowsIsComparedOnceWithEachDictionary) {
  CraftedPlan plan;
  const TypeField field[] = {{plan.pool.intern("f"), plan.i64}};
  plan.tables.parameters[1].type = plan.tables.slots[1].type = plan.pool.record(field);
  plan.tables.attrRows = {plan.pool.textAttr("f")};
  DictId dicts[2];
  for (int64_t d = 0; d < 2; ++d) {
    std::vector<DictEntry> entries{{plan.pool.intern("field"), plan.tables.attrRows[0]}};
    for (uint32_t i = 0; i < many; ++i)
      entries.push_back({plan.pool.intern("sched.k" + std::to_string(i)), plan.pool.intAttr(d)});
    dicts[d] = plan.pool.dict(entries);
  }
  for (uint32_t i = 0; i < many; ++i)
    plan.add(OpCode::record_get, plan.i64, {1}).dict = dicts[i % 2];
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneConstantIsMadeAValueOnce) {
  CraftedPlan plan;
  const AttrId list = plan.texts(many);
  for (uint32_t i = 0; i < many; ++i)
    plan.give(plan.add(OpCode::core_const, plan.strings, {}), {{"value", list}});
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneConstantOfManyTypesIsBounded) {
  CraftedPlan plan;
  const AttrId list = plan.texts(many);
  TypeId type = plan.strings;
  for (uint32_t i = 0; i < 250; ++i) {
    plan.give(plan.add(OpCode::core_const, type, {}), {{"value", list}});
    type = plan.pool.option(type);
  }
  Limits limits;
  limits.set(Limit::ValueBytes, 16 << 20);
  EXPECT_NE(plan.error(limits).find("the constants are larger than 16777216 bytes together"),
            std::string::npos);
}

TEST(CraftedPlan, AFieldOfAWideRecordIsFoundAtOnce) {
  CraftedPlan plan;
  std::vector<TypeField> fields;
  for (uint32_t i = 0; i < many; ++i)
    fields.push_back({plan.pool.intern("f" + std::to_string(i)), i % 2 ? plan.i64 : plan.str});
  const TypeId wide = plan.pool.record(fields);
  plan.tables.parameters[1].type = plan.tables.slots[1].type = wide;
  for (uint32_t i = 0; i < many; ++i) {
    plan.give(plan.add(OpCode::record_get, fields[i].type, {1}),
              {{"field", plan.pool.textAttr(fields[i].name)}});
  }
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneTemplateIsReadOnce) {
  CraftedPlan plan;
  plan.tables.parameters[1].type = plan.tables.slots[1].type = plan.str;
  std::string filled;
  while (filled.size() != many)
    filled += 'x';
  const AttrId pattern = plan.pool.textAttr("(a)"), text = plan.pool.textAttr(filled + "{1}");
  for (uint32_t i = 0; i < many; ++i)
    plan.give(plan.add(OpCode::str_regex_rewrite, plan.str, {1}), {{"pattern", pattern}, {"template", text}});
  EXPECT_EQ(plan.error(), "");
}

TEST(CraftedPlan, OneTypeIsWalkedOnceForItsSchema) {
  CraftedPlan plan;
  std::vector<TypeField> fields;
  for (uint32_t i = 0; i < many; ++i)
    fields.push_back({plan.pool.intern("f" + std::to_string(i)), plan.i64});
  const AttrId type = plan.pool.typeAttr(plan.pool.record(fields));
  for (uint32_t i = 0; i < many; ++i)
    plan.give(plan.add(OpCode::json_schema, plan.pool.scalar(TypeKind::Json), {}), {{"type", type}});
  EXPECT_EQ(plan.error(), "");
}

} // namespace
