#pragma once
#include "xcs/Support/Result.h"
#include <cstdint>
#include <functional>
#include <string>
#include <system_error>

// Files read whole, whatever their size says: pipes and the files of /proc say 0. To find out
// whether a file has more than `most` bytes, ask for one more. Errors are the system's.
namespace xcs {

/// Reads from a descriptor to the end of the file, `most` bytes at most.
Result<std::string, std::error_code> readWhole(int descriptor, uint64_t most);

/// The content of a file, or of standard input for `-`.
Result<std::string, std::error_code> readFile(const std::string &path, uint64_t most);

/// The same into memory of the caller's: `room(size)` makes it at least so large, keeps what was read, and
/// gives its beginning. The result is the number of bytes read.
using ReadRoom = std::function<char *(size_t size)>;
Result<size_t, std::error_code> readFile(const std::string &path, uint64_t most, const ReadRoom &room);

} // namespace xcs
