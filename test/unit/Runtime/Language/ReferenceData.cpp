#include "Runtime/Language/Reference.h"
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace xcs;
using namespace xcs::reference;

// core, list, record, option, result, vote: docs/generated/ops.md, row by row.

Value xcs::reference::listOf(std::vector<Value> items) { return Value::list(items); }
Value xcs::reference::recordOf(std::vector<Value> fields) { return Value::record(fields); }

static bool isNumber(const Value &v) { return v.kind() == ValueKind::I64 || v.kind() == ValueKind::F64; }
static long double asNumber(const Value &v) {
  return v.kind() == ValueKind::I64 ? static_cast<long double>(v.asI64()) : v.asF64(); // exact: 64 bits
}
static bool holdsItems(const Value &v) {
  return v.kind() >= ValueKind::List && v.kind() != ValueKind::Secret;
}

/// The value of a key in a JSON object or a dictionary.
static const Value *keyOf(const Value &object, const Value &key) {
  for (size_t i = 0; i != object.size(); i += 2)
    if (equal(object.items()[i], key))
      return &object.items()[i + 1];
  return nullptr;
}

bool xcs::reference::equal(const Value &a, const Value &b) {
  if (isNumber(a) && isNumber(b))
    return asNumber(a) == asNumber(b);
  if (a.kind() != b.kind())
    return false;
  if (a.kind() == ValueKind::Str || a.kind() == ValueKind::Bytes)
    return a.text() == b.text();
  if (!holdsItems(a))
    return a.kind() == ValueKind::None || a.kind() == ValueKind::OptionNone || a.asI64() == b.asI64();
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i != a.size(); ++i) {
    const Value *other = &b.items()[i];
    if (a.kind() == ValueKind::Object ||
        a.kind() == ValueKind::Dict) // "the order of an object's keys has no meaning"
      other = i % 2 ? keyOf(b, a.items()[i - 1]) : &a.items()[i];
    if (!other || !equal(a.items()[i], *other))
      return false;
  }
  return true;
}

int xcs::reference::order(const Value &a, const Value &b) {
  if (a.kind() == ValueKind::F64) {
    bool nanA = std::isnan(a.asF64()), nanB = std::isnan(b.asF64());
    if (nanA || nanB)
      return nanA - nanB;
    return (a.asF64() > b.asF64()) - (a.asF64() < b.asF64());
  }
  if (a.kind() == ValueKind::Str || a.kind() == ValueKind::Bytes) {
    int sign = a.text().compare(b.text());
    return (sign > 0) - (sign < 0);
  }
  if (!holdsItems(a))
    return (a.asI64() > b.asI64()) - (a.asI64() < b.asI64());
  for (size_t i = 0; i != std::min(a.size(), b.size()); ++i)
    if (int sign = order(a.items()[i], b.items()[i]))
      return sign;
  return (a.size() > b.size()) - (a.size() < b.size());
}

std::vector<size_t> xcs::reference::sortedOrder(const std::vector<Value> &keys, bool descending) {
  std::vector<size_t> indices(keys.size());
  std::iota(indices.begin(), indices.end(), 0);
  auto isNan = [&](size_t i) { return keys[i].kind() == ValueKind::F64 && std::isnan(keys[i].asF64()); };
  std::ranges::stable_sort(indices, [&](size_t a, size_t b) {
    if (isNan(a) || isNan(b))
      return !isNan(a) && isNan(b);
    return descending ? order(keys[a], keys[b]) > 0 : order(keys[a], keys[b]) < 0;
  });
  return indices;
}

