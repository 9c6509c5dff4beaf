#pragma once
#include "xcs/Support/Limits.h"
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A compiled regular expression in the syntax of RE2, whose types stay in Regex.cpp. Texts are UTF-8, and
/// `.` is a code point. A search takes time linear in the text, whatever the pattern. Thread safety:
/// immutable; any number of threads may search at once.
class Regex {
public:
  /// Null if the text is not a pattern, or is beyond Limit::RegexBytes, with the reason in `what`.
  static std::unique_ptr<const Regex> compile(std::string_view pattern, const Limits &limits,
                                              std::string &what);
  ~Regex();

  /// Whether finding all matches of one text may take more than a few times its length. A search may read far
  /// beyond the match it finds, in vain, and the next search may read the same again. That cannot happen if a
  /// pattern has no `|` and repeats no group. Then it is a sequence of characters, each given once,
  /// optionally or repeatedly, and of two paths through it the one that began earlier is never behind. So a
  /// search that read in vain up to some position would have found any later match that ends before it. There
  /// is none, and every position is read for at most two matches.
  bool mayBacktrack() const { return canBacktrack; }
  /// The number of capturing groups.
  size_t groupCount() const;
  /// Finds the first match that begins at or after byte `from`; `^` still means the start of the text. Fills
  /// `groups`, the whole match first; it may be shorter than the number of groups. A group that does not
  /// participate has a null pointer.
  bool find(std::string_view text, size_t from, std::span<std::string_view> groups) const;

private:
  struct Compiled;
  Regex(std::unique_ptr<Compiled> compiled, std::string_view pattern);
  std::unique_ptr<Compiled> compiled;
  bool canBacktrack;
};

/// All matches of a pattern in a text, from left to right. They do not overlap, and an empty match directly
/// after another one is skipped, as in the "replace all" of RE2 and Go. Regex and text must outlive it.
class RegexWalk {
public:
  /// `groupCount`: how many groups each match has, including the whole match. The limits bound how many bytes
  /// the searches may read if they may read some of them repeatedly. `limits` must outlive it.
  RegexWalk(const Regex &regex, std::string_view text, size_t groupCount, const Limits &limits)
      : regex(regex), text(text), found(groupCount), limits(limits), stepsLeft(limits[Limit::RegexSteps]) {}
  /// False at the end, if no steps are left (Limit::RegexSteps), and if the run was stopped.
  bool next();
  bool isOutOfSteps() const { return outOfSteps; }
  /// The groups of the match that `next` found.
  std::span<const std::string_view> groups() const { return found; }
  size_t begin() const { return static_cast<size_t>(found[0].data() - text.data()); }
  size_t end() const { return begin() + found[0].size(); }

private:
  const Regex &regex;
  std::string_view text;
  std::vector<std::string_view> found;
  const Limits &limits;
  size_t from = 0;
  size_t lastEnd = std::string_view::npos; // of the previous match
  uint64_t stepsLeft;
  bool outOfSteps = false;

  bool search();
};

} // namespace xcs
