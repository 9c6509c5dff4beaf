#pragma once
#include "xcs/Support/PathTree.h"
#include <cstdint>
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
/// A node that would need more than `crowd` edges to open accesses becomes a gate instead, as in EffectOrder,
/// to keep the edges linear.
class PathOrder {
public:
  static constexpr size_t crowd = 32;

  /// Appends to `before` the nodes that must come before `node`. `path` is normal (Paths.h), or empty if
  /// unknown.
  void access(std::string_view path, bool writes, uint32_t node, std::vector<uint32_t> &before);
  void clear() { *this = PathOrder(); }

private:
  static constexpr uint32_t none = UINT32_MAX;
  /// The accesses to a path and beneath it since its last write.
  struct Place {
    uint32_t lastWrite = none;
    std::vector<uint32_t> reads, readsBeneath, writesBeneath;
    bool quiet() const { return reads.empty() && readsBeneath.empty() && writesBeneath.empty(); }
  };

  Place &place(uint32_t number);
  bool needsGate(bool absolute, std::span<const uint32_t> above, uint32_t own, bool writes);
  void makeGate(uint32_t node);
  void writeAt(Place &place, uint32_t node);
  void readAt(Place &place, uint32_t node);
  void pass(Place &place, bool writes, uint32_t node);
  void edge(uint32_t from, uint32_t node) {
    if (from != none && from != node)
      out->push_back(from);
  }
  void edges(const std::vector<uint32_t> &from, uint32_t node) {
    for (uint32_t f : from)
      edge(f, node);
  }

  Place root; // accesses to anything; includes those to unknown paths
  PathTree paths;
  std::vector<Place> places; // by number of the path; may be shorter if the last ones have no accesses
  bool sawAbsolute = false, sawRelative = false; // since the last gate
  std::vector<uint32_t> *out = nullptr;
};

} // namespace xcs
