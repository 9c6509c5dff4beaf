#include "Analysis/PathOrder.h"
#include "xcs/Support/Paths.h"

using namespace xcs;

PathOrder::Place &PathOrder::place(uint32_t number) {
  if (number >= places.size())
    places.resize(paths.size());
  return places[number];
}

void PathOrder::writeAt(Place &place, uint32_t node) {
  edges(place.reads, node);
  edges(place.readsBeneath, node);
  edges(place.writesBeneath, node);
  // All of those come after the write before them, so that edge would be redundant.
  if (place.quiet())
    edge(place.lastWrite, node);
  place = Place{node, {}, {}, {}};
}

void PathOrder::readAt(Place &place, uint32_t node) {
  edge(place.lastWrite, node);
  edges(place.writesBeneath, node);
  place.reads.push_back(node);
}

/// An access to something beneath a place.
void PathOrder::pass(Place &place, bool writes, uint32_t node) {
  edge(place.lastWrite, node);
  if (writes)
    edges(place.reads, node);
  (writes ? place.writesBeneath : place.readsBeneath).push_back(node);
}

void PathOrder::makeGate(uint32_t node) {
  writeAt(root, node);
  // New ones: cleared ones would keep their largest size and be cleared in full at every gate.
  paths = PathTree();
  places = std::vector<Place>();
  sawAbsolute = sawRelative = false;
}

/// Reads of a directory and writes beneath it are in different lists, so many of both could need too many
/// edges. Relative and absolute paths always conflict.
bool PathOrder::needsGate(bool absolute, std::span<const uint32_t> above, uint32_t own, bool writes) {
  if (absolute ? sawRelative : sawAbsolute)
    return true;
  if (!writes)
    return place(own).writesBeneath.size() > crowd;
  if (root.reads.size() > crowd)
    return true;
  for (uint32_t directory : above)
    if (place(directory).reads.size() > crowd)
      return true;
  return false;
}

void PathOrder::access(std::string_view path, bool writes, uint32_t node, std::vector<uint32_t> &before) {
  out = &before;
  if (path.empty()) {
    if (writes || root.writesBeneath.size() > crowd)
      makeGate(node);
    else
      readAt(root, node);
    return;
  }
  const bool absolute = isAbsolutePath(path);
  std::span<const uint32_t> above = paths.chainOf(path);
  const uint32_t own = above.back();
  above = above.first(above.size() - 1);
  if (needsGate(absolute, above, own, writes))
    return makeGate(node);
  (absolute ? sawAbsolute : sawRelative) = true;
  pass(root, writes, node);
  for (uint32_t directory : above)
    pass(place(directory), writes, node);
  if (writes)
    writeAt(place(own), node);
  else
    readAt(place(own), node);
}
