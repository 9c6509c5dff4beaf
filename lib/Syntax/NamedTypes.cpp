#include "Syntax/NameResolver.h"
#include "xcs/Support/NearestName.h"
#include <algorithm>

using namespace xcs;

// The types of a NameResolver. Until all is read, a declared name is a placeholder: a record that no text can
// write.

std::string_view xcs::describe(const Module &module, SymbolTarget target) {
  switch (target.kind) {
  case SymbolTarget::Kind::Function:
    return "a function";
  case SymbolTarget::Kind::Type:
    return "a type";
  case SymbolTarget::Kind::Constant:
    return "a constant";
  case SymbolTarget::Kind::Resource:
    break;
  }
  switch (module.resources[target.index].kind) {
  case ResourceKind::Model:
    return "a model";
  case ResourceKind::Http:
    return "an http resource";
  case ResourceKind::Limit:
    return "a limit";
  }
  return {};
}

void xcs::reportUnknownName(const Module &module, DiagnosticEngine &diagnostics, Location at, StringId name,
                            SymbolTarget::Kind wanted) {
  const bool isType = wanted == SymbolTarget::Kind::Type;
  NearestName nearest(module.pool.text(name));
  if (isType)
    for (const TypeName &declared : module.typeNames)
      nearest.offer(module.pool.text(declared.symbol));
  else
    for (const ModuleConstant &declared : module.constants)
      nearest.offer(module.pool.text(declared.symbol));
  const std::string symbol = "@" + std::string(module.pool.text(name));
  std::string remedy = nearest.suggestion("@");
  if (remedy.empty())
    remedy = isType ? "; declare it with `type " + symbol + " = T`"
                    : "; declare it with `const " + symbol + " = ..`";
  diagnostics.report(Diag::UndefinedSymbol, at, {isType ? "type" : "constant", symbol, remedy});
}

/// The type that a use names; none, after a report, if there is none.
TypeId NameResolver::declaredBy(const TypeUse &use, size_t &declaration) {
  const StringId name = program.nameIn(use.file, use.name, use.at, diagnostics);
  const std::optional<SymbolTarget> target = name ? module.lookup(name) : std::nullopt;
  if (target && target->kind == SymbolTarget::Kind::Type) {
    declaration = target->index;
    return module.typeNames[target->index].type;
  }
  if (target)
    diagnostics.report(Diag::WrongSymbol, use.at,
                       {"@" + std::string(module.pool.text(use.name)), describe(module, *target), "a type",
                        "; name one that `type` declares, or write the type itself"});
  else if (name)
    reportUnknownName(module, diagnostics, use.at, use.name, SymbolTarget::Kind::Type);
  return {};
}

/// Reports the names on the way from a type back to itself, from the one that is declared first.
void NameResolver::reportCycle(TypeId again) {
  std::vector<size_t> names; // of declarations
  bool inCycle = false;
  for (const Visit &visit : way) {
    inCycle |= visit.entered && visit.type == again;
    const auto use = visit.entered ? uses.find(visit.type) : uses.end();
    size_t declaration = 0;
    if (inCycle && use != uses.end() && declaredBy(*use->second, declaration))
      names.push_back(declaration);
  }
  std::rotate(names.begin(), std::min_element(names.begin(), names.end()), names.end());
  names.push_back(names.front());
  std::string chain;
  for (size_t declaration : names)
    chain +=
        (chain.empty() ? "@" : " -> @") + std::string(module.pool.text(module.typeNames[declaration].symbol));
  const TypeName &first = module.typeNames[names.front()];
  diagnostics.report(Diag::RecursiveType, first.location,
                     {"@" + std::string(module.pool.text(first.symbol)), chain});
}

/// The parts of a type come before it on the way. One that is on the way already contains itself.
void NameResolver::enterType(TypeId type) {
  const auto visit = [&](TypeId part) {
    if (states[part.index] == 1)
      reportCycle(part);
    else if (states[part.index] == 0)
      way.push_back({part});
  };
  const auto use = uses.find(type);
  if (use == uses.end()) {
    meanings[type.index] = type;
    for (const TypeField &field : module.pool.view().fields(type))
      visit(field.type);
    return;
  }
  size_t declaration;
  const TypeId meaning = declaredBy(*use->second, declaration);
  meanings[type.index] = meaning ? meaning : module.pool.scalar(TypeKind::None);
  if (meaning)
    visit(meaning);
}

