#pragma once
#include "xcs/Ops/Value.h"

namespace xcs {

/// Whether a value has a type in all its parts: kinds, numbers of fields, texts in valid UTF-8, JSON that can
/// be printed (finite numbers, distinct keys). Kernels rely on that, so every value that a program in C++ or
/// Python gives is checked once, where it comes in. No value has the type `secret`. Linear; does not recurse.
/// Thread safety: pure.
bool fitsType(const Value &value, const ConstantView &view, TypeId type);

} // namespace xcs
