#include "xcs/Analysis/Effects.h"
#include "Analysis/RegionOrder.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/Ops/HostEffect.h"
#include "xcs/Support/Paths.h"
#include <algorithm>
#include <unordered_set>

using namespace xcs;

/// The sweep over a module, callees and inner regions first.
class EffectAnalysis::Sweep {
public:
  Sweep(EffectAnalysis &result, Module &module) : result(result), module(module) {}
  void run();

private:
  void runFunction(uint32_t index);
  void runCycle(std::span<const uint32_t> functions);
  Range rangeOf(const Function &function, OpId op);
  EffectOn resolveLeaf(const Function &function, OpId op);
  EffectTarget targetOf(const Function &function, OpId op, Effect effect);
  /// The text of a constant operand; none if the operand is not a constant.
  AttrId constantOperand(const Function &function, OpId op, size_t operand = 0) const;
  /// `directory`: what a relative path is relative to; none: where the run starts.
  StringId pathOf(AttrId text, AttrId directory = {});
  StringId outermostOf(StringId path);
  void execEffects(const Operation &op, std::vector<EffectOn> &set);
  void pathEffects(const Function &function, OpId op, std::vector<EffectOn> &set);
  EffectTarget httpTarget(const Function &function, OpId op);
  EffectTarget hostTarget(const Operation &op);
  StringId originOfAttr(AttrId url);
  Range leafRange(EffectOn effect);
  /// Adds the effects of a range to `set`, each once; if they become too many, replaces targets by unknown
  /// ones.
  void unite(std::vector<EffectOn> &set, Range range) const;
  static void forgetTargets(std::vector<EffectOn> &set);
  Range store(std::vector<EffectOn> &set);

  EffectAnalysis &result;
  Module &module;
  std::vector<Range> regionEffects; // of the current function, by region
  InternIndex leafIndex;            // effects of leaves in `pool`, so that equal ones share
  std::vector<uint32_t> leaves;
  std::vector<EffectOn> scratch;
};

StringId EffectAnalysis::Sweep::originOfAttr(AttrId url) {
  ConstantView view = module.pool.view();
  if (!url || view.attr(url).kind != AttrKind::Str)
    return {};
  std::string origin = originOf(view.textAttr(url));
  return origin.empty() ? StringId() : module.pool.intern(origin);
}

EffectTarget EffectAnalysis::Sweep::httpTarget(const Function &function, OpId op) {
  const ComputationGraph &graph = function.graph;
  ConstantView view = module.pool.view();
  EffectTarget target{EffectTarget::Kind::Http, {}};
  if (StringId symbol = graph.operation(op).symbol) {
    if (const Resource *resource = module.findResource(symbol))
      target.identity = originOfAttr(view.find(resource->attributes, Attribute::url));
    return target;
  }
  target.identity = originOfAttr(constantOperand(function, op));
  return target;
}

AttrId EffectAnalysis::Sweep::constantOperand(const Function &function, OpId op, size_t operand) const {
  const ComputationGraph &graph = function.graph;
  if (graph.operands(op).size() <= operand)
    return {};
  OpId source = graph.value(graph.operands(op)[operand]).definedBy;
  if (!source || graph.operation(source).code != OpCode::core_const)
    return {};
  return module.pool.view().find(graph.operation(source).attributes, Attribute::value);
}

StringId EffectAnalysis::Sweep::pathOf(AttrId text, AttrId directory) {
  ConstantView view = module.pool.view();
  if (!text || view.attr(text).kind != AttrKind::Str)
    return {};
  std::string written(view.textAttr(text));
  if (directory && !written.empty() && !isAbsolutePath(written))
    written = std::string(view.textAttr(directory)) + "/" + written;
  const std::string path =
      module.startDirectory.empty() ? normalPath(written) : normalPathFrom(module.startDirectory, written);
  const bool named =
      !path.empty() && path.size() <= EffectTarget::maxPathBytes &&
      partsOf(path).stepsUp <= EffectTarget::maxStepsUp &&
      static_cast<size_t>(std::count(path.begin(), path.end(), '/')) < EffectTarget::maxPathParts;
  return named ? module.pool.intern(path) : StringId();
}

/// The outermost directory that may have to be made for a path: the first one beneath the start directory, or
/// beneath the root or what the path goes up to.
StringId EffectAnalysis::Sweep::outermostOf(StringId path) {
  if (!path)
    return path;
  const std::string normal(module.pool.text(path)), &start = module.startDirectory;
  const bool isBeneath = !start.empty() && isWithin(normal, start);
  const size_t above = isBeneath ? start.size() + (start.ends_with('/') ? 0 : 1)
                                 : normal.size() - partsOf(normal).names.size();
  return module.pool.intern(normal.substr(0, normal.find('/', std::min(above, normal.size()))));
}

