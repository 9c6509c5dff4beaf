#pragma once
#include "xcs/Ops/Constants.h"
#include <string>
#include <string_view>

namespace xcs {

/// Some slots of a `limit` resource that an operation takes.
struct Slots {
  std::string_view limit; // its symbol, without `@`
  int64_t count;
};

/// Calls `visit` with what `limit = @l` or `limit = {@l = 2, @m = 1}` says, for which `wrongValue` finds
/// nothing.
template <class Visit> void forEachSlots(const ConstantView &view, AttrId limit, Visit visit) {
  if (view.attr(limit).kind == AttrKind::Symbol)
    return visit(Slots{view.textAttr(limit), 1});
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(limit).payload))))
    visit(Slots{view.text(entry.key).substr(1), view.intAttr(entry.value)});
}

/// What is wrong with that many slots of a `limit` with those attributes; empty if nothing is.
std::string wrongSlotCount(const ConstantView &view, const Slots &slots, DictId attributes);

/// Whether a key of a dictionary is a symbol with its `@`, as those of `limit` are.
bool isSymbolKey(std::string_view key);

} // namespace xcs
