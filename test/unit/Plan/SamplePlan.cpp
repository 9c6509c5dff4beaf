#include "Plan/SamplePlan.h"
#include "xcs/Support/Digest.h"

#include <algorithm>
#include <cstring>

using namespace xcs;

namespace {
template <class T> void append(std::vector<T> &table, std::initializer_list<T> rows) {
  table.insert(table.end(), rows);
}

/// An operation without attributes, symbol or regions.
PlanOp plainOp(OpCode code, uint32_t order, uint32_t firstOperand, uint32_t operandCount,
               uint32_t resultSlot) {
  return {code, Effect::Pure, 0,          order,      firstOperand, operandCount, resultSlot, 1,
          0,    DictId(),     UINT32_MAX, UINT32_MAX, UINT32_MAX,   StringId()};
}
} // namespace

SamplePlan::SamplePlan() {
  const TypeId str = pool.scalar(TypeKind::Str), i64 = pool.scalar(TypeKind::I64), strings = pool.list(str);
  auto name = [this](std::string_view text) { return pool.intern(text); };

  const DictEntry model[] = {{name("url"), pool.textAttr("http://127.0.0.1:8080/v1")},
                             {name("model"), pool.textAttr("small")},
                             {name("key"), pool.secretAttr(name("KEY"), name("Token "))}};
  tables.resources = {{ResourceKind::Model, {}, name("gpt"), pool.dict(model)}};
  const AttrId stops[] = {pool.textAttr("a"), pool.textAttr("b")};
  const DictEntry chat[] = {{name("temperature"), pool.floatAttr(0.5)}, {name("stop"), pool.listAttr(stops)}};
  const AttrListText &chatRows = rowOf(OpCode::model_chat).attributes;
  const uint32_t mapRows = rowOf(OpCode::core_map).attributes.count; // none is given
  tables.attrRows.resize(mapRows + chatRows.count);
  for (size_t i = 0; i < chatRows.count; ++i)
    for (const DictEntry &entry : chat)
      if (chatRows.rows[i].name == pool.text(entry.key))
        tables.attrRows[mapRows + i] = entry.value;

  tables.functions = {{name("main"), 0, 0, 2, 2, 2, 0, 0}, {name("same"), 2, 4, 1, 5, 1, 1, 0}};
  tables.parameters = {{name("docs"), strings}, {name("n"), i64}, {StringId(), strings},
                       {StringId(), i64},       {name("x"), i64}, {StringId(), i64}};
  tables.locations = {{name("sample.xir"), 3, 5}, {name("sample.xir"), 5, 5}};

  // @main: slots docs, n, "?", 1, twice, more, answers, same.
  tables.regions = {{0, 3, 0, 8, 2, 0, 0, 0, 2, 6, 2, 2},
                    {4, 2, 8, 4, 1, 0, 1, 2, 0, 11, 1, 1},
                    {7, 0, 12, 1, 1, 1, 0, 2, 0, 12, 1, 0}};
  tables.constantSlots = {{2, pool.textAttr("?")}, {3, pool.intAttr(1)}};
  tables.captures = {2};
  tables.slots = {{strings, 1}, {i64, 2}, {str, 1}, {i64, 1}, {i64, 1}, {i64, 1}, {strings, 1},
                  {i64, 1},     {str, 1}, {str, 1}, {str, 1}, {str, 1}, {i64, 1}};
  tables.operands = {1, 1, 4, 3, 0, 5, /*results of @main*/ 6, 7, /*of the map*/ 0, 1, 2, 3, /*@same*/ 0};
  tables.nodes = {{0, 0, 0, 130},    {2, 1, 0, 1e9f}, {3, 1, 1, 110}, {4, 1, 0, 0},
                  {4, 1, 0, 1.1e9f}, {5, 2, 1, 1e9f}, {6, 2, 0, 0},   {6, 2, 0, 0}};
  tables.successors = {2, 1};

  PlanOp twice = plainOp(OpCode::i64_add, 0, 0, 2, 4), more = plainOp(OpCode::i64_add, 1, 2, 2, 5);
  twice.name = name("twice");
  twice.location = 0;
  PlanOp map = plainOp(OpCode::core_map, 2, 4, 1, 6), call = plainOp(OpCode::core_call, 3, 5, 1, 7);
  map.effect = Effect::Sample;
  map.regionCount = 1;
  map.firstRegion = 1;
  call.target = 1;
  PlanOp prompt = plainOp(OpCode::str_concat, 0, 8, 2, 2), answer = plainOp(OpCode::model_chat, 1, 10, 1, 3);
  answer.effect = Effect::Sample;
  answer.target = 0;
  answer.attributes = mapRows;
  answer.dict = pool.dict(chat);
  answer.location = 1;
  append(tables.ops, {twice, more, map, call, prompt, answer});
  tables.optimizationLevel = 2;
  tables.constants = pool.view();
}

