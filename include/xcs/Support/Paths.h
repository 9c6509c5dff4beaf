#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// Paths as effects name them: files by their normal form, a directory for all beneath it. Text alone:
// symbolic links are refused at run time, so that two normal forms of one kind are two files.

/// The path without `.`, empty parts and `..`; `.` for the working directory itself. Empty when it can be
/// known only at run time what it names: the empty text, a NUL in it, and a relative path that leaves the
/// working directory.
std::string normalPath(std::string_view path);

/// The directories a normal path stands beneath, outermost first: `.` and `a` for `a/b`, `/` and `/a` for
/// `/a/b`.
std::vector<std::string_view> directoriesAbove(std::string_view normal);

inline bool isAbsolutePath(std::string_view path) { return path.starts_with('/'); }

/// Whether a normal path is `directory` or stands beneath it.
bool isWithin(std::string_view path, std::string_view directory);

/// Whether two normal paths may name one file, or one a file beneath the other. A relative and an absolute
/// path always may: the working directory is not known.
bool pathsConflict(std::string_view a, std::string_view b);

} // namespace xcs
