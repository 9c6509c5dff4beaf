#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Whether a pure operation is known never to fail: its row is total, or its operands prove it (division by a
/// non-zero constant, an index within a `list.pack`). Exceeding a limit does not count: limits are set for a
/// run and are not part of a program's meaning (LangRef.md). Inspects the operations that define its
/// operands; constant time except for the constants' sizes.
bool cannotFail(const ConstantView &view, const ComputationGraph &graph, OpId op);

} // namespace xcs