std::string SamplePlan::bytes() const {
  DiagnosticEngine diagnostics;
  Result<std::string> written = writePlan(tables, "sample", diagnostics, {});
  return written ? *written : std::string();
}

template <class T> static void copy(std::vector<T> &to, std::span<const T> from) {
  to.assign(from.begin(), from.end());
}

RawPlan::RawPlan(const PlanView &plan) {
  copy(tables.functions, plan.functions);
  copy(tables.parameters, plan.parameters);
  copy(tables.resources, plan.resources);
  copy(tables.regions, plan.regions);
  copy(tables.nodes, plan.nodes);
  copy(tables.ops, plan.ops);
  copy(tables.successors, plan.successors);
  copy(tables.operands, plan.operands);
  copy(tables.captures, plan.captures);
  copy(tables.constantSlots, plan.constantSlots);
  copy(tables.slots, plan.slots);
  copy(tables.attrRows, plan.attrRows);
  copy(tables.locations, plan.locations);
  copy(tables.callSites, plan.callSites);
  tables.optimizationLevel = plan.optimizationLevel;
  const ConstantView &c = plan.constants;
  for (size_t i = 0; i < c.strings.size(); ++i)
    text += c.text(StringId(i));
  copy(strings, c.strings);
  copy(types, c.types);
  copy(typeFields, c.typeFields);
  copy(attrs, c.attrs);
  copy(attrItems, c.attrItems);
  copy(dicts, c.dicts);
  copy(dictEntries, c.dictEntries);
}

std::string RawPlan::bytes() {
  chunk = text.data();
  ConstantView view{&chunk, strings, types, typeFields, attrs, attrItems, dicts, dictEntries};
  std::string file = planformat::encode(tables, view, text.size(), UINT32_MAX);
  planformat::seal(file);
  return file;
}

StringId RawPlan::addString(std::string_view added) {
  strings.push_back({0, static_cast<uint32_t>(text.size()), static_cast<uint32_t>(added.size())});
  text += added;
  return StringId(static_cast<uint32_t>(strings.size() - 1));
}

std::string RawPlan::name(StringId id) const {
  return text.substr(strings[id.index].offset, strings[id.index].size);
}

TypeId RawPlan::typeOf(TypeKind kind) const {
  for (size_t i = 0; i < types.size(); ++i)
    if (types[i].kind == kind)
      return TypeId(i);
  return {};
}

AttrId RawPlan::attrOf(AttrKind kind) const {
  for (size_t i = 0; i < attrs.size(); ++i)
    if (attrs[i].kind == kind)
      return AttrId(i);
  return {};
}

std::string xcs::openError(std::string_view bytes, const Limits &limits) {
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(bytes, "test.xplan", diagnostics, limits);
  return diagnostics.all().empty() ? std::string() : diagnostics.all()[0].message;
}

std::unique_ptr<PlanFile> xcs::openPlan(std::string_view bytes) {
  DiagnosticEngine diagnostics;
  Result<std::unique_ptr<PlanFile>> file = PlanFile::fromBytes(bytes, "test.xplan", diagnostics, {});
  return file ? std::move(*file) : nullptr;
}

std::string xcs::withChecksum(std::string bytes) {
  planformat::Header header;
  if (bytes.size() < sizeof(header))
    return bytes;
  std::memcpy(&header, bytes.data(), sizeof(header));
  header.fileSize = bytes.size();
  header.checksum = digestOf(std::string_view(bytes).substr(sizeof(header)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}
