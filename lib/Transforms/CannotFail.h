#pragma once
#include "xcs/IR/Module.h"

namespace xcs {

/// Whether a pure operation is known never to fail: its row is total, or its operands prove it (a division by
/// a constant that is not zero, an index that stands in a `list.pack`). That it might exceed a limit does not
/// count: limits are set for a run and are no part of what a program means (LangRef.md). Reads the operations
/// that define its operands; constant time but for the constants' sizes.
bool cannotFail(const ConstantView &view, const ComputationGraph &graph, OpId op);

} // namespace xcs
