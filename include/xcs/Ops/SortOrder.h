#pragma once
#include "xcs/Ops/Value.h"

namespace xcs {

// The orders of `list.sort`, `list.top_k` and `sort_by`. Thread safety: pure functions.

/// Whether `a` comes before `b` when the least comes first. Nan comes last.
bool sortsBefore(const Value &a, const Value &b);
/// Whether `a` comes before `b` when the greatest comes first. Nan comes last here, too.
bool sortsBeforeDescending(const Value &a, const Value &b);

} // namespace xcs
