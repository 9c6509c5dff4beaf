#include "xcs/Support/Digest.h"
// Inlined: most texts are shorter than a call of the library costs.
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t xcs::digestOf(std::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint64_t xcs::digestOf(uint64_t first, uint64_t second) {
  const uint64_t pair[2] = {first, second};
  return XXH3_64bits(pair, sizeof pair);
}
