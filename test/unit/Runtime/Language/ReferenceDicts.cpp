#include "Runtime/Language/Reference.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::reference;

// dict, and list.count: docs/generated/ops.md, row by row. A dictionary is a list of pairs, searched from its
// first.

namespace {

using Entries = std::vector<std::pair<Value, Value>>;

Entries entriesOf(const Value &dict) {
  Entries entries;
  for (size_t i = 0; i != dict.size(); i += 2)
    entries.emplace_back(dict.items()[i], dict.items()[i + 1]);
  return entries;
}
auto placeOf(Entries &entries, const Value &key) {
  return std::ranges::find_if(entries, [&](const auto &entry) { return equal(entry.first, key); });
}
void put(Entries &entries, const Value &key, const Value &value) {
  if (auto at = placeOf(entries, key); at != entries.end())
    at->second = value;
  else
    entries.emplace_back(key, value);
}
Value dictOf(const Entries &entries) {
  std::vector<Value> items;
  for (const auto &[key, value] : entries) {
    items.push_back(key);
    items.push_back(value);
  }
  return Value::dict(items);
}
Value make(Call &c) {
  Entries entries;
  for (size_t i = 0; i != c.size(); i += 2)
    put(entries, c[i], c[i + 1]);
  return dictOf(entries);
}
Value find(Call &c, bool needed) {
  Entries entries = entriesOf(c[0]);
  auto at = placeOf(entries, c[1]);
  if (needed)
    return at == entries.end() ? c.fail(Diag::MissingKey) : at->second;
  return at == entries.end() ? Value::optionNone() : Value::some(at->second);
}
Value with(Call &c) {
  Entries entries = entriesOf(c[0]);
  put(entries, c[1], c[2]);
  return dictOf(entries);
}
Value without(Call &c) {
  Entries entries = entriesOf(c[0]);
  if (auto at = placeOf(entries, c[1]); at != entries.end())
    entries.erase(at);
  return dictOf(entries);
}
Value parts(Call &c, bool keys, bool values) {
  std::vector<Value> all;
  for (const auto &[key, value] : entriesOf(c[0]))
    all.push_back(keys && values ? recordOf({key, value}) : keys ? key : value);
  return listOf(all);
}
Value fromItems(Call &c) {
  Entries entries;
  for (const Value &item : c.list(0))
    put(entries, item.items()[0], item.items()[1]);
  return dictOf(entries);
}
Value merge(Call &c) {
  Entries entries;
  for (const Value &dict : c.operands)
    for (const auto &[key, value] : entriesOf(dict))
      put(entries, key, value);
  return dictOf(entries);
}
Value countEach(Call &c) {
  Entries entries;
  for (const Value &v : c.list(0)) {
    auto at = placeOf(entries, v);
    put(entries, v, Value::i64(at == entries.end() ? 1 : at->second.asI64() + 1));
  }
  return dictOf(entries);
}

constexpr MeaningRow rows[] = {
    {OpCode::dict_make, make},
    {OpCode::dict_get, [](Call &c) { return find(c, false); }},
    {OpCode::dict_at, [](Call &c) { return find(c, true); }},
    {OpCode::dict_put, with},
    {OpCode::dict_remove, without},
    {OpCode::dict_has,
     [](Call &c) { return Value::boolean(find(c, false).kind() != ValueKind::OptionNone); }},
    {OpCode::dict_len, [](Call &c) { return Value::i64(static_cast<int64_t>(c[0].size() / 2)); }},
    {OpCode::dict_keys, [](Call &c) { return parts(c, true, false); }},
    {OpCode::dict_values, [](Call &c) { return parts(c, false, true); }},
    {OpCode::dict_items, [](Call &c) { return parts(c, true, true); }},
    {OpCode::dict_from_items, fromItems},
    {OpCode::dict_merge, merge},
    {OpCode::list_count, countEach},
};

} // namespace

std::span<const MeaningRow> xcs::reference::dictMeanings() { return rows; }
