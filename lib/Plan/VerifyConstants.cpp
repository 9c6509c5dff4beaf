#include "Plan/PlanVerifier.h"

#include "xcs/Support/Utf8.h"

#include <limits>
#include <string_view>
#include <unordered_set>
#include <utility>

using namespace xcs;
using namespace xcs::planformat;

/// The size of a part of an attribute or type when it is written out or becomes a value. Tables share parts,
/// so a small plan could describe more than fits in memory.
static constexpr uint64_t partBytes = 16;

static uint64_t addSaturated(uint64_t a, uint64_t b) {
  return a > std::numeric_limits<uint64_t>::max() - b ? std::numeric_limits<uint64_t>::max() : a + b;
}

static bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

namespace {
class ConstantVerifier {
public:
  explicit ConstantVerifier(VerifyState &state)
      : check(state), plan(state.plan), c(plan.constants), text(state.text) {}

  bool run() { return strings() && types() && dictRanges() && attrs() && dictEntries() && constantSlots(); }

private:
  bool strings();
  bool types();
  bool typeNode(size_t i, uint64_t &field);
  bool attrs();
  bool attrNode(size_t i, uint64_t &item);
  bool container(size_t i, uint64_t &item);
  bool measureDict(uint32_t dict, size_t before);
  bool dictRanges();
  bool dictEntries();
  bool constantSlots();

  bool isString(uint64_t index) const { return index < c.strings.size(); }
  bool nesting(uint32_t depth, std::string_view rule, size_t index) {
    return check.isWithin(Limit::NestingDepth, depth, rule, {index});
  }

  /// How deep an attribute or a dictionary nests, and its size when written out.
  struct Extent {
    uint64_t bytes = 0;
    uint32_t depth = 0; // 0: not measured yet
  };
  VerifyState &check;
  const PlanView &plan;
  const ConstantView &c;
  std::string_view text;
  std::vector<Extent> attrExtents, dictExtents;
  std::unordered_set<std::string_view> fieldNames; // of the current record
};
} // namespace

bool ConstantVerifier::strings() {
  uint64_t end = 0;
  for (size_t i = 0; i < c.strings.size(); ++i) {
    const StringRange &r = c.strings[i];
    if (r.chunk != 0 || r.offset != end || r.size > text.size() - end)
      return check.fail("string {} does not follow the one before it in the text", {i});
    if (r.size && isContinuation(text[r.offset]))
      return check.fail("string {} begins within a character", {i});
    end += r.size;
  }
  return check.require(end == text.size(), "the text continues after the last string") &&
         check.require(invalidUtf8At(text) == std::string_view::npos, "the text is not UTF-8");
}

bool ConstantVerifier::typeNode(size_t i, uint64_t &field) {
  const TypeNode &node = c.types[i];
  if (node.kind > lastTypeKind || node.reserved[0] || node.reserved[1] || node.reserved[2])
    return check.fail("type {} has an unknown kind", {i});
  const uint32_t parts = node.kind == TypeKind::Dict ? 2 : node.kind >= TypeKind::List;
  const bool right = node.kind == TypeKind::Record || node.count == parts;
  if (!right || node.first != field || node.count > c.typeFields.size() - field)
    return check.fail("the fields of type {} are misplaced", {i});
  fieldNames.clear();
  for (const TypeField &f : c.fields(TypeId(i))) {
    if (f.type.index >= i)
      return check.fail("type {} names a type that does not precede it", {i});
    if (node.kind == TypeKind::Record ? !check.isName(f.name) : f.name.valid())
      return check.fail("a field of type {} has an invalid name", {i});
    if (node.kind == TypeKind::Record && !fieldNames.insert(c.text(f.name)).second)
      return check.fail("a field of type {} has the same name as another", {i});
  }
  if (node.kind == TypeKind::Dict && !isDictKey(c.kind(c.keyType(TypeId(i)))))
    return check.fail("type {} is a dictionary whose keys have a type that no key has", {i});
  field += node.count;
  return true;
}

bool ConstantVerifier::types() {
  uint64_t field = 0;
  std::vector<Extent> extents(c.types.size());
  check.holdsSecret.assign(c.types.size(), false);
  for (size_t i = 0; i < c.types.size(); ++i) {
    if (!typeNode(i, field))
      return false;
    Extent &own = extents[i] = {partBytes, 1};
    bool secret = c.types[i].kind == TypeKind::Secret;
    for (const TypeField &f : c.fields(TypeId(i))) {
      own.depth = std::max(own.depth, extents[f.type.index].depth + 1);
      own.bytes = addSaturated(own.bytes, extents[f.type.index].bytes);
      secret = secret || check.holdsSecret[f.type.index];
    }
    check.holdsSecret[i] = secret;
    if (!nesting(own.depth, "type {} nests deeper than {} levels", i) ||
        !check.isWithin(Limit::ValueBytes, own.bytes, "type {} is larger than {} bytes when written out",
                        {i}))
      return false;
  }
  return check.require(field == c.typeFields.size(), "a field belongs to no type");
}

bool ConstantVerifier::dictRanges() {
  uint64_t entry = 0;
  for (size_t i = 0; i < c.dicts.size(); ++i) {
    if (c.dicts[i].first != entry || c.dicts[i].count > c.dictEntries.size() - entry)
      return check.fail("the entries of dictionary {} are misplaced", {i});
    entry += c.dicts[i].count;
  }
  return check.require(entry == c.dictEntries.size(), "an entry belongs to no dictionary");
}

