#include "Runtime/Draw.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

using namespace xcs;

static void appendNumber(std::string &out, uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(number >> shift);
}

/// The names from the entry inwards, joined by `/`, then the iterations: apart, so that it does not matter
/// whether a call was replaced by the body it calls.
static std::string drawPath(const WorldOp::Site &site) {
  const ConstantView &c = site.context.plan.constants;
  auto nameOf = [&](const PlanOp &op) {
    AttrId name = c.find(op.dict, "draw");
    return name && c.attr(name).kind == AttrKind::Str ? c.textAttr(name) : rowOf(op.code).name;
  };
  std::vector<std::string_view> names{nameOf(site.context.plan.ops[site.op])};
  std::vector<uint32_t> iterations;
  for (const Frame *f = site.frame; f->parent; f = f->parent) {
    if (f->index != UINT32_MAX)
      iterations.push_back(f->index);
    if (f->parentOp->code == OpCode::core_call)
      names.push_back(nameOf(*f->parentOp));
  }
  std::string path;
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    path.append(path.empty() ? "" : "/").append(*name);
  path += '\0';
  for (auto index = iterations.rbegin(); index != iterations.rend(); ++index)
    appendNumber(path, *index);
  return path;
}

DrawBits::DrawBits(const WorldOp::Site &site) {
  std::string path;
  appendNumber(path, site.context.seed);
  path += drawPath(site);
  state = llvm::xxh3_64bits(llvm::StringRef(path));
}

/// SplitMix64 (Steele, Lea and Flood 2014).
uint64_t DrawBits::next() {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Lemire 2019, "Fast random integer generation in an interval": rejects the few values that would favour
/// some.
uint64_t DrawBits::below(uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide(next()) * bound;
  if (static_cast<uint64_t>(product) < bound)
    for (uint64_t least = -bound % bound; static_cast<uint64_t>(product) < least;)
      product = Wide(next()) * bound;
  return static_cast<uint64_t>(product >> 64);
}
