#pragma once
#include "Ops/Regex.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <span>
#include <string_view>

namespace xcs {

/// The matches of a pattern in a text, from left to right. They do not overlap, and an empty match directly
/// after another one is skipped, as in the "replace all" of RE2 and Go.
///
/// Nothing can interrupt a search of RE2, which may take minutes. So if one may take long, it runs on a
/// thread of its own, some matches at a time, while the caller waits. If the run is stopped, the caller goes
/// on at once. The thread is abandoned: it shares ownership of all that it reads, and ends with its search or
/// with the process.
class RegexWalk {
public:
  enum class Find : uint8_t { First, All };
  /// `groupCount`: how many groups each match has, including the whole match; may be 0 for `First`, which
  /// then has no position. The limits bound how many bytes the searches for `All` may read if they may read
  /// some of them repeatedly. They must outlive the walk.
  RegexWalk(const Regex &regex, const Value &text, size_t groupCount, Find find, const Limits &limits);
  /// False at the end, if no steps are left (Limit::RegexSteps), and if the run was stopped.
  bool next();
  bool isOutOfSteps() const;
  /// The groups of the match that `next` found.
  std::span<const std::string_view> groups() const { return current; }
  size_t begin() const { return static_cast<size_t>(current[0].data() - start); }
  size_t end() const { return begin() + current[0].size(); }

private:
  struct Searches;
  bool search();

  const Limits &limits;
  const char *start;
  std::shared_ptr<Searches> searches; // null once the thread was abandoned
  std::span<const std::string_view> current;
};

} // namespace xcs
