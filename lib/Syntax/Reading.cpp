#include "Syntax/Reading.h"

using namespace xcs;

void Reading::exceeds(Limit limit, uint64_t value, uint32_t offset) {
  if (!stopped)
    diagnostics.report(limitError(limit, value), at(offset));
  stopped = true;
}