/// A sample of the host is drawn beside everything, like a random number.
EffectTarget EffectAnalysis::Sweep::hostTarget(const Operation &op) {
  const ConstantView view = module.pool.view();
  AttrId attr = view.find(op.attributes, Attribute::effect);
  std::optional<HostEffect> said;
  if (attr && view.attr(attr).kind == AttrKind::Str)
    said = readHostEffect(view.textAttr(attr));
  if (said && said->effect == Effect::Sample)
    return {EffectTarget::Kind::Random, {}};
  const bool isKnown = said && !said->resource.empty();
  return {EffectTarget::Kind::Host, isKnown ? module.pool.intern(said->resource) : StringId()};
}

/// The resource an operation touches follows from the capability it needs.
EffectTarget EffectAnalysis::Sweep::targetOf(const Function &function, OpId op, Effect effect) {
  const Operation &o = function.graph.operation(op);
  switch (rowOf(o.code).capability) {
  case Capability::Net:
    if (symbolUse(o.code) == SymbolUse::Http)
      return httpTarget(function, op);
    return {EffectTarget::Kind::Model, o.symbol};
  case Capability::Read:
  case Capability::Write: {
    const StringId path = pathOf(constantOperand(function, op));
    const bool makesAbove = flagAttr(module.pool.view(), o.attributes, Attribute::parents);
    return {EffectTarget::Kind::File, makesAbove ? outermostOf(path) : path};
  }
  case Capability::Env: {
    AttrId name = constantOperand(function, op);
    ConstantView view = module.pool.view();
    bool known = name && view.attr(name).kind == AttrKind::Str;
    return {EffectTarget::Kind::Env, known ? module.pool.intern(view.textAttr(name)) : StringId()};
  }
  case Capability::Host:
    return hostTarget(o);
  case Capability::Run: // several: execEffects
  case Capability::None:
    break;
  }
  if (effect == Effect::Guard)
    return {EffectTarget::Kind::Control, {}};
  if (effect == Effect::Log)
    return {EffectTarget::Kind::Log, {}};
  if (o.code == OpCode::ask_human)
    return {EffectTarget::Kind::Person, {}};
  bool random = rowOf(o.code).name.starts_with("random.");
  return {random ? EffectTarget::Kind::Random : EffectTarget::Kind::Clock, {}};
}

EffectOn EffectAnalysis::Sweep::resolveLeaf(const Function &function, OpId op) {
  Effect effect = effectOf(module.pool.view(), function.graph.operation(op));
  return {effect, targetOf(function, op, effect)};
}

/// A command touches what its `reads` and `writes` list; if one of them is missing, anything.
void EffectAnalysis::Sweep::execEffects(const Operation &op, std::vector<EffectOn> &set) {
  const Effect own = effectOf(module.pool.view(), op);
  const AttrId directory = module.pool.view().find(op.attributes, Attribute::cwd);
  auto addPaths = [&](std::string_view name, Effect effect) {
    AttrId list = module.pool.view().find(op.attributes, name);
    if (!list || module.pool.view().attr(list).kind != AttrKind::List) {
      set.push_back({effect, {EffectTarget::Kind::File, {}}});
      return false;
    }
    std::unordered_set<uint32_t> seen; // a list may be long and name a path several times
    for (size_t i = 0; i != module.pool.view().items(list).size(); ++i)
      if (StringId path = pathOf(module.pool.view().items(list)[i], directory);
          seen.insert(path.index).second)
        set.push_back({effect, {EffectTarget::Kind::File, path}});
    return true;
  };
  addPaths("reads", isWrite(own) ? Effect::Read : own);
  bool saysWrites = addPaths("writes", own);
  // A command always touches the world, unless it is a write that lists its files.
  if (!saysWrites || !isWrite(own))
    set.push_back({own, {EffectTarget::Kind::Process, {}}});
}

/// Of an operation with several paths: what it does at each.
void EffectAnalysis::Sweep::pathEffects(const Function &function, OpId op, std::vector<EffectOn> &set) {
  const OpCode code = function.graph.operation(op).code;
  for (const PathOperand &path : pathOperands(code)) {
    const EffectOn effect{path.writes ? rowOf(code).effect : Effect::Read,
                          {EffectTarget::Kind::File, pathOf(constantOperand(function, op, path.operand))}};
    if (std::find(set.begin(), set.end(), effect) == set.end())
      set.push_back(effect);
  }
}

EffectAnalysis::Range EffectAnalysis::Sweep::leafRange(EffectOn effect) {
  uint64_t hash = effect.target.identity.index;
  hash =
      (hash << 16 | static_cast<uint64_t>(effect.effect) << 8 | static_cast<uint64_t>(effect.target.kind)) *
      0x9e3779b97f4a7c15u;
  hash ^= hash >> 29;
  uint32_t found = leafIndex.find(hash, [&](uint32_t at) { return result.pool[at] == effect; });
  if (found == InternIndex::absent) {
    found = static_cast<uint32_t>(result.pool.size());
    result.pool.push_back(effect);
    leafIndex.insert(hash, found);
  }
  return {found, 1};
}