/// A type whose parts have meanings.
TypeId NameResolver::rebuild(TypeId type) {
  if (uses.contains(type)) {
    const TypeId meaning = meanings[type.index];
    return states[meaning.index] == 2 ? meanings[meaning.index] : meaning;
  }
  const ConstantView view = module.pool.view();
  const std::span<const TypeField> all = view.fields(type);
  std::vector<TypeField> fields(all.begin(), all.end());
  bool same = true;
  for (TypeField &field : fields) {
    same &= meanings[field.type.index] == field.type;
    field.type = meanings[field.type.index];
  }
  if (same)
    return type;
  const TypeKind kind = view.kind(type);
  if (kind == TypeKind::Record)
    return module.pool.record(fields);
  if (kind != TypeKind::Dict)
    return module.pool.compound(kind, fields[0].type);
  return isDictKey(view.kind(fields[0].type)) ? module.pool.dictionary(fields[0].type, fields[1].type)
                                              : module.pool.scalar(TypeKind::None); // checkKeys reports it
}

void NameResolver::findMeaning(TypeId root) {
  if (states[root.index] == 0)
    way.push_back({root});
  while (!way.empty()) {
    const TypeId type = way.back().type;
    if (states[type.index] == 2) {
      way.pop_back();
    } else if (!way.back().entered) {
      way.back().entered = true;
      states[type.index] = 1;
      enterType(type); // may move `way`
    } else {
      way.pop_back();
      meanings[type.index] = rebuild(type);
      states[type.index] = 2;
    }
  }
}

void NameResolver::replaceTypes() {
  for (TypeName &declared : module.typeNames)
    declared.type = meaningOf(declared.type);
  for (const auto &function : module.functions) {
    for (TypeId &type : function->resultTypes)
      type = meaningOf(type);
    ComputationGraph &graph = function->graph;
    for (uint32_t v = 0; v != graph.valueCount(); ++v)
      if (const TypeId type = graph.type(ValueRef(v)); meaningOf(type) != type)
        graph.setType(ValueRef(v), meaningOf(type));
  }
}

/// Names in types make a type much larger than its text.
void NameResolver::checkSizes() {
  const ConstantView view = module.pool.view();
  std::vector<uint64_t> parts(view.types.size()), depths(view.types.size());
  for (size_t i = 0; i != view.types.size(); ++i) {
    uint64_t count = 1, depth = 0;
    for (const TypeField &field : view.fields(TypeId(i))) {
      count = std::min<uint64_t>(count + parts[field.type.index], UINT32_MAX);
      depth = std::max(depth, depths[field.type.index]);
    }
    parts[i] = count;
    depths[i] = depth + (view.fields(TypeId(i)).empty() ? 0 : 1);
  }
  for (const TypeUse &use : program.usedTypes()) {
    const TypeId type = meaningOf(use.placeholder);
    if (parts[type.index] > limits[Limit::TypeParts])
      return diagnostics.report(limitError(Limit::TypeParts, limits[Limit::TypeParts]), use.at);
  }
  // Types in which names are parts are as deep as their text and the names.
  for (const TypeId type : meanings)
    if (depths[type.index] > limits[Limit::NestingDepth])
      return diagnostics.report(limitError(Limit::NestingDepth, limits[Limit::NestingDepth]),
                                program.usedTypes()[0].at);
}

void NameResolver::checkKeys() {
  const ConstantView view = module.pool.view();
  for (const KeyUse &use : program.keyUses())
    if (const TypeId key = meaningOf(use.placeholder); !isDictKey(view.kind(key)))
      diagnostics.report(Diag::BadDictKey, use.at, {printType(view, key), dictKeyRemedy(view.kind(key))});
}

void NameResolver::resolveTypes() {
  if (program.usedTypes().empty())
    return;
  const size_t before = diagnostics.errorCount();
  const size_t count = module.pool.view().types.size();
  meanings.resize(count);
  states.resize(count);
  for (const TypeUse &use : program.usedTypes())
    uses.emplace(use.placeholder, &use);
  for (size_t i = 0; i != count; ++i)
    findMeaning(TypeId(i));
  replaceTypes();
  if (diagnostics.errorCount() != before)
    return;
  checkSizes();
  checkKeys();
}
