#pragma once
#include "BodyFacts.h"
#include "Script.h"

namespace xcs::faults {

/// A request with what the server knew when it came in.
struct Arrival {
  const HttpRequest &request;
  const BodyFacts &facts;
  /// 1-based, over all requests.
  std::uint64_t ordinal = 0;
  /// 1-based, among the requests with the same method, path and body: the number of the draw.
  std::uint64_t draw = 1;
  /// This one counted.
  std::size_t inFlight = 1;
  /// The connection has carried a request before.
  bool reused = false;
  /// Nanoseconds since the server's start.
  std::uint64_t atNs = 0;
};

/// A script and how often each of its rules has matched. Thread safety: none.
class RuleBook {
public:
  struct Choice {
    /// Null: no rule matched.
    const Reply *reply = nullptr;
    std::size_t rule = 0;
    /// 1-based, over the requests this rule has answered.
    std::uint64_t match = 0;
    /// The member that a rule with `beyond` has found.
    std::string beyond;
  };

  explicit RuleBook(Script script);

  /// Takes the first rule that matches and counts the match. Rules after it do not see the request.
  Choice choose(const Arrival &arrival, BodyReader &reader);

  std::uint64_t matches(std::size_t rule) const { return counts[rule].taken; }
  /// The 1-based numbers of the rules that no request has matched.
  std::vector<std::size_t> unmatched() const;

private:
  struct Count {
    std::uint64_t eligible = 0, taken = 0;
    /// What is left in the bucket of `above_rate`, as of `filledNs`.
    double level = 0;
    std::optional<std::uint64_t> filledNs;
  };
  static bool exceeds(Count &count, double perSecond, std::uint64_t atNs);
  Script script;
  std::vector<Count> counts;
};

} // namespace xcs::faults