void EffectAnalysis::Sweep::unite(std::vector<EffectOn> &set, Range range) const {
  bool tooMany = false;
  for (uint32_t i = range.first; i != range.first + range.count; ++i) {
    EffectOn effect = result.pool[i];
    if (tooMany)
      effect.target.identity = StringId();
    if (std::find(set.begin(), set.end(), effect) != set.end())
      continue;
    set.push_back(effect);
    // Immediately: `set` is searched for each effect of a range, which may be that of a command with many
    // files.
    if (!tooMany && set.size() > maxTargets) {
      forgetTargets(set);
      tooMany = true;
    }
  }
}

void EffectAnalysis::Sweep::forgetTargets(std::vector<EffectOn> &set) {
  for (EffectOn &effect : set)
    effect.target.identity = StringId();
  std::vector<EffectOn> merged;
  for (const EffectOn &effect : set)
    if (std::find(merged.begin(), merged.end(), effect) == merged.end())
      merged.push_back(effect);
  set = std::move(merged);
}

EffectAnalysis::Range EffectAnalysis::Sweep::store(std::vector<EffectOn> &set) {
  if (set.empty())
    return {};
  if (set.size() == 1)
    return leafRange(set.front());
  Range range{static_cast<uint32_t>(result.pool.size()), static_cast<uint32_t>(set.size())};
  result.pool.insert(result.pool.end(), set.begin(), set.end());
  return range;
}

EffectAnalysis::Range EffectAnalysis::Sweep::rangeOf(const Function &function, OpId op) {
  const Operation &o = function.graph.operation(op);
  Effect effect = rowOf(o.code).effect;
  if (effect == Effect::Pure && !o.regionCount)
    return {};
  if (effect == Effect::Exec) {
    std::vector<EffectOn> set;
    execEffects(o, set);
    return store(set);
  }
  if (pathOperands(o.code).size() > 1) {
    std::vector<EffectOn> set;
    pathEffects(function, op, set);
    return store(set);
  }
  if (effect != Effect::Bodies) {
    const EffectOn leaf = resolveLeaf(function, op);
    return leaf.effect == Effect::Pure ? Range() : leafRange(leaf);
  }
  if (o.code == OpCode::core_call) {
    uint32_t callee = calledFunction(module, o);
    return callee == UINT32_MAX ? Range() : result.perFunction[callee];
  }
  if (o.regionCount == 1)
    return regionEffects[o.firstRegion.index];
  std::vector<EffectOn> set;
  for (RegionId region : function.graph.regionsOf(op))
    unite(set, regionEffects[region.index]);
  return store(set);
}

void EffectAnalysis::Sweep::runFunction(uint32_t index) {
  const Function &function = *module.functions[index];
  const ComputationGraph &graph = function.graph;
  std::vector<Range> &ranges = result.perOp[index];
  ranges.assign(graph.operationCount(), {});
  regionEffects.assign(graph.regionCount(), {});
  std::vector<RegionId> regions = regionsOutsideIn(graph, function.body);
  for (auto region = regions.rbegin(); region != regions.rend(); ++region) {
    scratch.clear();
    Range last;
    for (OpId op : graph.region(*region).body) {
      Range range = rangeOf(function, op);
      ranges[op.index] = range;
      if (range.count == 0 || (range.first == last.first && range.count == last.count))
        continue;
      last = range;
      unite(scratch, range);
    }
    regionEffects[region->index] = store(scratch);
  }
  result.perFunction[index] = regionEffects[function.body.index];
}

/// Each function on the cycle may reach all of them. First computes their own effects, ignoring the calls
/// among them; then recomputes with those calls having all of these effects.
void EffectAnalysis::Sweep::runCycle(std::span<const uint32_t> functions) {
  for (uint32_t index : functions)
    runFunction(index);
  std::vector<EffectOn> all;
  for (uint32_t index : functions)
    unite(all, result.perFunction[index]);
  Range range = store(all);
  for (uint32_t index : functions)
    result.perFunction[index] = range;
  for (uint32_t index : functions) {
    runFunction(index);
    result.perFunction[index] = range;
  }
}

void EffectAnalysis::Sweep::run() {
  result.perOp.resize(module.functions.size());
  result.perFunction.resize(module.functions.size());
  CallGroups groups = callGroups(module);
  for (size_t g = 0; g != groups.size(); ++g) {
    if (groups.isCycle[g])
      runCycle(groups.group(g));
    else
      runFunction(groups.group(g).front());
  }
}

EffectAnalysis::EffectAnalysis(Module &module) { Sweep(*this, module).run(); }

bool EffectAnalysis::operator==(const EffectAnalysis &other) const {
  if (perOp.size() != other.perOp.size())
    return false;
  for (size_t f = 0; f != perOp.size(); ++f) {
    if (perOp[f].size() != other.perOp[f].size() || !std::ranges::equal(effects(f), other.effects(f)))
      return false;
    for (uint32_t op = 0; op != perOp[f].size(); ++op)
      if (!std::ranges::equal(effects(f, OpId(op)), other.effects(f, OpId(op))))
        return false;
  }
  return true;
}
