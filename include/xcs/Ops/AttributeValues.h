#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>

namespace xcs {

/// What is wrong with the value of an attribute, whose type is right: out of its range, not one of its words,
/// an odd entry within. As the end of a sentence ("must be at least 1"); empty when it is good.
std::string wrongValue(const ConstantView &view, Attribute attribute, AttrId value);

} // namespace xcs
