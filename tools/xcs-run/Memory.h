#pragma once
#include <cstdint>

namespace xcs::runner {

/// How much memory this process may use, in bytes: that of the machine, of its control group, or what `ulimit
/// -v` allows, whichever is least.
uint64_t usableMemory();

} // namespace xcs::runner
