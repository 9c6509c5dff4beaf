#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Digest.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

using namespace xcs;

// Every table is append-only: an id keeps its meaning for the pool's life, and a plan can be written by
// copying the tables. Each table has an index from the content's hash to the dense id; content is compared in
// the table, so that nothing is stored twice.

namespace {

// Chunks double, so that a small module needs little memory and a large one has few chunks.
constexpr size_t smallestChunk = 16 << 10, largestChunk = 1 << 20;

// Scalars are interned first, in the order of TypeKind, so that their ids are the kinds.
constexpr size_t scalarCount = static_cast<size_t>(TypeKind::Secret) + 1;

// Dense ids have no padding, so that spans of them can be hashed and compared as bytes.
static_assert(sizeof(TypeField) == 8 && sizeof(AttrId) == 4 && sizeof(DictEntry) == 8);
template <class T> uint64_t hashItems(std::span<const T> items, uint64_t seed) {
  return digestOf({reinterpret_cast<const char *>(items.data()), items.size_bytes()}, seed);
}
template <class T> bool sameItems(std::span<const T> items, const T *stored, size_t count) {
  return items.size() == count && (count == 0 || std::memcmp(items.data(), stored, items.size_bytes()) == 0);
}

// A span may point into the table it is appended to, which moves when it grows.
template <class T> uint32_t appendItems(std::vector<T> &table, std::span<const T> items) {
  uint32_t first = static_cast<uint32_t>(table.size());
  std::less<const T *> before;
  bool inside = !items.empty() && !before(items.data(), table.data()) &&
                before(items.data(), table.data() + table.size());
  size_t offset = inside ? static_cast<size_t>(items.data() - table.data()) : 0;
  table.resize(first + items.size());
  const T *from = inside ? table.data() + offset : items.data();
  std::copy_n(from, items.size(), table.data() + first);
  return first;
}

} // namespace

ConstantPool::ConstantPool() {
  for (size_t kind = 0; kind < scalarCount; ++kind)
    type(static_cast<TypeKind>(kind), {});
}

ConstantView ConstantPool::view() const {
  return {chunkData.data(), strings, types, typeFields, attrs, attrItems, dicts, dictEntries};
}

/// Appends to the open chunk, opens a new one, or gives a long text its own chunk. A chunk never moves, so a
/// view of a text survives the growth of the pool.
StringRange ConstantPool::storeText(std::string_view text) {
  assert(text.size() < UINT32_MAX && "source-bytes bounds every text");
  auto addChunk = [&](size_t size) {
    chunks.push_back(std::make_unique_for_overwrite<char[]>(size));
    chunkData.push_back(chunks.back().get());
    return static_cast<uint32_t>(chunks.size() - 1);
  };
  bool fits = !chunks.empty() && chunkSize - chunkUsed >= text.size();
  if (!fits && text.size() * 4 > largestChunk) { // would waste too much of the open chunk
    uint32_t own = addChunk(text.size());
    std::memcpy(chunks[own].get(), text.data(), text.size());
    return {own, 0, static_cast<uint32_t>(text.size())};
  }
  if (!fits) {
    chunkSize = std::max(chunkSize ? std::min(chunkSize * 2, largestChunk) : smallestChunk, text.size());
    openChunk = addChunk(chunkSize);
    chunkUsed = 0;
  }
  StringRange range{openChunk, static_cast<uint32_t>(chunkUsed), static_cast<uint32_t>(text.size())};
  if (!text.empty())
    std::memcpy(chunks[openChunk].get() + chunkUsed, text.data(), text.size());
  chunkUsed += text.size();
  return range;
}

StringId ConstantPool::intern(std::string_view content) {
  uint64_t hash = digestOf(content);
  uint32_t found = stringIndex.find(hash, [&](uint32_t i) { return text(StringId(i)) == content; });
  if (found != InternIndex::absent)
    return StringId(found);
  uint32_t index = static_cast<uint32_t>(strings.size());
  strings.push_back(storeText(content));
  stringIndex.insert(hash, index);
  return StringId(index);
}

StringId ConstantPool::lookup(std::string_view content) const {
  uint32_t found =
      stringIndex.find(digestOf(content), [&](uint32_t i) { return text(StringId(i)) == content; });
  return found == InternIndex::absent ? StringId() : StringId(found);
}

TypeId ConstantPool::type(TypeKind kind, std::span<const TypeField> fields) {
  uint64_t hash = hashItems(fields, static_cast<uint64_t>(kind));
  uint32_t found = typeIndex.find(hash, [&](uint32_t i) {
    return types[i].kind == kind && sameItems(fields, typeFields.data() + types[i].first, types[i].count);
  });
  if (found != InternIndex::absent)
    return TypeId(found);
  uint32_t count = static_cast<uint32_t>(fields.size());
  uint32_t index = static_cast<uint32_t>(types.size());
  types.push_back({kind, {}, appendItems(typeFields, fields), count});
  typeIndex.insert(hash, index);
  return TypeId(index);
}

TypeId ConstantPool::scalar(TypeKind kind) {
  assert(static_cast<size_t>(kind) < scalarCount);
  return TypeId(static_cast<uint32_t>(kind));
}

