#include "Lowering/AttributeRows.h"

using namespace xcs;

const std::vector<StringId> &AttributeRows::rowNames(OpCode code) {
  PerCode &entry = perCode[static_cast<size_t>(code)];
  if (!entry.known) {
    entry.known = true;
    for (const AttrRow &row : rowOf(code).attributes.all())
      entry.names.push_back(pool.intern(row.name));
  }
  return entry.names;
}

/// The dictionary without the facts that analyses wrote for later passes.
DictId AttributeRows::withoutFacts(OpCode code, DictId attributes) {
  facts.clear();
  for (const DictEntry &entry : pool.view().entries(attributes))
    if (const AttrRow *row = findAttr(code, pool.text(entry.key));
        row && rowOf(row->attribute).kind == AttrClass::Fact)
      facts.push_back(entry.key);
  for (StringId key : facts)
    attributes = pool.withoutEntry(attributes, key);
  return attributes;
}

AttributeRows::Entry AttributeRows::make(OpCode code, DictId attributes) {
  const DictId kept = withoutFacts(code, attributes);

  const std::vector<StringId> &names = rowNames(code);
  if (names.empty())
    return {kept, 0};
  const uint32_t first = static_cast<uint32_t>(rows.size());
  rows.resize(first + names.size());
  for (const DictEntry &entry : pool.view().entries(kept))
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i] == entry.key)
        rows[first + i] = entry.value;
  return {kept, first};
}

AttributeRows::Entry AttributeRows::lower(OpCode code, DictId attributes) {
  if (attributes && perDict.size() <= attributes.index)
    perDict.resize(pool.view().dicts.size());
  Cached &cached = attributes ? perDict[attributes.index] : perCode[static_cast<size_t>(code)].empty;
  if (!cached.known || cached.code != code)
    cached = {true, code, make(code, attributes)};
  return cached.entry;
}
