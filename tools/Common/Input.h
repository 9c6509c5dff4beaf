#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <string>
#include <system_error>

namespace xcs::tools {

/// Appends to `text` until the end of the file or until it has `most` bytes; false on an error, with errno.
bool readUpTo(int descriptor, size_t most, std::string &text);

/// The content of a file, or of standard input for `-`, at most `most` bytes of it; to detect a longer file,
/// pass one more. The error is the system's.
Result<std::string, std::error_code> readInput(const std::string &path, uint64_t most);

} // namespace xcs::tools
