#include "Ops/KeyTable.h"
#include "xcs/Support/Digest.h"
#include "xcs/Support/Host.h"

using namespace xcs;

uint64_t xcs::hashSeed() {
  static const uint64_t seed = processHost()->entropy();
  return seed;
}

__extension__ using Wide = unsigned __int128;

/// A product of two numbers that depend on the seed, folded (as in wyhash): who does not know the seed cannot
/// find keys with one hash.
static uint64_t hashNumber(uint64_t number, uint64_t seed) {
  const Wide product = Wide(number ^ seed) * (seed * 0x9e3779b97f4a7c15u | 1);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint32_t xcs::hashKey(const Value &key) {
  const uint64_t seed = hashSeed();
  const uint64_t hash = key.kind() == ValueKind::Str ? digestOf(key.text(), seed)
                                                     : hashNumber(static_cast<uint64_t>(key.asI64()), seed);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

bool xcs::equalKeys(const Value &a, const Value &b) {
  return a.kind() == ValueKind::Str ? a.text() == b.text() : a.asI64() == b.asI64();
}

void KeyTable::remove(uint32_t hash, uint32_t number, bool isLast) {
  uint32_t hole = hash & mask;
  while (numberOf(cells[hole]) != number)
    hole = (hole + 1) & mask;
  // What was placed after the hole because of it moves up.
  for (uint32_t at = (hole + 1) & mask; cells[at]; at = (at + 1) & mask)
    if (((at - hashOf(cells[at])) & mask) >= ((at - hole) & mask)) {
      cells[hole] = cells[at];
      hole = at;
    }
  cells[hole] = 0;
  if (!isLast)
    for (uint64_t &cell : cells)
      if (cell && numberOf(cell) > number)
        --cell;
}
