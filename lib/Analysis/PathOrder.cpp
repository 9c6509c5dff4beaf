#include "Analysis/PathOrder.h"
#include "xcs/Support/Paths.h"
#include <algorithm>

using namespace xcs;

void PathOrder::writeAt(Place &place, uint32_t node) {
  edges(place.reads, node);
  edges(place.readsBeneath, node);
  edges(place.writesBeneath, node);
  if (const Aliases *may = place.aliases.get()) {
    edges(may->reads, node);
    edges(may->writes, node);
    edges(may->readsBeneath, node);
    edges(may->writesBeneath, node);
  }
  // All of those come after the write before them: then that edge would say nothing new.
  if (place.isUntouched())
    edge(place.lastWrite, node);
  place = Place{node, {}, {}, {}, nullptr};
}

void PathOrder::readAt(Place &place, uint32_t node) {
  edge(place.lastWrite, node);
  edges(place.writesBeneath, node);
  if (const Aliases *may = place.aliases.get()) {
    edges(may->writes, node);
    edges(may->writesBeneath, node);
  }
  place.reads.push_back(node);
}

/// An access to something beneath a place.
void PathOrder::pass(Place &place, bool writes, uint32_t node) {
  edge(place.lastWrite, node);
  if (writes)
    edges(place.reads, node);
  if (const Aliases *may = place.aliases.get()) {
    edges(may->writes, node);
    if (writes)
      edges(may->reads, node);
  }
  (writes ? place.writesBeneath : place.readsBeneath).push_back(node);
}

/// An access that may be to a place. It takes nothing off the lists: another that may be as well need not
/// come after it.
void PathOrder::aliasAt(Place &place, bool writes, uint32_t node) {
  edge(place.lastWrite, node);
  edges(place.writesBeneath, node);
  if (writes) {
    edges(place.reads, node);
    edges(place.readsBeneath, node);
  }
  if (!place.aliases)
    place.aliases = std::make_unique<Aliases>();
  (writes ? place.aliases->writes : place.aliases->reads).push_back(node);
}

void PathOrder::aliasPass(Place &place, bool writes, uint32_t node) {
  edge(place.lastWrite, node);
  if (writes)
    edges(place.reads, node);
  if (!place.aliases)
    place.aliases = std::make_unique<Aliases>();
  (writes ? place.aliases->writesBeneath : place.aliases->readsBeneath).push_back(node);
}

void PathOrder::makeGate(uint32_t node) {
  writeAt(root, node);
  // New ones: cleared ones would keep the size of the largest, and be cleared again in full at every gate.
  relative = Place();
  paths = PathTree();
  places = std::vector<Place>();
}

PathOrder::Chain PathOrder::keep(std::span<const uint32_t> chain) {
  const Chain kept{numbers.size(), chain.size()};
  numbers.insert(numbers.end(), chain.begin(), chain.end());
  return kept;
}

void PathOrder::findChains(std::string_view path) {
  numbers.clear();
  aliases.clear();
  own = keep(paths.chainOf(path));
  if (const PathParts parts = partsOf(path); !isAbsolutePath(path))
    for (size_t up = 0; up != parts.stepsUp; ++up)
      for (size_t between = 0; between <= parts.stepsUp - up; ++between) {
        const std::string_view names = withoutNames(parts.names, between);
        aliases.push_back(keep(paths.chainOf(PathParts{up, names})));
        if (names.empty()) // the root of those with `up` steps: above all others of them
          break;
      }
  if (places.size() < paths.size())
    places.resize(paths.size());
}

/// Whether an access to something beneath a place would meet too many that stay open.
bool PathOrder::isCrowdedAbove(const Place &place, bool writes) {
  const Aliases *may = place.aliases.get();
  return (writes && place.reads.size() > crowd) ||
         (may && (may->writes.size() > crowd || (writes && may->reads.size() > crowd)));
}

/// The same of a place itself; a write takes all that it meets off the lists.
bool PathOrder::isCrowdedAt(const Place &place, bool writes) {
  const Aliases *may = place.aliases.get();
  return !writes && (place.writesBeneath.size() > crowd ||
                     (may && (may->writes.size() > crowd || may->writesBeneath.size() > crowd)));
}

/// The same of a place that an access may be to.
bool PathOrder::isCrowdedAsAlias(const Place &place, bool writes) {
  return place.writesBeneath.size() > crowd ||
         (writes && (place.reads.size() > crowd || place.readsBeneath.size() > crowd));
}

/// Reads of a directory and writes beneath it leave each other's lists alone, so many of both would meet in
/// too many edges.
bool PathOrder::needsGate(bool absolute, bool writes) {
  auto isCrowdedOnTheWay = [&](Chain chain) {
    std::span<const uint32_t> directories = above(chain);
    return std::any_of(directories.begin(), directories.end(),
                       [&](uint32_t directory) { return isCrowdedAbove(places[directory], writes); });
  };
  if (isCrowdedAbove(root, writes) || isCrowdedOnTheWay(own) || isCrowdedAt(ownPlace(own), writes))
    return true;
  if (absolute ? isCrowdedAsAlias(relative, writes) : isCrowdedAbove(relative, writes))
    return true;
  return std::any_of(aliases.begin(), aliases.end(), [&](Chain alias) {
    return isCrowdedOnTheWay(alias) || isCrowdedAsAlias(ownPlace(alias), writes);
  });
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
  findChains(path);
  if (needsGate(absolute, writes))
    return makeGate(node);
  pass(root, writes, node);
  if (absolute)
    aliasAt(relative, writes, node);
  else
    pass(relative, writes, node);
  for (uint32_t directory : above(own))
    pass(places[directory], writes, node);
  for (Chain alias : aliases) {
    for (uint32_t directory : above(alias))
      aliasPass(places[directory], writes, node);
    aliasAt(ownPlace(alias), writes, node);
  }
  if (writes)
    writeAt(ownPlace(own), node);
  else
    readAt(ownPlace(own), node);
}
