#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Support/Limits.h"

namespace xcs {

/// A dictionary of lists: the items by their keys, of which there is one for each item, of one kind that
/// isDictKey allows. Keys come in the order of their first items, items in theirs. Once the run is stopped
/// (Limits::isStopped) the result has no meaning.
Value groupsOf(std::span<const Value> items, std::span<const Value> keys, const Limits &limits);

} // namespace xcs
