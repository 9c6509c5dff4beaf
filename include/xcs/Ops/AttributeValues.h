#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>

namespace xcs {

/// What is wrong with the value of attribute `name`, whose type is right: out of its range, not one of its
/// words, an odd entry within. As the end of a sentence ("must be at least 1"); empty when it is good. The
/// rules hold for every operation and resource that has an attribute of that name.
std::string wrongValue(const ConstantView &view, std::string_view name, AttrId value, AttrType type);

} // namespace xcs
