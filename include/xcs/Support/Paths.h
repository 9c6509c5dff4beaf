#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// Paths as effects name them: files by their normal form, a directory for all beneath it. Text alone:
// symbolic links are refused at run time, so that two normal forms of one kind are two files. A relative and
// an absolute path may always be one, for the working directory is not known.

/// The path without `.`, empty parts and `..`; `.` for the working directory itself. Empty when it can be
/// known only at run time what it names: the empty text, a NUL in it, and a relative path that leaves the
/// working directory.
std::string normalPath(std::string_view path);

inline bool isAbsolutePath(std::string_view path) { return path.starts_with('/'); }

/// Whether a normal path is `directory` or stands beneath it.
bool isWithin(std::string_view path, std::string_view directory);

} // namespace xcs
