#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

// Paths as effects name them: files by their normal form, a directory for all beneath it. Text alone: two
// normal forms of one kind are two files, whatever links there are. A relative and
// an absolute path may always be one, for the working directory is not known.

/// The path without `.`, empty parts and `..` after a name; `.` for the working directory itself. A relative
/// path that leaves the working directory keeps the `..` it begins with: `../a`. Empty when it can be known
/// only at run time what it names: the empty text, and a NUL in it.
std::string normalPath(std::string_view path);

inline bool isAbsolutePath(std::string_view path) { return path.starts_with('/'); }

/// The same of a path that is relative to `start`, an absolute normal path.
std::string normalPathFrom(std::string_view start, std::string_view path);

/// A normal path in two parts: how often it goes up before it names something, and the names.
struct PathParts {
  size_t stepsUp;         // 2 for `../../a`
  std::string_view names; // `a/b` for `/a/b` and `../a/b`; empty for `.`, `..` and `/`
};
PathParts partsOf(std::string_view normal);

/// The directories a normal path is beneath, outermost first: `.` and `a` for `a/b`, `/` and `/a` for
/// `/a/b`, `..` for `../a`.
std::vector<std::string_view> directoriesAbove(std::string_view normal);

/// Whether a normal path is `directory` or is beneath it, as far as the texts tell: both absolute, or
/// both with as many steps up.
bool isWithin(std::string_view path, std::string_view directory);

/// Whether two normal paths name one file, or one a file beneath the other, wherever the working directory
/// is.
bool pathsOverlap(std::string_view a, std::string_view b);

/// Whether they may, in some working directory. A relative and an absolute path always may. `../a/b` may be
/// `b`, in a directory `a`, and is `a/b` in the root, but is never `c`.
bool pathsConflict(std::string_view a, std::string_view b);

/// The names without the first `count`; empty when there are no more.
std::string_view withoutNames(std::string_view names, size_t count);

} // namespace xcs
