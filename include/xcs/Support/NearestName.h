#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// Finds the known name nearest to a misspelled one, by edit distance. Up to a third of the letters may be
/// wrong; beyond that it is a different word.
class NearestName {
public:
  explicit NearestName(std::string_view wrong);
  void offer(std::string_view known);
  /// The nearest name so far; empty when nothing is near.
  std::string_view nearest() const { return best; }
  /// "; did you mean `X`" with `prefix` before the name, to append to a diagnostic; empty if nothing is near.
  std::string suggestion(std::string_view prefix = {}) const;

private:
  std::string_view wrong, best;
  size_t least; // the best distance so far, or one more than is allowed
};

} // namespace xcs
