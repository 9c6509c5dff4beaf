#include "Ops/KeyFinder.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace xcs;

// Objects mostly list their keys in the order of their type. If one does not, an index is built for all
// further lookups.
size_t KeyFinder::find(std::string_view key) {
  if (expected < keys.size() && keys[expected] == key)
    return expected++;
  if (index.size() == 0)
    for (size_t i = 0; i < keys.size(); ++i)
      index.insert(XXH3_64bits(keys[i].data(), keys[i].size()), static_cast<uint32_t>(i));
  uint32_t found =
      index.find(XXH3_64bits(key.data(), key.size()), [&](uint32_t i) { return keys[i] == key; });
  if (found == InternIndex::absent)
    return absent;
  expected = found + 1;
  return found;
}
