#include "src/Recording.h"

using namespace xcs;
using namespace xcs::python;

/// `read(R)` -> R; of `read` and `write` alone the empty text, which is everything.
static std::string_view resourceOf(std::string_view effect) {
  const size_t open = effect.find('(');
  return open == effect.npos ? std::string_view() : effect.substr(open + 1, effect.size() - open - 2);
}

std::vector<SegmentRef> Recording::segmentsBefore(std::string_view effect) const {
  std::vector<SegmentRef> before;
  if (effect.empty())
    return before;
  const std::string_view resource = resourceOf(effect);
  auto add = [&](const SegmentRef &segment) {
    if (segment && !segment->isOver())
      before.push_back(segment);
  };
  for (const auto &[name, kept] : effects) {
    if (!resource.empty() && !name.empty() && name != resource)
      continue;
    add(kept.write);
    if (effect.starts_with("write"))
      for (const SegmentRef &read : kept.reads)
        add(read);
  }
  return before;
}

void Recording::noteEffect(std::string_view effect, const SegmentRef &segment) {
  if (effect.empty())
    return;
  const std::string resource(resourceOf(effect));
  Effects &kept = effects[resource];
  std::erase_if(kept.reads, [](const SegmentRef &read) { return read->isOver(); });
  if (effect.starts_with("read")) {
    kept.reads.push_back(segment);
    return;
  }
  // What comes after this write need not look at what came before it.
  if (resource.empty())
    effects.clear();
  Effects &written = effects[resource];
  written.write = segment;
  written.reads.clear();
}
