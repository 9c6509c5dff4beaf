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
  /// Null when the text is no pattern, or one beyond Limit::RegexBytes, with the reason in `what`.
  static std::unique_ptr<const Regex> compile(std::string_view pattern, const Limits &limits,
                                              std::string &what);
  ~Regex();

  /// Whether all matches of one text together may take longer than a few times its length. A search may look
  /// far beyond the match it finds, in vain, and the next one looks there again. It cannot where a pattern
  /// has no
  /// `|` and repeats no group: it is then a line of characters each given once, perhaps or repeatedly, and of
  /// two ways through it the one that began earlier is never behind. So what looked in vain up to some place
  /// would have found each later match that ends before: none does, and every place is looked at for two
  /// matches at most.
  bool mayBacktrack() const { return canBacktrack; }
  /// The number of capturing groups.
  size_t groupCount() const;
  /// Finds the first match that begins at byte `from` or behind it; `^` means the start of the text all the
  /// same. Fills `groups`, the whole match first, which may be fewer than there are; a group that takes no
  /// part has a null pointer.
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
