#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace xcs {

/// An open-addressing hash index from content to a dense 32-bit index. The content lives elsewhere: this
/// stores only indices and their 64-bit hashes. Linear probing, load at most 0.5 after growth. Thread safety:
/// none.
class InternIndex {
public:
  static constexpr uint32_t absent = UINT32_MAX;

  /// The index with hash `hash` for which `equal(index)` holds; `absent` if there is none.
  template <class Equal> uint32_t find(uint64_t hash, Equal equal) const {
    if (cells.empty())
      return absent;
    for (size_t at = static_cast<uint32_t>(hash) & mask;; at = (at + 1) & mask) {
      const Cell &cell = cells[at];
      if (cell.index == absent)
        return absent;
      if (cell.tag == tagOf(hash) && equal(cell.index))
        return cell.index;
    }
  }

  /// Adds an index that `find` did not return.
  void insert(uint64_t hash, uint32_t index) {
    if ((used + 1) * 2 > cells.size())
      grow();
    place({tagOf(hash), static_cast<uint32_t>(hash), index});
    ++used;
  }

  size_t size() const { return used; }

private:
  struct Cell {
    uint32_t tag = 0, low = 0,
             index = absent; // `low`: the hash's low half, to place the cell again when growing
  };
  static uint32_t tagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

  void place(Cell cell) {
    size_t at = cell.low & mask;
    while (cells[at].index != absent)
      at = (at + 1) & mask;
    cells[at] = cell;
  }
  void grow() {
    std::vector<Cell> old(cells.empty() ? 64 : cells.size() * 2);
    old.swap(cells);
    mask = cells.size() - 1;
    for (const Cell &cell : old)
      if (cell.index != absent)
        place(cell);
  }

  std::vector<Cell> cells;
  size_t mask = 0, used = 0;
};

} // namespace xcs