namespace {

Value count(size_t n) { return Value::i64(static_cast<int64_t>(n)); }

Value get(Call &c) {
  size_t at;
  if (!c.position(1, c[0].size(), at))
    return Value();
  return at == c[0].size() ? c.fail(Diag::IndexOutOfRange) : c.list(0)[at];
}
Value slice(Call &c) {
  size_t first, last;
  if (!c.range(c[0].size(), first, last))
    return Value();
  std::vector<Value> items = c.list(0);
  return listOf(
      {items.begin() + static_cast<ptrdiff_t>(first), items.begin() + static_cast<ptrdiff_t>(last)});
}
Value joined(std::span<const Value> lists) {
  std::vector<Value> items;
  for (const Value &list : lists)
    items.insert(items.end(), list.items().begin(), list.items().end());
  return listOf(items);
}
Value zip(Call &c) {
  if (c[0].size() != c[1].size())
    return c.fail(Diag::LengthMismatch);
  std::vector<Value> pairs;
  for (size_t i = 0; i != c[0].size(); ++i)
    pairs.push_back(recordOf({c.list(0)[i], c.list(1)[i]}));
  return listOf(pairs);
}
Value enumerate(Call &c) {
  std::vector<Value> pairs;
  for (const Value &v : c.list(0))
    pairs.push_back(recordOf({count(pairs.size()), v}));
  return listOf(pairs);
}
Value sorted(Call &c, size_t most, bool descending) {
  std::vector<Value> items = c.list(0), out;
  for (size_t i : sortedOrder(items, descending))
    if (out.size() < most)
      out.push_back(items[i]);
  return listOf(out);
}
std::optional<size_t> indexOf(std::span<const Value> items, const Value &wanted) {
  for (size_t i = 0; i != items.size(); ++i)
    if (equal(items[i], wanted))
      return i;
  return std::nullopt;
}
Value unique(Call &c) {
  std::vector<Value> kept;
  for (const Value &v : c.list(0))
    if (!indexOf(kept, v))
      kept.push_back(v);
  return listOf(kept);
}
Value range(Call &c) {
  __extension__ using Wide = __int128;
  Wide step = c.size() > 2 ? c.i(2) : 1;
  std::vector<Value> numbers;
  if (step == 0)
    return c.fail(Diag::BadArgument);
  for (Wide n = c.i(0); (step > 0 ? n < c.i(1) : n > c.i(1)) && !c.gaveUp; n += step) {
    numbers.push_back(Value::i64(static_cast<int64_t>(n)));
    c.gaveUp = numbers.size() > 1000;
  }
  return listOf(numbers);
}
Value chunk(Call &c) {
  if (c.i(1) < 1)
    return c.fail(Diag::BadArgument);
  std::vector<Value> chunks, open;
  for (const Value &v : c.list(0)) {
    open.push_back(v);
    if (open.size() == static_cast<size_t>(c.i(1)))
      chunks.push_back(listOf(std::exchange(open, {})));
  }
  if (!open.empty())
    chunks.push_back(listOf(open));
  return listOf(chunks);
}
Value end(Call &c, bool last) {
  std::vector<Value> items = c.list(0);
  return items.empty() ? c.fail(Diag::EmptyList) : last ? items.back() : items.front();
}

size_t fieldOf(Call &c) {
  std::span<const TypeField> fields = c.view.fields(c.types[0]);
  size_t i = 0;
  while (c.view.text(fields[i].name) != c.text("field"))
    ++i;
  return i;
}
Value with(Call &c) {
  std::vector<Value> fields = c.list(0);
  fields[fieldOf(c)] = c[1];
  return recordOf(fields);
}

/// What is there: the content of options and results that have one, in order.
std::vector<Value> contents(Call &c) {
  std::vector<Value> held;
  for (const Value &v : c.list(0))
    if (v.kind() == ValueKind::OptionSome || v.kind() == ValueKind::ResultOk)
      held.push_back(v.items()[0]);
  return held;
}
bool isThere(const Value &v) { return v.kind() == ValueKind::OptionSome || v.kind() == ValueKind::ResultOk; }
Value contentOr(Call &c) { return isThere(c[0]) ? c[0].items()[0] : c[1]; }
Value content(Call &c, Diag missing) { return isThere(c[0]) ? c[0].items()[0] : c.fail(missing); }
Value errors(Call &c) {
  std::vector<Value> found;
  for (const Value &v : c.list(0))
    if (!isThere(v))
      found.push_back(recordOf({v.items().begin(), v.items().end()}));
  return listOf(found);
}

/// The element with the greatest sum of weights, the first of equal ones.
Value winner(Call &c, const std::vector<double> &weights) {
  std::vector<Value> items = c.list(0), candidates;
  std::vector<double> sums;
  for (size_t i = 0; i != items.size(); ++i) {
    std::optional<size_t> at = indexOf(candidates, items[i]);
    if (!at) {
      at = candidates.size();
      candidates.push_back(items[i]);
      sums.push_back(0);
    }
    sums[*at] += weights[i];
  }
  if (items.empty())
    return c.fail(Diag::EmptyList);
  return candidates[static_cast<size_t>(std::ranges::max_element(sums) - sums.begin())];
}
Value weighted(Call &c) {
  std::vector<double> weights;
  if (c[0].size() != c[1].size())
    return c.fail(Diag::LengthMismatch);
  for (const Value &v : c.list(1))
    weights.push_back(v.asF64());
  bool fine = std::ranges::all_of(weights, [](double w) { return w >= 0 && w < INFINITY; });
  return fine ? winner(c, weights) : c.fail(Diag::BadArgument);
}
Value firstValid(Call &c) {
  std::vector<Value> held = contents(c);
  return held.empty() ? c.fail(Diag::NoValidElement) : held[0];
}

Value gather(Call &c) {
  std::vector<Value> items = c.list(0), chosen;
  for (const Value &index : c.list(1)) {
    if (index.asI64() < 0 || index.asI64() >= static_cast<int64_t>(items.size()))
      return c.fail(Diag::IndexOutOfRange);
    chosen.push_back(items[static_cast<size_t>(index.asI64())]);
  }
  return listOf(chosen);
}
Value part(Call &c, bool isTake) {
  if (c.i(1) < 0)
    return c.fail(Diag::BadArgument);
  std::vector<Value> items = c.list(0);
  const auto at = items.begin() + std::min<int64_t>(c.i(1), static_cast<int64_t>(items.size()));
  return isTake ? listOf({items.begin(), at}) : listOf({at, items.end()});
}
Value flat(Call &c) {
  std::vector<Value> items;
  for (size_t i = 0; i != c.size(); ++i) {
    if (c.types[i] == c.view.element(c.resultType))
      items.push_back(c[i]);
    else if (c[i].kind() != ValueKind::OptionNone)
      items.insert(items.end(), c[i].items().begin(), c[i].items().end());
  }
  return listOf(items);
}
/// Each element of the lists once, if `wanted` says so.
template <class Wanted> Value eachOnce(std::span<const Value> lists, Wanted wanted) {
  std::vector<Value> kept;
  for (const Value &list : lists)
    for (const Value &v : list.items())
      if (wanted(v) && !indexOf(kept, v))
        kept.push_back(v);
  return listOf(kept);
}
Value common(Call &c, bool isInSecond) {
  return eachOnce(std::span(c.operands).first(1),
                  [&](const Value &v) { return indexOf(c[1].items(), v).has_value() == isInSecond; });
}

constexpr MeaningRow rows[] = {
    {OpCode::core_select, [](Call &c) { return c.b(0) ? c[1] : c[2]; }},

    {OpCode::list_gather, gather},
    {OpCode::list_take, [](Call &c) { return part(c, true); }},
    {OpCode::list_drop, [](Call &c) { return part(c, false); }},
    {OpCode::list_flat, flat},
    {OpCode::list_union, [](Call &c) { return eachOnce(c.operands, [](const Value &) { return true; }); }},
    {OpCode::list_intersection, [](Call &c) { return common(c, true); }},
    {OpCode::list_difference, [](Call &c) { return common(c, false); }},
    {OpCode::list_pack, [](Call &c) { return listOf(c.operands); }},
    {OpCode::list_get, get},
    {OpCode::list_len, [](Call &c) { return count(c[0].size()); }},
    {OpCode::list_slice, slice},
    {OpCode::list_concat, [](Call &c) { return joined(c.operands); }},
    {OpCode::list_append,
     [](Call &c) {
       std::vector<Value> items = c.list(0);
       items.push_back(c[1]);
       return listOf(items);
     }},
    {OpCode::list_zip, zip},
    {OpCode::list_enumerate, enumerate},
    {OpCode::list_flatten, [](Call &c) { return joined(c[0].items()); }},
    {OpCode::list_reverse,
     [](Call &c) {
       std::vector<Value> items = c.list(0);
       return listOf({items.rbegin(), items.rend()});
     }},
    {OpCode::list_sort, [](Call &c) { return sorted(c, SIZE_MAX, c.flag("descending")); }},
    {OpCode::list_unique, unique},
    {OpCode::list_range, range},
    {OpCode::list_chunk, chunk},
    {OpCode::list_top_k,
     [](Call &c) {
       return c.i(1) < 0 ? c.fail(Diag::BadArgument) : sorted(c, static_cast<size_t>(c.i(1)), true);
     }},
    {OpCode::list_contains, [](Call &c) { return Value::boolean(indexOf(c[0].items(), c[1]).has_value()); }},
    {OpCode::list_index_of,
     [](Call &c) {
       std::optional<size_t> at = indexOf(c[0].items(), c[1]);
       return at ? Value::some(count(*at)) : Value::optionNone();
     }},
    {OpCode::list_first, [](Call &c) { return end(c, false); }},
    {OpCode::list_last, [](Call &c) { return end(c, true); }},

    {OpCode::record_make, [](Call &c) { return recordOf(c.operands); }},
    {OpCode::record_get, [](Call &c) { return c.list(0)[fieldOf(c)]; }},
    {OpCode::record_with, with},

    {OpCode::option_some, [](Call &c) { return Value::some(c[0]); }},
    {OpCode::option_none, [](Call &) { return Value::optionNone(); }},
    {OpCode::option_is_some, [](Call &c) { return Value::boolean(isThere(c[0])); }},
    {OpCode::option_value, [](Call &c) { return content(c, Diag::EmptyOption); }},
    {OpCode::option_or, contentOr},
    {OpCode::option_somes, [](Call &c) { return listOf(contents(c)); }},

    {OpCode::result_ok, [](Call &c) { return Value::ok(c[0]); }},
    {OpCode::result_is_ok, [](Call &c) { return Value::boolean(isThere(c[0])); }},
    {OpCode::result_value, [](Call &c) { return content(c, Diag::ErrorResult); }},
    {OpCode::result_or, contentOr},
    {OpCode::result_error,
     [](Call &c) { return isThere(c[0]) ? c.fail(Diag::NoErrorResult) : recordOf(c.list(0)); }},
    {OpCode::result_oks, [](Call &c) { return listOf(contents(c)); }},
    {OpCode::result_errors, errors},

    {OpCode::vote_majority, [](Call &c) { return winner(c, std::vector<double>(c[0].size(), 1)); }},
    {OpCode::vote_weighted, weighted},
    {OpCode::vote_first_valid, firstValid},
};

} // namespace

std::span<const MeaningRow> xcs::reference::dataMeanings() { return rows; }
