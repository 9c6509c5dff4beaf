#pragma once
#include "xcs/Ops/Kernel.h"

namespace xcs::kernels {

/// Writes operand `i` as `str.from` shows it: a text as itself; numbers, bools and durations as they are
/// written; bytes in base64; the rest as one line of JSON in which nan and inf are written as in a program.
/// False, with the call's error set, for a secret, wherever it stands in the operand, and beyond
/// Limit::ValueBytes.
bool showOperand(KernelCall &call, size_t i, std::string &out);

} // namespace xcs::kernels
