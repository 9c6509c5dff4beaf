#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Which files a run may touch. A grant is a directory with everything beneath it, or one file. Its directory
/// is opened when the grant is given, so that later changes of the path do not widen it. A grant that is a
/// link means what it leads to at that moment. Paths are compared as text, in normal form, and opened
/// through no link, so a path that matches as text really is beneath its grant. A path with links beneath a
/// grant is first resolved, and then asked for like any other (`followed`). The most specific grant applies;
/// a denial overrides it. Thread safety: immutable once a run has started; copies share descriptors.
class PathGrants {
public:
  enum class Access : uint8_t { Read, Write };

  /// A path relative to an open directory.
  struct Place {
    std::shared_ptr<const int> held; // keeps the descriptor open
    std::string rest;                // without `..`; `.` for the directory itself
    std::string real;                // the whole path, as far as links were known when it was granted
    int directory() const { return *held; }
  };

  /// Adds a grant. False with a reason if there is nothing at the path to grant: the path must exist, or for
  /// a file at least its directory.
  bool allow(Access access, std::string_view path, std::string &why);
  void deny(Access access, std::string_view path);
  void allowAll();

  /// From where a path of a program, relative to the working directory, may be opened; none if it may not.
  std::optional<Place> placeOf(Access access, std::string_view path) const;
  /// A place that cannot be opened because of links beneath its grant, with these followed: from where what
  /// they lead to may be opened; none if it may not, or if they lead nowhere. `isDenied`: because a denial
  /// forbids it.
  std::optional<Place> followed(Access access, const Place &place, bool &isDenied) const;
  /// Whether a denial forbids it, so that no grant would help.
  bool isDenied(Access access, std::string_view path) const;

  /// Whether what is at one absolute path, without links in it, may move to another, where both may be
  /// written. Denied: a denial keeps it, or something in it, from `access`. Unreadable: it may not be read
  /// now and could be then. Named: a grant names it, or something in it, and would mean another file.
  enum class Move : uint8_t { Fine, Denied, Unreadable, Named };
  Move mayMove(const std::string &from, const std::string &to, Access &access) const;

private:
  struct Grant {
    std::string written, real; // absolute and normal; with links followed
    std::shared_ptr<const int> directory;
    std::string file; // of a granted file: its name in `directory`; empty: everything beneath `directory`
  };
  struct Denial {
    std::string written, real;
  };
  std::vector<Grant> grants[2]; // by Access
  std::vector<Denial> denials[2];
};

/// The absolute normal form of a path relative to the working directory; empty if the text is empty or
/// contains NUL.
std::string absolutePath(std::string_view path);
/// The same with every link followed, as far as the path exists.
std::string realPath(const std::string &absolute);

} // namespace xcs
