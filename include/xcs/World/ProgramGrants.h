#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Which programs a run may start. A running program is not restricted, so such a grant bypasses all others.
/// Names are resolved to absolute paths when they are granted. Links are followed for a denial but not for a
/// grant, since one file can act as many programs depending on its name. Thread safety: immutable once a run
/// has started.
class ProgramGrants {
public:
  /// False when the program does not exist.
  bool allow(std::string_view name);
  void deny(std::string_view name);
  void allowAll() { everything = true; }

  /// Whether the program at an absolute path may be started.
  bool allows(const std::string &path) const;
  /// Whether a denial forbids it, so that no grant would help.
  bool isDenied(const std::string &path) const;

private:
  std::vector<std::string> allowed, denied, deniedFiles;
  bool everything = false;
};

/// The absolute path of a program: a name with `/` is relative to the working directory, any other is looked
/// up in PATH. Empty if it is not found.
std::string findProgram(std::string_view name);

} // namespace xcs