TypeId ConstantPool::compound(TypeKind kind, TypeId element) {
  assert(kind == TypeKind::List || kind == TypeKind::Option || kind == TypeKind::Result);
  TypeField field{StringId(), element};
  return type(kind, {&field, 1});
}

TypeId ConstantPool::dictionary(TypeId key, TypeId value) {
  assert(isDictKey(kind(key)) || kind(key) == TypeKind::Record);
  TypeField fields[] = {{StringId(), key}, {StringId(), value}};
  return type(TypeKind::Dict, fields);
}

TypeId ConstantPool::record(std::span<const TypeField> fields) { return type(TypeKind::Record, fields); }

/// Interns everything but lists, whose content is in a separate table: here kind, count and payload are the
/// whole content.
AttrId ConstantPool::attr(AttrNode node) {
  uint64_t hash = digestOf(node.payload, static_cast<uint64_t>(node.kind) << 32 | node.count);
  uint32_t found = attrIndex.find(hash, [&](uint32_t i) {
    return attrs[i].kind == node.kind && attrs[i].count == node.count && attrs[i].payload == node.payload;
  });
  if (found != InternIndex::absent)
    return AttrId(found);
  uint32_t index = static_cast<uint32_t>(attrs.size());
  attrs.push_back(node);
  attrIndex.insert(hash, index);
  return AttrId(index);
}

AttrId ConstantPool::unitAttr() { return attr({AttrKind::Unit, {}, 0, 0}); }
AttrId ConstantPool::boolAttr(bool v) { return attr({AttrKind::Bool, {}, 0, v}); }
AttrId ConstantPool::intAttr(int64_t v) { return attr({AttrKind::I64, {}, 0, static_cast<uint64_t>(v)}); }

AttrId ConstantPool::floatAttr(double v) {
  // All nans print as `nan`: they share one id, so that print . parse is a fixed point.
  double canonical = std::isnan(v) ? std::numeric_limits<double>::quiet_NaN() : v;
  return attr({AttrKind::F64, {}, 0, __builtin_bit_cast(uint64_t, canonical)});
}

AttrId ConstantPool::textAttr(std::string_view v) { return textAttr(intern(v)); }
AttrId ConstantPool::textAttr(StringId v) { return attr({AttrKind::Str, {}, 0, v.index}); }
AttrId ConstantPool::durationAttr(int64_t nanoseconds) {
  return attr({AttrKind::Duration, {}, 0, static_cast<uint64_t>(nanoseconds)});
}
AttrId ConstantPool::symbolAttr(StringId name) { return attr({AttrKind::Symbol, {}, 0, name.index}); }
AttrId ConstantPool::typeAttr(TypeId type) { return attr({AttrKind::Type, {}, 0, type.index}); }
AttrId ConstantPool::dictAttr(DictId dict) { return attr({AttrKind::Dict, {}, 0, dict.index}); }
AttrId ConstantPool::secretAttr(StringId name, StringId prefix) {
  return attr({AttrKind::Secret, {}, prefix.index, name.index});
}
AttrId ConstantPool::envAttr(StringId name) { return attr({AttrKind::Env, {}, 0, name.index}); }

AttrId ConstantPool::listAttr(std::span<const AttrId> items) {
  uint64_t hash = hashItems(items, static_cast<uint64_t>(AttrKind::List));
  uint32_t found = attrIndex.find(hash, [&](uint32_t i) {
    return attrs[i].kind == AttrKind::List &&
           sameItems(items, attrItems.data() + attrs[i].payload, attrs[i].count);
  });
  if (found != InternIndex::absent)
    return AttrId(found);
  uint32_t count = static_cast<uint32_t>(items.size());
  uint32_t index = static_cast<uint32_t>(attrs.size());
  attrs.push_back({AttrKind::List, {}, count, appendItems(attrItems, items)});
  attrIndex.insert(hash, index);
  return AttrId(index);
}

DictId ConstantPool::dict(std::span<const DictEntry> entries) {
  if (entries.empty())
    return {};
  uint64_t hash = hashItems(entries, 0);
  uint32_t found = dictIndex.find(hash, [&](uint32_t i) {
    return sameItems(entries, dictEntries.data() + dicts[i].first, dicts[i].count);
  });
  if (found != InternIndex::absent)
    return DictId(found);
  uint32_t count = static_cast<uint32_t>(entries.size());
  uint32_t index = static_cast<uint32_t>(dicts.size());
  dicts.push_back({appendItems(dictEntries, entries), count});
  dictIndex.insert(hash, index);
  return DictId(index);
}

// Both copy the entries first: `dict` may grow the table that contains `base`.
DictId ConstantPool::withEntry(DictId base, StringId key, AttrId value) {
  std::span<const DictEntry> old = view().entries(base);
  std::vector<DictEntry> entries(old.begin(), old.end());
  for (DictEntry &entry : entries)
    if (entry.key == key) {
      entry.value = value;
      return dict(entries);
    }
  entries.push_back({key, value});
  return dict(entries);
}

DictId ConstantPool::withoutEntry(DictId base, StringId key) {
  std::span<const DictEntry> old = view().entries(base);
  std::vector<DictEntry> entries(old.begin(), old.end());
  std::erase_if(entries, [&](const DictEntry &entry) { return entry.key == key; });
  return dict(entries);
}
