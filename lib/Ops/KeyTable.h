#pragma once
#include "xcs/Ops/Value.h"
#include <bit>
#include <span>
#include <vector>

namespace xcs {

/// The seed of all hashes of this process.
uint64_t hashSeed();
/// The hash of a key of a dictionary (isDictKey): 32 bits, which keys from outside cannot be made to share.
uint32_t hashKey(const Value &key);
/// Whether two keys of one kind are equal.
bool equalKeys(const Value &a, const Value &b);

/// Finds numbers by their hashes: open addressing over cells that the owner holds, at most half of them used.
/// A cell is 0, or the hash in the upper half and the number + 1 in the lower one.
class KeyTable {
public:
  static constexpr uint32_t absent = UINT32_MAX;
  /// The number of cells is a power of two.
  explicit KeyTable(std::span<uint64_t> cells)
      : cells(cells), mask(static_cast<uint32_t>(cells.size() - 1)) {}

  /// The number with that hash for which `isIt` holds; `absent` if there is none.
  template <class IsIt> uint32_t find(uint32_t hash, IsIt isIt) const {
    for (uint32_t at = hash & mask; cells[at]; at = (at + 1) & mask)
      if (hashOf(cells[at]) == hash && isIt(numberOf(cells[at])))
        return numberOf(cells[at]);
    return absent;
  }
  void insert(uint32_t hash, uint32_t number) { place(uint64_t(hash) << 32 | (number + 1)); }
  /// Takes over what is in `from`: no key is hashed again.
  void insertAll(std::span<const uint64_t> from) {
    for (uint64_t cell : from)
      if (cell)
        place(cell);
  }
  /// Removes a number, and counts those above it down by one.
  void remove(uint32_t hash, uint32_t number, bool isLast);

private:
  static uint32_t hashOf(uint64_t cell) { return static_cast<uint32_t>(cell >> 32); }
  static uint32_t numberOf(uint64_t cell) { return static_cast<uint32_t>(cell) - 1; }
  void place(uint64_t cell) {
    uint32_t at = hashOf(cell) & mask;
    while (cells[at])
      at = (at + 1) & mask;
    cells[at] = cell;
  }

  std::span<uint64_t> cells;
  uint32_t mask;
};

/// Numbers keys of dictionaries in the order in which they first occur.
class KeyNumbers {
public:
  /// The number of a key; a new key gets the next one.
  uint32_t numberOf(const Value &key) {
    const uint32_t hash = hashKey(key);
    const uint32_t found = KeyTable(cells).find(hash, [&](uint32_t i) { return equalKeys(*keys[i], key); });
    if (found != KeyTable::absent)
      return found;
    if (2 * (keys.size() + 1) > cells.size())
      grow();
    KeyTable(cells).insert(hash, static_cast<uint32_t>(keys.size()));
    keys.push_back(&key);
    return static_cast<uint32_t>(keys.size() - 1);
  }
  uint32_t count() const { return static_cast<uint32_t>(keys.size()); }
  /// A dictionary of the keys, which must still exist, with the value that `valueOf(number)` makes for each.
  template <class ValueOf> Value dict(ValueOf valueOf) const {
    std::vector<Value> entries;
    entries.reserve(2 * keys.size());
    for (uint32_t i = 0; i < count(); ++i) {
      entries.push_back(*keys[i]);
      entries.push_back(valueOf(i));
    }
    return Value::dict(entries);
  }

private:
  void grow() {
    std::vector<uint64_t> larger(2 * cells.size());
    KeyTable(larger).insertAll(cells);
    cells = std::move(larger);
  }
  std::vector<uint64_t> cells = std::vector<uint64_t>(16);
  std::vector<const Value *> keys;
};

} // namespace xcs
