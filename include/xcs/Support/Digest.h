#pragma once
#include <cstdint>
#include <string_view>

// Digests of contents: the same on every machine and in every run. They are not secure: two contents with
// one digest can be constructed.
namespace xcs {

/// xxh3-64 (https://xxhash.com). Another seed is another digest; with that of what came before as the seed,
/// contents are digested one after the other.
uint64_t digestOf(std::string_view bytes, uint64_t seed = 0);

/// The same of two numbers, as they lie in memory.
uint64_t digestOf(uint64_t first, uint64_t second);

/// FNV-1a (Fowler, Noll and Vo), for short texts and for what the compiler computes. Continues `hash`.
constexpr uint64_t fnv1a(std::string_view text, uint64_t hash = 0xcbf29ce484222325u) {
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

} // namespace xcs
