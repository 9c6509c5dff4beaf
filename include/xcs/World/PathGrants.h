#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Which files a run may touch. A grant is a directory with all beneath it, or one file; its directory is
/// opened when it is given, so that nothing that happens to the path later widens it. Paths are compared as
/// text, in their normal form; links are not followed beneath a grant, so what matches as text is beneath it.
/// The more exact grant counts, a denial wins. Thread safety: immutable once a run has started; copies share
/// descriptors.
class PathGrants {
public:
  enum class Access : uint8_t { Read, Write };

  /// A path as seen from an open directory.
  struct Place {
    std::shared_ptr<const int> held; // keeps the descriptor open
    std::string rest;                // without `..`; `.` for the directory itself
    int directory() const { return *held; }
  };

  /// False with a reason when there is nothing at the path to grant: it must exist, or for a file the
  /// directory it stands in.
  bool allow(Access access, std::string_view path, std::string &why);
  void deny(Access access, std::string_view path);
  void allowAll();

  /// Where a path of a program, relative to the working directory, may be opened from; none when it may not.
  std::optional<Place> placeOf(Access access, std::string_view path) const;
  /// Whether a denial forbids it: no grant would help.
  bool isDenied(Access access, std::string_view path) const;

private:
  struct Grant {
    std::string written, real; // absolute and normal; with its links followed
    std::shared_ptr<const int> directory;
    std::string file; // of a granted file: its name in `directory`; empty: all beneath `directory`
  };
  struct Denial {
    std::string written, real;
  };
  std::vector<Grant> grants[2]; // by Access
  std::vector<Denial> denials[2];
};

/// The absolute normal form of a path relative to the working directory; empty for the empty text or one with
/// NUL.
std::string absolutePath(std::string_view path);
/// The same with every link followed, as far as the path exists.
std::string realPath(const std::string &absolute);

} // namespace xcs
