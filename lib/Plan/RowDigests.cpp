#include "Plan/PlanRows.h"

using namespace xcs;
using namespace xcs::planformat;

/// FNV-1a (Fowler, Noll and Vo), including the zero byte that ends each text.
static consteval uint64_t mix(uint64_t hash, std::string_view text) {
  for (size_t i = 0; i <= text.size(); ++i)
    hash = (hash ^ (i < text.size() ? static_cast<uint8_t>(text[i]) : 0u)) * 0x100000001b3u;
  return hash;
}

static constexpr uint64_t start = 0xcbf29ce484222325u;

static consteval std::string_view wordOf(AttrType type) {
  constexpr std::string_view words[] = {"bool", "i64",  "f64",  "str",  "duration", "symbol",
                                        "type", "list", "dict", "flag", "any",      "texts"};
  return words[static_cast<size_t>(type)];
}

/// What a plan relies on: which attributes there are, in which order, of which types, and whether each is
/// required or inherited. Their ranges and classes may change.
static consteval uint64_t digestOf(const AttrListText &attributes) {
  uint64_t hash = start;
  for (const AttrRow &row : attributes.all()) {
    hash = mix(mix(hash, row.name), wordOf(row.type));
    hash = mix(hash, row.required ? "!" : "");
    hash = mix(hash, rowOf(row.attribute).inherited ? "^" : "");
  }
  return hash;
}

// An operation's operands and results, what executes it, its effect, and whether it can fail: the compiler
// has ordered, merged and dropped operations according to them.
#define XCS_DIGEST(form, signature, attributes, effect, totality)                                            \
  {mix(mix(mix(mix(start, form), signature), #effect), #totality), digestOf(attributes)},
static constexpr RowDigest opDigests[] = {
#define XCS_PURE_OP(id, name, signature, attributes, effect, totality, ...)                                  \
  XCS_DIGEST("pure", signature, attributes, effect, totality)
#define XCS_WORLD_OP(id, name, signature, attributes, effect, totality, ...)                                 \
  XCS_DIGEST("world", signature, attributes, effect, totality)
#define XCS_CONTROL_OP(id, name, signature, attributes, effect, totality, ...)                               \
  XCS_DIGEST("control", signature, attributes, effect, totality)
#include "xcs/Ops/Ops.def"
};
static_assert(std::size(opDigests) == opCodeCount);

static constexpr RowDigest resourceDigests[] = {
#define XCS_RESOURCE(id, name, attributes, doc) {start, digestOf(attributes)},
#include "xcs/Ops/Resources.def"
};

RowDigest planformat::digestOf(OpCode code) { return opDigests[static_cast<size_t>(code)]; }
RowDigest planformat::digestOf(ResourceKind kind) { return resourceDigests[static_cast<size_t>(kind)]; }