/// Measures a dictionary inside an attribute, once; its values must come before that attribute.
bool ConstantVerifier::measureDict(uint32_t dict, size_t before) {
  Extent &own = dictExtents[dict];
  if (own.depth)
    return true;
  own = {partBytes, 1};
  for (const DictEntry &e : c.entries(DictId(dict))) {
    if (e.value.index >= before || !isString(e.key.index))
      return check.fail("attribute {} contains an entry that does not precede it", {before});
    own.depth = std::max(own.depth, attrExtents[e.value.index].depth + 1);
    own.bytes =
        addSaturated(own.bytes, attrExtents[e.value.index].bytes + c.strings[e.key.index].size + partBytes);
  }
  return true;
}

/// A list or a dictionary as an attribute.
bool ConstantVerifier::container(size_t i, uint64_t &item) {
  const AttrNode &node = c.attrs[i];
  Extent &own = attrExtents[i] = {partBytes, 1};
  if (node.kind == AttrKind::Dict) {
    const uint64_t dict = node.payload;
    if (dict == DictId::noneIndex)
      return true;
    if (dict >= c.dicts.size())
      return check.fail("attribute {} names no dictionary", {i});
    // Measured for the first attribute that contains it; a later one comes after that one, hence after the
    // values.
    if (!measureDict(static_cast<uint32_t>(dict), i))
      return false;
    own = {dictExtents[dict].bytes, dictExtents[dict].depth + 1};
    return nesting(own.depth, "attribute {} nests deeper than {} levels", i);
  }
  if (node.payload != item || node.count > c.attrItems.size() - item)
    return check.fail("the items of attribute {} are misplaced", {i});
  for (AttrId a : c.items(AttrId(i))) {
    if (a.index >= i)
      return check.fail("attribute {} contains an item that does not precede it", {i});
    own.depth = std::max(own.depth, attrExtents[a.index].depth + 1);
    own.bytes = addSaturated(own.bytes, attrExtents[a.index].bytes);
  }
  item += node.count;
  return nesting(own.depth, "attribute {} nests deeper than {} levels", i);
}

bool ConstantVerifier::attrNode(size_t i, uint64_t &item) {
  const AttrNode &node = c.attrs[i];
  if (node.reserved[0] || node.reserved[1] || node.reserved[2])
    return check.fail("attribute {} has an unknown kind", {i});
  attrExtents[i] = {partBytes, 1};
  switch (node.kind) {
  case AttrKind::Unit:
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Duration:
    return true;
  case AttrKind::Str:
  case AttrKind::Symbol:
  case AttrKind::Env:
  case AttrKind::Secret:
    if (!isString(node.payload) || (node.kind == AttrKind::Secret && ~node.count && !isString(node.count)))
      return check.fail("attribute {} names no string", {i});
    if (node.kind == AttrKind::Secret && ~node.count && hasControlCharacter(c.text(StringId(node.count))))
      return check.fail("the prefix of the secret in attribute {} has a control character", {i});
    attrExtents[i].bytes += c.strings[node.payload].size;
    return true;
  case AttrKind::Type:
    return check.require(node.payload < c.types.size(), "attribute {} names no type", {i});
  case AttrKind::List:
  case AttrKind::Dict:
    return container(i, item);
  }
  return check.fail("attribute {} has an unknown kind", {i});
}

bool ConstantVerifier::attrs() {
  attrExtents.resize(c.attrs.size());
  dictExtents.resize(c.dicts.size());
  uint64_t item = 0;
  for (size_t i = 0; i < c.attrs.size(); ++i) {
    if (!attrNode(i, item) || !check.isWithin(Limit::ValueBytes, attrExtents[i].bytes,
                                              "attribute {} is larger than {} bytes when written out", {i}))
      return false;
    check.attrBytes.push_back(attrExtents[i].bytes);
  }
  return check.require(item == c.attrItems.size(), "an item belongs to no attribute");
}

bool ConstantVerifier::dictEntries() {
  for (size_t i = 0; i < c.dictEntries.size(); ++i)
    if (!isString(c.dictEntries[i].key.index) || c.dictEntries[i].value.index >= c.attrs.size())
      return check.fail("entry {} of the dictionaries names no string or no attribute", {i});
  std::vector<uint32_t> lastWith(c.strings.size(), UINT32_MAX); // by key: the last dictionary with it
  for (uint32_t d = 0; d < c.dicts.size(); ++d)
    for (const DictEntry &entry : c.entries(DictId(d)))
      if (std::exchange(lastWith[entry.key.index], d) == d)
        return check.fail("dictionary {} has a key twice", {d});
  // Nor under two numbers: a search for a key by its text would find only one of them.
  std::unordered_set<std::string_view> keys;
  for (size_t i = 0; i < lastWith.size(); ++i)
    if (lastWith[i] != UINT32_MAX && !keys.insert(c.text(StringId(i))).second)
      return check.fail("string {} repeats a dictionary key", {i});
  return true;
}

/// Every constant becomes a value before the run: their total size is bounded.
bool ConstantVerifier::constantSlots() {
  uint64_t bytes = 0;
  for (size_t i = 0; i < plan.constantSlots.size(); ++i) {
    const AttrId value = plan.constantSlots[i].value;
    if (value.index >= c.attrs.size())
      return check.fail("constant {} names no attribute", {i});
    bytes = addSaturated(bytes, attrExtents[value.index].bytes);
  }
  return check.isWithin(Limit::ValueBytes, bytes, "the constants are larger than {} bytes together");
}

bool planformat::verifyConstants(VerifyState &state) { return ConstantVerifier(state).run(); }
