#pragma once
#include "xcs/Plan/PlanFile.h"

namespace xcs::planformat {

/// The constants that a plan refers to, and no others, with new ids. Entries keep the order of the pool, so
/// children still come before parents and equal tables give equal bytes. Owns what view() shows.
class CompactConstants {
public:
  /// Collects what `tables` refers to; afterwards the map functions return the new ids.
  explicit CompactConstants(const PlanTables &tables);

  ConstantView view() const;
  StringId map(StringId id) const { return id ? StringId(strings.newIndex[id.index]) : id; }
  TypeId map(TypeId id) const { return id ? TypeId(types.newIndex[id.index]) : id; }
  AttrId map(AttrId id) const { return id ? AttrId(attrs.newIndex[id.index]) : id; }
  DictId map(DictId id) const { return id ? DictId(dicts.newIndex[id.index]) : id; }
  /// If this exceeds 32 bits, the tables are invalid; such a plan is too large to be written anyway.
  uint64_t textSize() const { return text.size(); }

private:
  /// Which entries of one table are referred to; then their new indices.
  struct Marks {
    std::vector<uint32_t> newIndex; // 0: unmarked, before number() ran
    bool add(uint32_t index) { return newIndex[index]++ == 0; }
    uint32_t number();
  };

  void markRoots(const PlanTables &tables);
  void mark(StringId id);
  void mark(TypeId id);
  void mark(AttrId id);
  void mark(DictId id);
  void markAttrContents(AttrId id);
  void spread();
  void copyTexts();
  void copyTypes();
  void copyAttrs();
  void copyDicts();
  uint64_t mapPayload(const AttrNode &node) const;

  const ConstantView &from;
  Marks strings, types, attrs, dicts;
  std::vector<AttrId> pendingAttrs; // marked, but not their contents yet
  std::vector<DictId> pendingDicts;

  std::string text;
  const char *chunk = nullptr;
  std::vector<StringRange> stringTable;
  std::vector<TypeNode> typeTable;
  std::vector<TypeField> typeFieldTable;
  std::vector<AttrNode> attrTable;
  std::vector<AttrId> attrItemTable;
  std::vector<DictRange> dictTable;
  std::vector<DictEntry> dictEntryTable;
};

} // namespace xcs::planformat
