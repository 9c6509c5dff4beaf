#include "Transforms/RerollBuild.h"
#include "Transforms/Rewrite.h"
#include "xcs/IR/DrawNames.h"
#include <algorithm>

using namespace xcs;

static bool allConstant(const RerollGroup &group) {
  return std::all_of(group.slots.begin(), group.slots.end(),
                     [](const auto &slot) { return slot.isConstant; });
}

/// So many are a constant, more are a `list.range`.
static constexpr size_t fewIndices = 16;

size_t RerollBuilder::cost(const RerollGroup &group) {
  const size_t slots = group.slots.size(), fixed = group.rows.size() + 2; // `map` and `yield`
  const size_t indices = group.count <= fewIndices ? 1 : 3;
  if (slots < 2)
    return fixed + (slots == 0 ? indices : 1);
  return allConstant(group) ? fixed + 1 + slots : fixed + indices + 2 * slots;
}

ValueRef RerollBuilder::add(OpCode code, std::span<const ValueRef> operands, TypeId type, StringId name) {
  const OpId op = graph.addOperation(RegionId(), code, operands, {}, at);
  into->push_back(op);
  return graph.addResult(op, type, name);
}

ValueRef RerollBuilder::constant(TypeId type, AttrId value) {
  const ValueRef v = add(OpCode::core_const, {}, type);
  const DictEntry entry[] = {{module.pool.intern(nameOf(Attribute::value)), value}};
  graph.setAttributes(made(v), module.pool.dict(entry));
  return v;
}

AttrId RerollBuilder::valueOf(ValueRef constant) const {
  return constantOf(module.pool.view(), graph, constant);
}

ValueRef RerollBuilder::indices(size_t count) {
  ConstantPool &pool = module.pool;
  const TypeId i64 = pool.scalar(TypeKind::I64);
  if (count <= fewIndices) {
    std::vector<AttrId> numbers;
    for (size_t i = 0; i != count; ++i)
      numbers.push_back(pool.intAttr(static_cast<int64_t>(i)));
    return constant(pool.list(i64), pool.listAttr(numbers));
  }
  const ValueRef bounds[] = {constant(i64, pool.intAttr(0)),
                             constant(i64, pool.intAttr(static_cast<int64_t>(count)))};
  return add(OpCode::list_range, bounds, pool.list(i64));
}

ValueRef RerollBuilder::constantList(const RerollGroup &group, uint32_t slot) {
  std::vector<AttrId> values;
  for (ValueRef v : group.slots[slot].values)
    values.push_back(valueOf(v));
  const TypeId type = module.pool.list(typeOf(group, slot));
  return constant(type, module.pool.listAttr(values));
}

/// All slots as the fields of constant records.
ValueRef RerollBuilder::recordList(const RerollGroup &group) {
  ConstantPool &pool = module.pool;
  std::vector<TypeField> fields;
  for (uint32_t s = 0; s != group.slots.size(); ++s)
    fields.push_back({pool.intern("in" + std::to_string(s)), typeOf(group, s)});
  std::vector<AttrId> records;
  for (size_t i = 0; i != group.count; ++i) {
    std::vector<DictEntry> entries;
    for (uint32_t s = 0; s != group.slots.size(); ++s)
      entries.push_back({fields[s].name, valueOf(group.slots[s].values[i])});
    records.push_back(pool.dictAttr(pool.dict(entries)));
  }
  const TypeId type = pool.list(pool.record(fields));
  return constant(type, pool.listAttr(records));
}

ValueRef RerollBuilder::listOf(const RerollGroup &group, uint32_t slot) {
  if (group.slots[slot].isConstant)
    return constantList(group, slot);
  const TypeId type = module.pool.list(typeOf(group, slot));
  return add(OpCode::list_pack, group.slots[slot].values, type);
}

/// The value of each slot in the region, by the lists or, without them, the fields of the argument.
std::vector<ValueRef> RerollBuilder::takeApart(const RerollGroup &group, ValueRef argument,
                                               std::span<const ValueRef> lists, std::vector<OpId> &body) {
  if (group.slots.size() == 1)
    return {argument};
  std::vector<ValueRef> values;
  std::vector<OpId> *outside = std::exchange(into, &body);
  for (uint32_t s = 0; s != group.slots.size(); ++s) {
    if (!lists.empty()) {
      const ValueRef operands[] = {lists[s], argument};
      values.push_back(add(OpCode::list_get, operands, typeOf(group, s)));
      continue;
    }
    values.push_back(add(OpCode::record_get, {&argument, 1}, typeOf(group, s)));
    const DictEntry field[] = {
        {module.pool.intern(nameOf(Attribute::field)), module.pool.textAttr("in" + std::to_string(s))}};
    graph.setAttributes(made(values.back()), module.pool.dict(field));
  }
  into = outside;
  return values;
}

/// Gives the draws of the first instance the names of all, an iteration each. Whether there are draws.
bool RerollBuilder::nameDraws(const RerollGroup &group) {
  RerollShape shape(module.pool, graph);
  bool any = false;
  for (const RerollGroup::Row &row : group.rows) {
    std::vector<std::string> names; // by draw in the operation
    for (OpId op : row.ops) {
      shape.read(op);
      names.resize(shape.draws.size());
      for (size_t d = 0; d != names.size(); ++d)
        names[d]
            .append(names[d].empty() ? "" : "\n")
            .append(module.pool.text(graph.drawName(shape.draws[d])));
    }
    shape.read(row.ops[0]);
    for (size_t d = 0; d != names.size(); ++d)
      graph.setDrawName(shape.draws[d], module.pool.intern(names[d]));
    any = any || !names.empty();
  }
  return any;
}

ValueRef RerollBuilder::build(const RerollGroup &group, StringId name, std::vector<ValueRef> lists,
                              std::vector<OpId> &newOps) {
  into = &newOps;
  const OpId root = group.rows.back().ops[0];
  at = graph.operation(root).location;
  const ValueRef result = graph.results(root)[group.result];
  const size_t slots = group.slots.size();
  const bool hasRecords = slots > 1 && allConstant(group);
  lists.resize(hasRecords ? 0 : slots);
  for (uint32_t s = 0; s != lists.size(); ++s)
    if (!lists[s])
      lists[s] = listOf(group, s);
  const ValueRef driver = hasRecords ? recordList(group) : slots == 1 ? lists[0] : indices(group.count);
  const TypeId element = module.pool.view().element(graph.type(driver));
  const ValueRef mapped = add(OpCode::core_map, {&driver, 1}, module.pool.list(graph.type(result)), name);
  const RegionId region = graph.addRegion(made(mapped));
  const ValueRef argument = graph.addArgument(region, element, {});
  std::vector<OpId> body;
  const std::vector<ValueRef> values = takeApart(group, argument, lists, body);
  for (const RerollGroup::SlotUse &use : group.slotUses)
    graph.operandsForUpdate(use.op)[use.operand] = values[use.slot];
  if (nameDraws(group)) {
    const DictEntry places[] = {{module.pool.intern(nameOf(Attribute::places)), module.pool.unitAttr()}};
    graph.setAttributes(made(mapped), module.pool.dict(places));
  }
  for (const RerollGroup::Row &row : group.rows)
    body.push_back(row.ops[0]);
  body.push_back(graph.addOperation(RegionId(), OpCode::core_yield, {&result, 1}, {}, at));
  graph.setBody(region, std::move(body));
  return mapped;
}
