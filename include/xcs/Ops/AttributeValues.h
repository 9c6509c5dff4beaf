#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>

namespace xcs {

/// What is wrong with an attribute value of the right type: out of range, not one of the allowed words, or a
/// bad entry inside. Phrased as the end of a sentence ("must be at least 1"); empty if the value is valid.
std::string wrongValue(const ConstantView &view, Attribute attribute, AttrId value);

} // namespace xcs
