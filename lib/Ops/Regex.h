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

private:
  struct Compiled;
  Regex(std::unique_ptr<Compiled> compiled, std::string_view pattern);
  std::unique_ptr<Compiled> compiled;
  bool canBacktrack;
};

/// All matches of a pattern in a text, from left to right. They do not overlap, and an empty one directly
/// behind another does not count: the rule of RE2's and Go's "replace all". Neither may die before it.
class RegexWalk {
public:
  /// `groupCount`: how many groups each match has, the whole one included. Its limits bound how many bytes
  /// the searches may look at, where they may look at some of them again and again. `limits` must outlive it.
  RegexWalk(const Regex &regex, std::string_view text, size_t groupCount, const Limits &limits)
      : regex(regex), text(text), found(groupCount), limits(limits), stepsLeft(limits[Limit::RegexSteps]) {}
  /// False at the end, when there are no steps left (Limit::RegexSteps), and when the run was stopped.
  bool next();
  bool isOutOfSteps() const { return outOfSteps; }
  /// Of the match that `next` found.
  std::span<const std::string_view> groups() const { return found; }
  size_t begin() const { return static_cast<size_t>(found[0].data() - text.data()); }
  size_t end() const { return begin() + found[0].size(); }

private:
  const Regex &regex;
  std::string_view text;
  std::vector<std::string_view> found;
  const Limits &limits;
  size_t from = 0;
  size_t lastEnd = std::string_view::npos; // of the match before
  uint64_t stepsLeft;
  bool outOfSteps = false;

  bool search();
};

} // namespace xcs
