#include "xcs/IR/Module.h"

using namespace xcs;

/// Spreads dense ids over 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
static uint64_t hashOf(StringId symbol) {
  uint64_t h = symbol.index + 0x9e3779b97f4a7c15u;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  return h ^ (h >> 31);
}

bool Module::addSymbol(StringId symbol, SymbolTarget target) {
  uint64_t hash = hashOf(symbol);
  // The second function or resource cannot be looked up, but keeps its place and is checked.
  if (symbolIndex.find(hash, [&](uint32_t i) { return symbolNames[i] == symbol; }) != InternIndex::absent)
    return false;
  symbolIndex.insert(hash, static_cast<uint32_t>(symbols.size()));
  symbols.push_back(target);
  symbolNames.push_back(symbol);
  return true;
}

bool Module::addFunction(std::unique_ptr<Function> f) {
  StringId symbol = f->symbol;
  functions.push_back(std::move(f));
  return addSymbol(symbol, {SymbolTarget::Kind::Function, static_cast<uint32_t>(functions.size() - 1)});
}

bool Module::addResource(Resource r) {
  resources.push_back(r);
  return addSymbol(r.symbol, {SymbolTarget::Kind::Resource, static_cast<uint32_t>(resources.size() - 1)});
}

bool Module::addTypeName(TypeName t) {
  typeNames.push_back(t);
  return addSymbol(t.symbol, {SymbolTarget::Kind::Type, static_cast<uint32_t>(typeNames.size() - 1)});
}

bool Module::addConstant(ModuleConstant c) {
  constants.push_back(c);
  return addSymbol(c.symbol, {SymbolTarget::Kind::Constant, static_cast<uint32_t>(constants.size() - 1)});
}

void Module::rebuildSymbols() {
  symbols.clear();
  symbolNames.clear();
  symbolIndex = {};
  for (uint32_t i = 0; i < resources.size(); ++i)
    addSymbol(resources[i].symbol, {SymbolTarget::Kind::Resource, i});
  for (uint32_t i = 0; i < functions.size(); ++i)
    addSymbol(functions[i]->symbol, {SymbolTarget::Kind::Function, i});
  for (uint32_t i = 0; i < typeNames.size(); ++i)
    addSymbol(typeNames[i].symbol, {SymbolTarget::Kind::Type, i});
  for (uint32_t i = 0; i < constants.size(); ++i)
    addSymbol(constants[i].symbol, {SymbolTarget::Kind::Constant, i});
}

std::optional<SymbolTarget> Module::lookup(StringId symbol) const {
  uint32_t found = symbolIndex.find(hashOf(symbol), [&](uint32_t i) { return symbolNames[i] == symbol; });
  if (found == InternIndex::absent)
    return std::nullopt;
  return symbols[found];
}

Function *Module::findFunction(StringId symbol) const {
  std::optional<SymbolTarget> target = lookup(symbol);
  return target && target->kind == SymbolTarget::Kind::Function ? functions[target->index].get() : nullptr;
}

const Resource *Module::findResource(StringId symbol) const {
  std::optional<SymbolTarget> target = lookup(symbol);
  return target && target->kind == SymbolTarget::Kind::Resource ? &resources[target->index] : nullptr;
}

AttrId xcs::defaultOf(const Function &function, size_t index) {
  const size_t first = function.graph.region(function.body).argumentCount - function.defaults.size();
  return index < first ? AttrId() : function.defaults[index - first];
}

DeclaredNames xcs::declaredNames(const Module &module) {
  const ConstantView view = module.pool.view();
  DeclaredNames names;
  if (!module.typeNames.empty())
    names.types.resize(view.types.size());
  for (const TypeName &declared : module.typeNames)
    if (view.kind(declared.type) >= TypeKind::List && !names.types[declared.type.index])
      names.types[declared.type.index] = declared.symbol;
  if (!module.constants.empty())
    names.values.resize(view.attrs.size());
  for (const ModuleConstant &constant : module.constants) {
    const AttrKind kind = view.attr(constant.value).kind;
    const bool isNamed = kind == AttrKind::Str || kind == AttrKind::List || kind == AttrKind::Dict;
    if (isNamed && !names.values[constant.value.index])
      names.values[constant.value.index] = constant.symbol;
  }
  return names;
}
