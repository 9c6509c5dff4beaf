#include "xcs/Ops/RecordFields.h"

using namespace xcs;

static constexpr size_t wide = 32; // fields: below that a linear search is as fast as a table

void RecordFields::add(const ConstantView &view, TypeId record) {
  std::span<const TypeField> fields = view.fields(record);
  if (fields.size() <= wide)
    return;
  auto [at, isNew] = tables.try_emplace(record.index);
  if (isNew)
    for (size_t i = 0; i != fields.size(); ++i)
      at->second.try_emplace(view.text(fields[i].name), i);
}

std::optional<size_t> RecordFields::known(const ConstantView &view, TypeId record,
                                          std::string_view name) const {
  if (auto table = tables.find(record.index); table != tables.end()) {
    auto found = table->second.find(name);
    return found == table->second.end() ? std::nullopt : std::optional(found->second);
  }
  std::span<const TypeField> fields = view.fields(record);
  for (size_t i = 0; i != fields.size(); ++i)
    if (view.text(fields[i].name) == name)
      return i;
  return std::nullopt;
}
