#pragma once
#include "xcs/Ops/Attributes.h"
#include "xcs/Support/Ids.h"
#include <cassert>
#include <span>
#include <string_view>

namespace xcs {

// Types, strings, attribute values and dictionaries are interned into flat tables of fixed-size structs. The
// IR owns such tables in a ConstantPool; a plan holds the very same structs in its mapped file. ConstantView
// reads either.

/// The types of XIR. `Record` fields carry names; `List`, `Option`, `Result` have one unnamed field, `Dict`
/// two: the type of its keys (isDictKey) and that of its values.
enum class TypeKind : uint8_t {
  Bool,
  I64,
  F64,
  Str,
  Bytes,
  Json,
  None,
  Duration,
  Secret,
  List,
  Option,
  Result,
  Record,
  Dict
};
/// For loops over all kinds.
constexpr TypeKind lastTypeKind = TypeKind::Dict;
/// Whether a dictionary may have keys of that kind: what has an exact equality and a text.
constexpr bool isDictKey(TypeKind kind) {
  return kind == TypeKind::Str || kind == TypeKind::I64 || kind == TypeKind::Bool ||
         kind == TypeKind::Duration;
}

/// The kinds of attribute values. AttrNode says where each keeps its content.
enum class AttrKind : uint8_t { Unit, Bool, I64, F64, Str, Duration, Symbol, Type, List, Dict, Secret, Env };

/// A string is `size` bytes at `offset` of chunk `chunk`. Plans have one chunk.
struct StringRange {
  uint32_t chunk, offset, size;
};

/// A type: `count` fields from `first` in the table of type fields (0 for scalars).
struct TypeNode {
  TypeKind kind;
  uint8_t reserved[3] = {};
  uint32_t first, count;
};

/// One field of a type. `name` is none except in records.
struct TypeField {
  StringId name;
  TypeId type;
};

/// An attribute value. `payload`: Bool 0/1; I64 and Duration (nanoseconds) two's complement; F64 its bits;
/// Str, Symbol, Env, Secret a StringId; Type a TypeId; Dict a DictId; List the first index in the table of
/// list items, `count` of them. Secret: `count` is the StringId of its prefix, or none.
struct AttrNode {
  AttrKind kind;
  uint8_t reserved[3] = {};
  uint32_t count;
  uint64_t payload;
};

/// `key = value` in a dictionary; the order is the written one.
struct DictEntry {
  StringId key;
  AttrId value;
};

/// A dictionary: `count` entries from `first`.
struct DictRange {
  uint32_t first, count;
};

/// Reads interned tables. A view: it owns nothing. It is invalid once the pool has grown (get a new one) or
/// the plan is unmapped. Ids must be in range: pools only return such ids, and plans are verified first.
/// Thread safety: concurrent reads are safe.
struct ConstantView {
  const char *const *chunks = nullptr;
  std::span<const StringRange> strings;
  std::span<const TypeNode> types;
  std::span<const TypeField> typeFields;
  std::span<const AttrNode> attrs;
  std::span<const AttrId> attrItems;
  std::span<const DictRange> dicts;
  std::span<const DictEntry> dictEntries;

  std::string_view text(StringId id) const {
    const StringRange &r = strings[id.index];
    return {chunks[r.chunk] + r.offset, r.size};
  }
  const TypeNode &type(TypeId id) const { return types[id.index]; }
  TypeKind kind(TypeId id) const { return types[id.index].kind; }
  std::span<const TypeField> fields(TypeId id) const {
    return typeFields.subspan(types[id.index].first, types[id.index].count);
  }
  /// The element of a list, option or result.
  TypeId element(TypeId id) const { return typeFields[types[id.index].first].type; }
  /// The types of a dictionary's keys and of its values.
  TypeId keyType(TypeId id) const { return typeFields[types[id.index].first].type; }
  TypeId valueType(TypeId id) const { return typeFields[types[id.index].first + 1].type; }

  const AttrNode &attr(AttrId id) const { return attrs[id.index]; }
  std::span<const AttrId> items(AttrId id) const {
    assert(attr(id).kind == AttrKind::List);
    return attrItems.subspan(attr(id).payload, attr(id).count);
  }
  std::span<const DictEntry> entries(DictId id) const {
    if (!id)
      return {};
    return dictEntries.subspan(dicts[id.index].first, dicts[id.index].count);
  }
  /// The value of `key` in a dictionary; none when it is absent.
  AttrId find(DictId id, std::string_view key) const {
    for (const DictEntry &e : entries(id))
      if (text(e.key) == key)
        return e.value;
    return {};
  }
  AttrId find(DictId id, Attribute attribute) const { return find(id, nameOf(attribute)); }
  bool boolAttr(AttrId id) const { return attr(id).payload != 0; }
  int64_t intAttr(AttrId id) const { return static_cast<int64_t>(attr(id).payload); }
  double floatAttr(AttrId id) const { return __builtin_bit_cast(double, attr(id).payload); }
  std::string_view textAttr(AttrId id) const {
    return text(StringId(static_cast<uint32_t>(attr(id).payload)));
  }
  StringId symbolOf(AttrId id) const { return StringId(static_cast<uint32_t>(attr(id).payload)); }
};

} // namespace xcs
