#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Value.h"
#include <string>

namespace xcs {

/// Why a value is not one of a type; empty: it is. Looks at all of it.
std::string whyNotOfType(const ConstantView &view, TypeId type, const Value &value);

/// Whether two types of two plans are the same.
bool isSameType(const ConstantView &a, TypeId ofA, const ConstantView &b, TypeId ofB);

} // namespace xcs
