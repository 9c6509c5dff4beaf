#pragma once
#include "xcs/Ops/Kernel.h"

namespace xcs::kernels {

/// Writes a value as `str.from` shows it: a string as itself; numbers, bools and durations as literals;
/// bytes in base64; everything else as one line of JSON, in which nan and inf are written as in a program.
/// False, with the call's error set, for a secret anywhere in it, and beyond Limit::ValueBytes.
bool showValue(KernelCall &call, const Value &value, TypeId type, std::string &out);
/// The same of operand `i`.
bool showOperand(KernelCall &call, size_t i, std::string &out);

} // namespace xcs::kernels
