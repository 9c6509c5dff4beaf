#include "xcs/Ops/PoolCopy.h"
#include <algorithm>
#include <unordered_set>

using namespace xcs;

TypeId PoolCopy::copyType(const ConstantView &view, TypeId id) {
  const TypeKind kind = view.kind(id);
  switch (kind) {
  case TypeKind::List:
  case TypeKind::Option:
  case TypeKind::Result:
    return to.compound(kind, types.at(view.element(id).index));
  case TypeKind::Dict:
    return to.dictionary(types.at(view.keyType(id).index), types.at(view.valueType(id).index));
  case TypeKind::Record: {
    std::vector<TypeField> fields;
    for (const TypeField &field : view.fields(id))
      fields.push_back({text(view, field.name), types.at(field.type.index)});
    return to.record(fields);
  }
  case TypeKind::Bool:
  case TypeKind::I64:
  case TypeKind::F64:
  case TypeKind::Str:
  case TypeKind::Bytes:
  case TypeKind::Json:
  case TypeKind::None:
  case TypeKind::Duration:
  case TypeKind::Secret:
    return to.scalar(kind);
  }
  return to.scalar(kind);
}

TypeId PoolCopy::type(TypeId id) {
  if (auto found = types.find(id.index); found != types.end())
    return found->second;
  const ConstantView view = from();
  std::vector<uint32_t> left{id.index};
  std::unordered_set<uint32_t> seen; // types share parts
  for (size_t i = 0; i < left.size(); ++i)
    for (const TypeField &field : view.fields(TypeId(left[i])))
      if (!types.contains(field.type.index) && seen.insert(field.type.index).second)
        left.push_back(field.type.index);
  std::sort(left.begin(), left.end());
  for (uint32_t index : left)
    if (!types.contains(index))
      types.emplace(index, copyType(view, TypeId(index)));
  return types.at(id.index);
}

DictId PoolCopy::copyDict(const ConstantView &view, DictId id) {
  std::vector<DictEntry> entries;
  for (const DictEntry &entry : view.entries(id))
    entries.push_back({text(view, entry.key), attrs.at(entry.value.index)});
  return to.dict(entries);
}

AttrId PoolCopy::copyAttr(const ConstantView &view, AttrId id) {
  const AttrNode &node = view.attr(id);
  switch (node.kind) {
  case AttrKind::Unit:
    return to.unitAttr();
  case AttrKind::Bool:
    return to.boolAttr(view.boolAttr(id));
  case AttrKind::I64:
    return to.intAttr(view.intAttr(id));
  case AttrKind::F64:
    return to.floatAttr(view.floatAttr(id));
  case AttrKind::Str:
    return to.textAttr(view.textAttr(id));
  case AttrKind::Duration:
    return to.durationAttr(view.intAttr(id));
  case AttrKind::Symbol:
    return to.symbolAttr(text(view, view.symbolOf(id)));
  case AttrKind::Type:
    return to.typeAttr(type(TypeId(static_cast<uint32_t>(node.payload))));
  case AttrKind::List: {
    std::vector<AttrId> items;
    for (AttrId item : view.items(id))
      items.push_back(attrs.at(item.index));
    return to.listAttr(items);
  }
  case AttrKind::Dict:
    return to.dictAttr(copyDict(view, DictId(static_cast<uint32_t>(node.payload))));
  case AttrKind::Secret:
    return to.secretAttr(text(view, view.symbolOf(id)), text(view, StringId(node.count)));
  case AttrKind::Env:
    return to.envAttr(text(view, view.symbolOf(id)));
  }
  return to.unitAttr();
}

void PoolCopy::addParts(const ConstantView &view, DictId id, std::vector<uint32_t> &left) const {
  for (const DictEntry &entry : view.entries(id))
    left.push_back(entry.value.index);
}

void PoolCopy::addParts(const ConstantView &view, AttrId id, std::vector<uint32_t> &left) const {
  if (view.attr(id).kind == AttrKind::List)
    for (AttrId item : view.items(id))
      left.push_back(item.index);
  if (view.attr(id).kind == AttrKind::Dict)
    addParts(view, DictId(static_cast<uint32_t>(view.attr(id).payload)), left);
}

/// Copies attribute values and all that they are made of.
void PoolCopy::copyParts(std::vector<uint32_t> &left) {
  const ConstantView view = from();
  std::unordered_set<uint32_t> seen;
  while (!left.empty()) {
    const uint32_t index = left.back();
    left.pop_back();
    if (!attrs.contains(index) && seen.insert(index).second)
      addParts(view, AttrId(index), left);
  }
  std::vector<uint32_t> all(seen.begin(), seen.end());
  std::sort(all.begin(), all.end());
  for (uint32_t index : all)
    attrs.emplace(index, copyAttr(view, AttrId(index)));
}

AttrId PoolCopy::attr(AttrId id) {
  std::vector<uint32_t> left{id.index};
  copyParts(left);
  return attrs.at(id.index);
}

DictId PoolCopy::dict(DictId id) {
  std::vector<uint32_t> left;
  addParts(from(), id, left);
  copyParts(left);
  return copyDict(from(), id);
}
