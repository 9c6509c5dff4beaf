#pragma once
#include "Ops/Regex.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <span>
#include <string_view>

namespace xcs {

/// The matches of a pattern in a text, from left to right. They do not overlap, and an empty one directly
/// behind another does not count: the rule of RE2's and Go's "replace all".
///
/// Nothing can interrupt a search of RE2, which may take minutes. So where one may take long, it is done on a
/// thread of its own, some matches at a time, while the caller waits. When the run is stopped the caller goes
/// on at once; that thread ends with its search, or with the process, and nobody hears of it any more.
class RegexWalk {
public:
  enum class Find : uint8_t { First, All };
  /// `groupCount`: how many groups each match has, the whole one included; 0 will do for `First`. The limits
  /// bound how many bytes the searches for all may look at, where they may look at some of them again and
  /// again. They must outlive the walk.
  RegexWalk(const Regex &regex, const Value &text, size_t groupCount, Find find, const Limits &limits);
  /// False at the end, when there are no steps left (Limit::RegexSteps), and when the run was stopped.
  bool next();
  bool isOutOfSteps() const;
  /// Of the match that `next` found.
  std::span<const std::string_view> groups() const { return current; }
  size_t begin() const { return static_cast<size_t>(current[0].data() - start); }
  size_t end() const { return begin() + current[0].size(); }

private:
  struct Searches;
  bool search();

  const Limits &limits;
  const char *start;
  std::shared_ptr<Searches> searches;
  std::span<const std::string_view> current;
};

} // namespace xcs
