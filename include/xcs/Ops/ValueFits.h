#pragma once
#include "xcs/Ops/Value.h"

namespace xcs {

/// The part of a value, or the value itself, for which it does not have a type; null: it has it in all its
/// parts. Looks at kinds, numbers of fields, texts in valid UTF-8, JSON that can be printed (finite numbers,
/// distinct keys). Kernels rely on that, so every value that a program in C++ or Python gives is checked
/// once, where it comes in. No value has the type `secret`. Linear; does not recurse. Thread safety: pure.
const Value *misfitOfType(const Value &value, const ConstantView &view, TypeId type);

/// Whether a value has a type in all its parts.
inline bool fitsType(const Value &value, const ConstantView &view, TypeId type) {
  return !misfitOfType(value, view, type);
}

} // namespace xcs
