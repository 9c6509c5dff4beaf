#pragma once
#include "xcs/Support/Limits.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace xcs {

/// A compiled regular expression in the syntax of RE2, whose types stay in Regex.cpp. Texts are UTF-8, and
/// `.` is a code point. A search takes time linear in the text, whatever the pattern. Thread safety:
/// immutable; any number of threads may search at once. Copies share what was compiled.
class Regex {
public:
  /// Null if the text is not a pattern, or is beyond Limit::RegexBytes, with the reason in `what`.
  /// `saysWhere`: with the byte at which it is wrong, for a pattern as its author wrote it.
  static std::unique_ptr<const Regex> compile(std::string_view pattern, const Limits &limits,
                                              std::string &what, bool saysWhere = false);
  ~Regex();

  /// Whether finding all matches of one text may take more than a few times its length. A search may read far
  /// beyond the match it finds, in vain, and the next search may read the same again. That cannot happen if a
  /// pattern has no `|` and repeats no group. Then it is a sequence of characters, each given once,
  /// optionally or repeatedly, and of two paths through it the one that began earlier is never overtaken. So
  /// a search that read in vain up to some position would have found any later match that ends before it.
  /// There is none, and every position is read for at most two matches.
  bool mayBacktrack() const { return canBacktrack; }
  /// The number of capturing groups.
  size_t groupCount() const;
  /// Finds the first match that begins at or after byte `from`; `^` still means the start of the text. Fills
  /// `groups`, the whole match first; it may be shorter than the number of groups. A group that does not
  /// participate has a null pointer.
  bool find(std::string_view text, size_t from, std::span<std::string_view> groups) const;
  /// Whether one search of so many bytes may take longer than a fraction of a second: the worst takes time
  /// for each byte and each instruction of the pattern.
  bool mayTakeLong(size_t bytes) const;

private:
  struct Compiled;
  Regex(std::shared_ptr<const Compiled> compiled, std::string_view pattern);
  std::shared_ptr<const Compiled> compiled;
  bool canBacktrack;
};

} // namespace xcs
