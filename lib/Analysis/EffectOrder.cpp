#include "Analysis/EffectOrder.h"

using namespace xcs;

EffectOrder::Target &EffectOrder::targetOf(Kind &kind, StringId identity, uint32_t &number) {
  auto [at, added] = kind.index.try_emplace(identity.index, static_cast<uint32_t>(kind.targets.size()));
  if (added)
    kind.targets.emplace_back();
  number = at->second;
  return kind.targets[number];
}

void EffectOrder::read(Kind &kind, StringId identity, uint32_t node) {
  if (identity) {
    uint32_t number;
    Target &target = targetOf(kind, identity, number);
    edge(target.lastWrite != none ? target.lastWrite : kind.gate, node);
    target.reads.push_back(node);
    return;
  }
  if (kind.written.size() > crowd)
    return makeGate(kind, node);
  for (uint32_t number : kind.written)
    edge(kind.targets[number].lastWrite, node);
  if (kind.written.empty())
    edge(kind.gate, node);
  kind.unknownReads.push_back(node);
}

void EffectOrder::write(Kind &kind, StringId identity, uint32_t node) {
  if (!identity)
    return makeGate(kind, node);
  uint32_t number;
  Target &target = targetOf(kind, identity, number);
  if (kind.unknownReads.size() - target.unknownSeen > crowd)
    return makeGate(kind, node);
  for (size_t i = target.unknownSeen; i != kind.unknownReads.size(); ++i)
    edge(kind.unknownReads[i], node);
  for (uint32_t read : target.reads)
    edge(read, node);
  // Reads come after the write before them, so that edge would be redundant.
  if (target.reads.empty() && target.unknownSeen == kind.unknownReads.size())
    edge(target.lastWrite != none ? target.lastWrite : kind.gate, node);
  if (target.lastWrite == none)
    kind.written.push_back(number);
  target.lastWrite = node;
  target.reads.clear();
  target.unknownSeen = kind.unknownReads.size();
}

void EffectOrder::makeGate(Kind &kind, uint32_t node) {
  edge(kind.gate, node);
  for (const Target &target : kind.targets) {
    for (uint32_t read : target.reads)
      edge(read, node);
    if (target.reads.empty())
      edge(target.lastWrite, node);
  }
  for (uint32_t read : kind.unknownReads)
    edge(read, node);
  kind.gate = node;
  kind.index = {}; // clearing it would cost as much as its largest size, at every gate
  kind.targets.clear();
  kind.written.clear();
  kind.unknownReads.clear();
}

void EffectOrder::guard(uint32_t node, bool leaf) {
  // A leaf guard takes no time: it can represent those before it and delays nothing but the report of its
  // failure.
  if (leaf && guards.size() >= crowd) {
    for (uint32_t g : guards)
      edge(g, node);
    guards.clear();
  }
  guards.push_back(node);
}

void EffectOrder::afterGuards(uint32_t node) {
  for (uint32_t g : guards)
    edge(g, node);
  if (guards.size() > crowd)
    guards.assign(1, node);
}

void EffectOrder::access(const EffectTarget &target, bool writes, uint32_t node) {
  Kind &kind = kinds[static_cast<size_t>(target.kind)];
  if (target.kind == EffectTarget::Kind::File)
    files.access(pool && target.identity ? pool->text(target.identity) : std::string_view(), writes, node,
                 *before);
  else if (writes)
    write(kind, target.identity, node);
  else
    read(kind, target.identity, node);
}

void EffectOrder::add(uint32_t node, std::span<const EffectOn> effects, bool leaf,
                      std::vector<uint32_t> &out) {
  before = &out;
  used = true;
  bool guards = false, writes = false;
  for (const EffectOn &on : effects) {
    switch (on.effect) {
    case Effect::Read:
    case Effect::Sample:
      access(on.target, false, node);
      break;
    case Effect::WriteIdempotent:
    case Effect::WriteKeyed:
    case Effect::WriteNever:
      access(on.target, true, node);
      writes = true;
      break;
    case Effect::Guard:
      guards = true;
      break;
    case Effect::Log:
      // Log lines of inner regions belong to other activations.
      if (leaf) {
        edge(lastLog, node);
        lastLog = node;
      }
      break;
    case Effect::Wait:
    case Effect::Pure:
    case Effect::Bodies:
    case Effect::HttpMethod:
    case Effect::Exec:
    case Effect::Host:
      break;
    }
  }
  // An operation that does both (a call, a map) must not wait for itself.
  if (writes)
    afterGuards(node);
  if (guards)
    guard(node, leaf);
}

void EffectOrder::clear() {
  if (!used)
    return;
  for (Kind &kind : kinds)
    kind = Kind();
  files.clear();
  guards.clear();
  lastLog = none;
  used = false;
}
