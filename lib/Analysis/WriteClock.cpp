#include "xcs/Analysis/WriteClock.h"
#include "xcs/Support/Paths.h"
#include <algorithm>

using namespace xcs;

/// The position of a path in `lastOfKind`.
static size_t kindOf(std::string_view path) { return isAbsolutePath(path) ? 0 : 1 + partsOf(path).stepsUp; }

std::span<const uint32_t> PathClock::chainOf(std::string_view path) {
  std::span<const uint32_t> chain = paths.chainOf(path);
  at.resize(paths.size());
  return chain;
}

void PathClock::write(std::string_view path, uint64_t now) {
  const size_t kind = kindOf(path);
  lastOfKind.resize(std::max(lastOfKind.size(), kind + 1), 0);
  lastOfKind[kind] = now;
  std::span<const uint32_t> chain = chainOf(path);
  for (uint32_t directory : chain.first(chain.size() - 1))
    at[directory].beneath = now;
  at[chain.back()].self = now;
}

uint64_t PathClock::lastWrite(std::string_view path) {
  std::span<const uint32_t> chain = chainOf(path);
  uint64_t last = at[chain.back()].beneath;
  for (size_t kind = 0; kind != lastOfKind.size(); ++kind)
    if (kind != kindOf(path))
      last = std::max(last, lastOfKind[kind]);
  for (uint32_t each : chain)
    last = std::max(last, at[each].self);
  return last;
}

void WriteClock::write(const EffectTarget &target) {
  const uint64_t now = ++time;
  if (target.kind == EffectTarget::Kind::File && target.identity)
    paths.write(pool.text(target.identity), now);
  Kind &kind = kinds[static_cast<size_t>(target.kind)];
  kind.any = now;
  if (target.identity)
    kind.known[target.identity.index] = now;
  else
    kind.unknown = now;
}

void WriteClock::writeAll(std::span<const EffectOn> effects) {
  for (const EffectOn &on : effects)
    if (isWrite(on.effect))
      write(on.target);
}

uint64_t WriteClock::lastWrite(const EffectTarget &target) {
  const Kind &kind = kinds[static_cast<size_t>(target.kind)];
  if (!target.identity)
    return kind.any;
  if (target.kind == EffectTarget::Kind::File)
    return std::max(kind.unknown, paths.lastWrite(pool.text(target.identity)));
  auto found = kind.known.find(target.identity.index);
  return std::max(kind.unknown, found == kind.known.end() ? 0 : found->second);
}
