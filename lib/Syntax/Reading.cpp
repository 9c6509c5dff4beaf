#include "Syntax/Reading.h"

using namespace xcs;

void Reading::exceeds(Limit limit, uint64_t value, uint32_t offset) {
  const LimitRow &row = limitRows[static_cast<size_t>(limit)];
  report(Diag::LimitExceeded, offset, {row.what, std::to_string(value), row.unit, row.name});
  stopped = true;
}
