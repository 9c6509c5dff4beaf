#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// Paths as effects name them: a file by its normal form, a directory including everything beneath it. Purely
// textual: symbolic links are rejected at run time, so that two normal forms of one kind are two files.

/// The path without `.`, empty parts and `..`; `.` for the working directory itself. Empty if the file is
/// only known at run time: for the empty text, a text with a NUL, and a relative path that leaves the working
/// directory.
std::string normalPath(std::string_view path);

/// The directories above a normal path, outermost first: `.` and `a` for `a/b`, `/` and `/a` for `/a/b`.
std::vector<std::string_view> directoriesAbove(std::string_view normal);

inline bool isAbsolutePath(std::string_view path) { return path.starts_with('/'); }

/// Whether a normal path is `directory` or beneath it.
bool isWithin(std::string_view path, std::string_view directory);

/// Whether two normal paths may name one file, or one may name a file beneath the other. A relative and an
/// absolute path always may, since the working directory is not known.
bool pathsConflict(std::string_view a, std::string_view b);

} // namespace xcs
