#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Support/InternIndex.h"
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace xcs {

/// Owns and grows interned strings, types, attribute values and dictionaries: equal content has equal ids.
/// Texts keep their address for the pool's life; spans of the view do not. Thread safety: none while
/// interning.
class ConstantPool {
public:
  ConstantPool();
  ConstantPool(const ConstantPool &) = delete;
  ConstantPool &operator=(const ConstantPool &) = delete;

  ConstantView view() const;

  StringId intern(std::string_view text);
  /// The id of a text that is already interned; none otherwise.
  StringId lookup(std::string_view text) const;
  std::string_view text(StringId id) const {
    const StringRange &range = strings[id.index];
    return {chunkData[range.chunk] + range.offset, range.size};
  }

  TypeId scalar(TypeKind kind);
  TypeId list(TypeId element) { return compound(TypeKind::List, element); }
  TypeId option(TypeId element) { return compound(TypeKind::Option, element); }
  TypeId result(TypeId element) { return compound(TypeKind::Result, element); }
  TypeId record(std::span<const TypeField> fields);
  /// `key` is a type that isDictKey allows; while a program is read, also the placeholder of a declared name.
  TypeId dictionary(TypeId key, TypeId value);
  /// A list, option or result of `element`.
  TypeId compound(TypeKind kind, TypeId element);
  TypeKind kind(TypeId id) const { return types[id.index].kind; }

  AttrId unitAttr();
  AttrId boolAttr(bool v);
  AttrId intAttr(int64_t v);
  AttrId floatAttr(double v);
  AttrId textAttr(std::string_view v);
  AttrId textAttr(StringId v);
  AttrId durationAttr(int64_t nanoseconds);
  AttrId symbolAttr(StringId name);
  AttrId typeAttr(TypeId type);
  AttrId listAttr(std::span<const AttrId> items);
  AttrId dictAttr(DictId dict);
  AttrId secretAttr(StringId name, StringId prefix);
  AttrId envAttr(StringId name);

  /// A dictionary with the entries in this order; keys must differ. The empty dictionary is the id none.
  DictId dict(std::span<const DictEntry> entries);
  /// `base` with `key` set to `value`: replaced in place, or appended.
  DictId withEntry(DictId base, StringId key, AttrId value);
  /// `base` without `key`.
  DictId withoutEntry(DictId base, StringId key);

private:
  AttrId attr(AttrNode node);
  StringRange storeText(std::string_view text);
  TypeId type(TypeKind kind, std::span<const TypeField> fields);

  std::vector<std::unique_ptr<char[]>> chunks;
  std::vector<const char *> chunkData; // the chunks' addresses, in the form the view needs
  size_t chunkUsed = 0, chunkSize = 0; // of the open chunk; long texts have chunks of their own
  uint32_t openChunk = 0;
  std::vector<StringRange> strings;
  std::vector<TypeNode> types;
  std::vector<TypeField> typeFields;
  std::vector<AttrNode> attrs;
  std::vector<AttrId> attrItems;
  std::vector<DictRange> dicts;
  std::vector<DictEntry> dictEntries;
  InternIndex stringIndex, typeIndex, attrIndex, dictIndex;
};

/// Names that are printed as `@name` in place of what they name. Ids beyond a table have none.
struct DeclaredNames {
  std::vector<StringId> types;  // by TypeId
  std::vector<StringId> values; // by AttrId

  StringId of(TypeId type) const { return type.index < types.size() ? types[type.index] : StringId(); }
  StringId of(AttrId value) const { return value.index < values.size() ? values[value.index] : StringId(); }
};

/// A type in the syntax of a program: `list<record<name: str>>`.
std::string printType(const ConstantView &view, TypeId type, const DeclaredNames *names = nullptr);
/// The same; a name of the type itself is not used, only those of its parts.
std::string printTypeMeaning(const ConstantView &view, TypeId type, const DeclaredNames &names);
/// The kind of a type in the same syntax: `list`.
std::string_view typeKindName(TypeKind kind);
/// What to do about keys of a dictionary that are of another kind than isDictKey allows.
std::string_view dictKeyRemedy(TypeKind key);
/// An attribute in the syntax of a program; strings escaped, floats in the shortest form that reads back to
/// the same bits. The unit value of a bare key prints nothing.
std::string printAttr(const ConstantView &view, AttrId attr);
/// ` {a = 1, b}`-form of a dictionary without the leading space; `{}` when empty.
std::string printDict(const ConstantView &view, DictId dict);
/// A string literal with JSON escapes, in double quotes.
std::string quoteString(std::string_view text);
/// A duration in the syntax of a program: in the largest unit of ns, us, ms, s, m, h that divides it.
std::string printDuration(int64_t nanoseconds);
/// Reads a duration in the syntax of a program; false if it is invalid or does not fit.
bool parseDuration(std::string_view text, int64_t &nanoseconds);
/// A float in the syntax of a program: the shortest form that reads back to the same bits, always with a `.`
/// or an exponent; `nan`, `inf`, `-inf`.
std::string printFloat(double v);

/// The same, appended to `out`, so that printing a whole module creates no string for each part.
void appendType(std::string &out, const ConstantView &view, TypeId type,
                const DeclaredNames *names = nullptr);
void appendAttr(std::string &out, const ConstantView &view, AttrId attr,
                const DeclaredNames *names = nullptr);
void appendDict(std::string &out, const ConstantView &view, DictId dict,
                const DeclaredNames *names = nullptr);
void appendQuoted(std::string &out, std::string_view text);
void appendDuration(std::string &out, int64_t nanoseconds);
void appendFloat(std::string &out, double v);
void appendInt(std::string &out, int64_t v);

} // namespace xcs
