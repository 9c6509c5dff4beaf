#pragma once
#include <string>
#include <string_view>

namespace xcs {

/// Finds the known name nearest to a misspelled one, by edit distance. A third of the letters wrong is still
/// a slip; more is another word.
class NearestName {
public:
  explicit NearestName(std::string_view wrong);
  void offer(std::string_view known);
  /// The nearest name so far; empty when nothing is near.
  std::string_view nearest() const { return best; }
  /// "; did you mean `X`" with `prefix` before the name, as diagnostics want it; empty when nothing is near.
  std::string suggestion(std::string_view prefix = {}) const;

private:
  std::string_view wrong, best;
  size_t least; // the best distance so far, or one more than is allowed
};

} // namespace xcs
