#pragma once
#include "xcs/Support/PathTree.h"
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace xcs {

/// Finds the order edges among reads and writes of files, fed in program order; a directory covers everything
/// beneath it. Works like the intention locks of databases (Gray, Lorie, Putzolu and Traiger 1976): an access
/// marks each directory above it. So an access to the directory itself finds those marks, and two accesses to
/// different files beneath it do not conflict.
/// files beneath it do not meet.
///
/// Where the working directory is, is not known, so `../a/b` may be `b` as well (Paths.h). Each access has
/// one path of its own, and marks also those that it may turn out to have among paths with fewer steps up:
/// its aliases. An alias meets the paths that others call their own, not their aliases: `../a/b` and `../c/b`
/// are never both `b`. An absolute path may be, or be above, whatever is relative: that is its one alias.
///
/// Where a node would need more than `crowd` edges to accesses that stay open, it becomes a gate instead, as
/// in EffectOrder: that keeps the edges linear.
class PathOrder {
public:
  static constexpr size_t crowd = 32;

  /// Appends to `before` the nodes that must come before `node`. `path` is normal (Paths.h), or empty if
  /// unknown.
  void access(std::string_view path, bool writes, uint32_t node, std::vector<uint32_t> &before);
  void clear() { *this = PathOrder(); }

private:
  static constexpr uint32_t none = UINT32_MAX;
  using Nodes = std::vector<uint32_t>;
  /// Accesses that may turn out to be to a place or beneath it, since its last write.
  struct Aliases {
    Nodes reads, writes, readsBeneath, writesBeneath;
  };
  /// What happened to a path and beneath it since its last write.
  struct Place {
    uint32_t lastWrite = none;
    Nodes reads, readsBeneath, writesBeneath;
    std::unique_ptr<Aliases> aliases; // null: none
    bool isUntouched() const {
      return reads.empty() && readsBeneath.empty() && writesBeneath.empty() && !aliases;
    }
  };
  /// The numbers of a path and of the directories above it, in `numbers`.
  struct Chain {
    size_t first, count;
  };

  std::span<const uint32_t> above(Chain chain) const {
    return std::span(numbers).subspan(chain.first, chain.count - 1);
  }
  Place &ownPlace(Chain chain) { return places[numbers[chain.first + chain.count - 1]]; }
  Chain keep(std::span<const uint32_t> chain);
  void findChains(std::string_view path);
  bool needsGate(bool absolute, bool writes);
  static bool isCrowdedAbove(const Place &place, bool writes);
  static bool isCrowdedAt(const Place &place, bool writes);
  static bool isCrowdedAsAlias(const Place &place, bool writes);
  void makeGate(uint32_t node);
  void writeAt(Place &place, uint32_t node);
  void readAt(Place &place, uint32_t node);
  void pass(Place &place, bool writes, uint32_t node);
  void aliasAt(Place &place, bool writes, uint32_t node);
  void aliasPass(Place &place, bool writes, uint32_t node);
  void edge(uint32_t from, uint32_t node) {
    if (from != none && from != node)
      out->push_back(from);
  }
  void edges(const Nodes &from, uint32_t node) {
    for (uint32_t f : from)
      edge(f, node);
  }

  Place root;     // of everything: unknown paths are accesses to it
  Place relative; // above all relative paths: absolute ones may be
  PathTree paths;
  std::vector<Place> places; // by number of the path
  // Of the current access.
  Nodes numbers;
  Chain own{};
  std::vector<Chain> aliases;
  std::vector<uint32_t> *out = nullptr;
};

} // namespace xcs
