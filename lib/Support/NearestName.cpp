#include "xcs/Support/NearestName.h"
#include "llvm/ADT/StringRef.h"

using namespace xcs;

// The distance takes quadratic time, and names of this length are not misspelled.
static constexpr size_t longest = 64;

NearestName::NearestName(std::string_view wrong)
    : wrong(wrong), least(wrong.size() > longest ? 0 : (wrong.size() + 2) / 3 + 1) {}

void NearestName::offer(std::string_view known) {
  size_t apart = known.size() > wrong.size() ? known.size() - wrong.size() : wrong.size() - known.size();
  if (apart >= least)
    return;
  size_t distance = llvm::StringRef(wrong).edit_distance(known, true, static_cast<unsigned>(least));
  // Two one-letter names have nothing in common.
  if (distance < least && distance < wrong.size()) {
    least = distance;
    best = known;
  }
}

std::string NearestName::suggestion(std::string_view prefix) const {
  if (best.empty())
    return {};
  return "; did you mean `" + std::string(prefix) + std::string(best) + "`";
}
