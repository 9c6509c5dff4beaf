#include "Analysis/PathOrder.h"
#include "xcs/Support/Paths.h"

using namespace xcs;

PathOrder::Place &PathOrder::placeOf(std::string_view path) { return places[std::string(path)]; }

void PathOrder::writeAt(Place &place, uint32_t node) {
  edges(place.reads, node);
  edges(place.readsBeneath, node);
  edges(place.writesBeneath, node);
  // All of those come after the write before them: then that edge would say nothing new.
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
  places.clear();
  sawAbsolute = sawRelative = false;
}

/// Reads of a directory and writes beneath it leave each other's lists alone, so many of both would meet in
/// too many edges. Relative and absolute paths conflict always.
bool PathOrder::needsGate(std::string_view path, const std::vector<std::string_view> &above, bool writes) {
  if (isAbsolutePath(path) ? sawRelative : sawAbsolute)
    return true;
  if (!writes)
    return placeOf(path).writesBeneath.size() > crowd;
  if (root.reads.size() > crowd)
    return true;
  for (std::string_view directory : above)
    if (placeOf(directory).reads.size() > crowd)
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
  std::vector<std::string_view> above = directoriesAbove(path);
  if (needsGate(path, above, writes))
    return makeGate(node);
  (isAbsolutePath(path) ? sawAbsolute : sawRelative) = true;
  pass(root, writes, node);
  for (std::string_view directory : above)
    pass(placeOf(directory), writes, node);
  if (writes)
    writeAt(placeOf(path), node);
  else
    readAt(placeOf(path), node);
}
