#include "Plan/Compaction.h"

using namespace xcs;
using namespace xcs::planformat;

CompactConstants::CompactConstants(const PlanTables &tables) : from(tables.constants) {
  strings.newIndex.resize(from.strings.size());
  types.newIndex.resize(from.types.size());
  attrs.newIndex.resize(from.attrs.size());
  dicts.newIndex.resize(from.dicts.size());
  markRoots(tables);
  spread();
  copyDicts();
  copyAttrs();
  copyTypes();
  copyTexts();
}

ConstantView CompactConstants::view() const {
  ConstantView view;
  view.chunks = &chunk;
  view.strings = stringTable;
  view.types = typeTable;
  view.typeFields = typeFieldTable;
  view.attrs = attrTable;
  view.attrItems = attrItemTable;
  view.dicts = dictTable;
  view.dictEntries = dictEntryTable;
  return view;
}

/// Turns the marks into consecutive new indices, in the old order; returns how many there are.
uint32_t CompactConstants::Marks::number() {
  uint32_t next = 0;
  for (uint32_t &entry : newIndex)
    entry = entry == 0 ? UINT32_MAX : next++;
  return next;
}

void CompactConstants::mark(StringId id) {
  if (id)
    strings.add(id.index);
}

void CompactConstants::mark(TypeId id) {
  if (id)
    types.add(id.index);
}

void CompactConstants::mark(AttrId id) {
  if (id && attrs.add(id.index))
    pendingAttrs.push_back(id);
}

void CompactConstants::mark(DictId id) {
  if (id && dicts.add(id.index))
    pendingDicts.push_back(id);
}

void CompactConstants::markRoots(const PlanTables &tables) {
  for (const PlanFunction &f : tables.functions)
    mark(f.symbol);
  for (const PlanParameter &p : tables.parameters) {
    mark(p.name);
    mark(p.type);
    mark(p.defaultValue);
  }
  for (const PlanResource &r : tables.resources) {
    mark(r.symbol);
    mark(r.dict);
  }
  for (const PlanOp &op : tables.ops) {
    mark(op.name);
    mark(op.dict);
  }
  for (const PlanConstant &c : tables.constantSlots)
    mark(c.value);
  for (const PlanSlot &slot : tables.slots)
    mark(slot.type);
  for (AttrId attr : tables.attrRows)
    mark(attr);
  for (const PlanLocation &l : tables.locations)
    mark(l.file);
}

void CompactConstants::markAttrContents(AttrId id) {
  const AttrNode &node = from.attr(id);
  const uint32_t payload = static_cast<uint32_t>(node.payload);
  switch (node.kind) {
  case AttrKind::Unit:
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Duration:
    return;
  case AttrKind::Str:
  case AttrKind::Symbol:
  case AttrKind::Env:
    return mark(StringId(payload));
  case AttrKind::Secret:
    mark(StringId(payload));
    return mark(StringId(node.count));
  case AttrKind::Type:
    return mark(TypeId(payload));
  case AttrKind::Dict:
    return mark(DictId(payload));
  case AttrKind::List:
    for (AttrId item : from.items(id))
      mark(item);
    return;
  }
}

/// Marks what the marked entries refer to.
void CompactConstants::spread() {
  while (!pendingAttrs.empty() || !pendingDicts.empty()) {
    if (!pendingAttrs.empty()) {
      AttrId id = pendingAttrs.back();
      pendingAttrs.pop_back();
      markAttrContents(id);
      continue;
    }
    DictId id = pendingDicts.back();
    pendingDicts.pop_back();
    for (const DictEntry &entry : from.entries(id)) {
      mark(entry.key);
      mark(entry.value);
    }
  }
  // A pool interns a type after its fields' types, so one sweep from the end reaches all of them.
  for (size_t i = from.types.size(); i-- > 0;) {
    if (types.newIndex[i] == 0)
      continue;
    for (const TypeField &field : from.fields(TypeId(i))) {
      mark(field.name);
      mark(field.type);
    }
  }
  strings.number();
  types.number();
  attrs.number();
  dicts.number();
}

void CompactConstants::copyTexts() {
  for (size_t i = 0; i < from.strings.size(); ++i) {
    if (strings.newIndex[i] == UINT32_MAX)
      continue;
    std::string_view content = from.text(StringId(i));
    stringTable.push_back({0, static_cast<uint32_t>(text.size()), static_cast<uint32_t>(content.size())});
    text += content;
  }
  chunk = text.data();
}

void CompactConstants::copyTypes() {
  for (size_t i = 0; i < from.types.size(); ++i) {
    if (types.newIndex[i] == UINT32_MAX)
      continue;
    TypeNode node = from.types[i];
    node.first = static_cast<uint32_t>(typeFieldTable.size());
    for (const TypeField &field : from.fields(TypeId(i)))
      typeFieldTable.push_back({map(field.name), map(field.type)});
    typeTable.push_back(node);
  }
}

uint64_t CompactConstants::mapPayload(const AttrNode &node) const {
  const uint32_t payload = static_cast<uint32_t>(node.payload);
  switch (node.kind) {
  case AttrKind::Unit:
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Duration:
    return node.payload;
  case AttrKind::Str:
  case AttrKind::Symbol:
  case AttrKind::Env:
  case AttrKind::Secret:
    return map(StringId(payload)).index;
  case AttrKind::Type:
    return map(TypeId(payload)).index;
  case AttrKind::Dict:
    return map(DictId(payload)).index;
  case AttrKind::List:
    return attrItemTable.size();
  }
  return 0;
}

void CompactConstants::copyAttrs() {
  for (size_t i = 0; i < from.attrs.size(); ++i) {
    if (attrs.newIndex[i] == UINT32_MAX)
      continue;
    AttrNode node = from.attrs[i];
    node.payload = mapPayload(node);
    if (node.kind == AttrKind::Secret)
      node.count = map(StringId(node.count)).index;
    if (node.kind == AttrKind::List)
      for (AttrId item : from.items(AttrId(i)))
        attrItemTable.push_back(map(item));
    attrTable.push_back(node);
  }
}

void CompactConstants::copyDicts() {
  for (size_t i = 0; i < from.dicts.size(); ++i) {
    if (dicts.newIndex[i] == UINT32_MAX)
      continue;
    std::span<const DictEntry> entries = from.entries(DictId(i));
    dictTable.push_back(
        {static_cast<uint32_t>(dictEntryTable.size()), static_cast<uint32_t>(entries.size())});
    for (const DictEntry &entry : entries)
      dictEntryTable.push_back({map(entry.key), map(entry.value)});
  }
}
