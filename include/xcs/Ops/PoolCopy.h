#pragma once
#include "xcs/Ops/ConstantPool.h"
#include <unordered_map>
#include <vector>

namespace xcs {

/// Copies types and attribute values from one pool, or from a plan, to another pool, each once. Every part of
/// a value has a smaller id than the value itself (pools intern parts first), so nothing here recurses.
/// Thread safety: none.
class PoolCopy {
public:
  /// Both must outlive it; `from` may grow.
  PoolCopy(const ConstantPool &from, ConstantPool &to) : pool(&from), to(to) {}
  /// From a plan, or from a pool that does not grow meanwhile.
  PoolCopy(const ConstantView &from, ConstantPool &to) : fixed(from), to(to) {}

  TypeId type(TypeId id);
  AttrId attr(AttrId id);
  DictId dict(DictId id);

private:
  TypeId copyType(const ConstantView &view, TypeId id);
  AttrId copyAttr(const ConstantView &view, AttrId id);
  DictId copyDict(const ConstantView &view, DictId id);
  StringId text(const ConstantView &view, StringId id) { return id ? to.intern(view.text(id)) : StringId(); }
  void addParts(const ConstantView &view, AttrId id, std::vector<uint32_t> &left) const;
  void addParts(const ConstantView &view, DictId id, std::vector<uint32_t> &left) const;
  void copyParts(std::vector<uint32_t> &left);

  ConstantView from() const { return pool ? pool->view() : fixed; }

  const ConstantPool *pool = nullptr;
  ConstantView fixed; // without a pool
  ConstantPool &to;
  std::unordered_map<uint32_t, TypeId> types; // the copies, by id
  std::unordered_map<uint32_t, AttrId> attrs;
};

} // namespace xcs
