#include "xcs/Ops/SortOrder.h"
#include <cmath>

using namespace xcs;

static bool isNan(const Value &v) { return v.kind() == ValueKind::F64 && std::isnan(v.asF64()); }

bool xcs::sortsBefore(const Value &a, const Value &b) { return compareValues(a, b) < 0; }

bool xcs::sortsBeforeDescending(const Value &a, const Value &b) {
  if (isNan(a) || isNan(b))
    return !isNan(a) && isNan(b);
  return compareValues(a, b) > 0;
}
