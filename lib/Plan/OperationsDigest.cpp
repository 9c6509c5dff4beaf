#include "PlanFormat.h"

using namespace xcs;

/// FNV-1a (Fowler, Noll and Vo), continued over the zero byte that ends each text.
static consteval uint64_t mix(uint64_t hash, std::string_view text) {
  for (size_t i = 0; i <= text.size(); ++i)
    hash = (hash ^ (i < text.size() ? static_cast<uint8_t>(text[i]) : 0u)) * 0x100000001b3u;
  return hash;
}

static consteval uint64_t digestOfRows() {
  uint64_t hash = 0xcbf29ce484222325u;
#define XCS_OP(id, name, signature, attributes, ...) hash = mix(mix(mix(hash, name), signature), attributes);
#include "xcs/Ops/Ops.def"
#define XCS_RESOURCE(id, name, attributes, doc) hash = mix(mix(hash, name), attributes);
#include "xcs/Ops/Resources.def"
  return hash;
}

uint64_t planformat::operationsDigest() {
  static constexpr uint64_t digest = digestOfRows();
  return digest;
}
