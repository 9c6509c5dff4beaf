#include "Syntax/ProgramParts.h"
#include "Syntax/NameResolver.h"
#include "Syntax/OperandReader.h"
#include <algorithm>

using namespace xcs;

void ProgramParts::beginFile() {
  files.push_back(beginOf(files.size()));
  own.clear();
}

std::optional<Location> ProgramParts::add(StringId symbol, Location at, bool isPrivate) {
  auto seen = shared.find(symbol);
  // A private name hides that name in other files, but nothing in its own file.
  bool here =
      seen != shared.end() && module.locations.bufferOf(seen->second) == module.locations.bufferOf(at);
  if (seen != shared.end() && (here || !isPrivate))
    return seen->second;
  if (auto other = own.find(symbol); other != own.end())
    return other->second;
  (isPrivate ? own : shared).emplace(symbol, at);
  return std::nullopt;
}

std::optional<Location> ProgramParts::addFunction() {
  const Function &function = *module.functions.back();
  return add(function.symbol, function.location, function.isPrivate);
}

std::optional<Location> ProgramParts::addResource() {
  const Resource &resource = module.resources.back();
  return add(resource.symbol, resource.location, false);
}

std::optional<Location> ProgramParts::addConstant() {
  const ModuleConstant &constant = module.constants.back();
  return add(constant.symbol, constant.location, constant.isPrivate);
}

std::optional<Location> ProgramParts::addTypeName() {
  const TypeName &declared = module.typeNames.back();
  const std::optional<Location> first = add(declared.symbol, declared.location, declared.isPrivate);
  if (!first) {
    typesAt.emplace(declared.location.offset(), module.typeNames.size() - 1);
    return std::nullopt;
  }
  const auto at = typesAt.find(first->offset());
  if (at == typesAt.end())
    return first;
  repeated.push_back({module.typeNames.size() - 1, at->second});
  return std::nullopt;
}

/// The name of its only field has a character that no name in a text has, and says the file.
TypeId ProgramParts::typeNamed(StringId name, Location at) {
  const size_t file = files.size() - 1;
  const std::string key = '@' + std::to_string(file) + '/' + std::string(module.pool.text(name));
  const TypeField field{module.pool.intern(key), module.pool.scalar(TypeKind::None)};
  const TypeId placeholder = module.pool.record({&field, 1});
  if (placeholders.insert(placeholder).second)
    typeUses.push_back({placeholder, name, file, at});
  return placeholder;
}

ProgramParts::FileBegin ProgramParts::beginOf(size_t file) const {
  if (file < files.size())
    return files[file];
  return {module.functions.size(), module.resources.size(), module.typeNames.size(), module.constants.size()};
}

StringId ProgramParts::findName(size_t file, StringId symbol) const {
  if (privateNames.empty()) // one file
    return symbol;
  if (auto own = privateNames[file].find(symbol); own != privateNames[file].end())
    return own->second;
  return hidden.contains(symbol) ? StringId() : symbol;
}

StringId ProgramParts::nameIn(size_t file, StringId symbol, Location at,
                              DiagnosticEngine &diagnostics) const {
  const StringId found = findName(file, symbol);
  if (found)
    return found;
  const std::string name = "@" + std::string(module.pool.text(symbol));
  const Location there = hidden.at(symbol);
  diagnostics.report(Diag::PrivateSymbol, at, {name, module.locations.resolve(there).file});
  diagnostics.report(Diag::FirstDefinedHere, there, {name});
  return {};
}

/// A name that occurs nowhere in the program, not even in the call of a missing function.
StringId ProgramParts::freshName(StringId symbol) {
  std::string base(module.pool.text(symbol));
  size_t &number = lastNumber.try_emplace(symbol, 1).first->second;
  for (++number;; ++number)
    if (std::string name = base + '.' + std::to_string(number); !module.pool.lookup(name))
      return module.pool.intern(name);
}

static Function &declarationOf(std::unique_ptr<Function> &function) { return *function; }
static TypeName &declarationOf(TypeName &type) { return type; }
static ModuleConstant &declarationOf(ModuleConstant &constant) { return constant; }

/// Names what is private in a part of a list as no other file does.
template <class List> void ProgramParts::namePrivate(List &list, size_t first, size_t last, Names &names) {
  for (size_t i = first; i != last; ++i) {
    auto &declared = declarationOf(list[i]);
    if (!declared.isPrivate)
      continue;
    const StringId symbol = declared.symbol;
    const auto known = names.find(symbol); // of a type that is declared twice
    if (known != names.end())
      declared.symbol = known->second;
    else if (!shared.emplace(symbol, declared.location).second)
      declared.symbol = freshName(symbol);
    names.emplace(symbol, declared.symbol);
  }
}

template <class List> void ProgramParts::hidePrivate(List &list) {
  for (auto &each : list)
    if (const auto &declared = declarationOf(each); declared.isPrivate && !shared.contains(declared.symbol))
      hidden.emplace(declared.symbol, declared.location);
}

void ProgramParts::resolveSymbols(size_t file, DiagnosticEngine &diagnostics) {
  for (size_t f = files[file].function; f != beginOf(file + 1).function; ++f) {
    ComputationGraph &graph = module.functions[f]->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      if (!op.symbol)
        continue;
      if (const StringId name = nameIn(file, op.symbol, op.location, diagnostics))
        graph.setSymbol(OpId(i), name);
    }
  }
}

/// Several files become one module.
void ProgramParts::combine(DiagnosticEngine &diagnostics) {
  if (files.size() == 1)
    return;
  hidePrivate(module.functions);
  hidePrivate(module.typeNames);
  hidePrivate(module.constants);
  for (size_t file = 0; file != files.size(); ++file) {
    const FileBegin begin = files[file], end = beginOf(file + 1);
    Names &names = privateNames.emplace_back();
    namePrivate(module.functions, begin.function, end.function, names);
    namePrivate(module.typeNames, begin.typeName, end.typeName, names);
    namePrivate(module.constants, begin.constant, end.constant, names);
  }
  for (size_t file = 0; file != files.size(); ++file)
    resolveSymbols(file, diagnostics);
  for (size_t f = beginOf(1).function; f != module.functions.size(); ++f)
    module.functions[f]->isPrivate = true;
}

/// A type that is declared again with the same meaning is the same type.
void ProgramParts::dropRepeatedTypes(DiagnosticEngine &diagnostics) {
  for (const Repeated &each : repeated) {
    const TypeName &again = module.typeNames[each.again], &first = module.typeNames[each.first];
    if (again.type == first.type)
      continue;
    const std::string name = "@" + std::string(module.pool.text(again.symbol));
    diagnostics.report(Diag::RedefinedSymbol, again.location, {name});
    diagnostics.report(Diag::FirstDefinedHere, first.location, {name});
  }
  if (repeated.empty())
    return;
  std::vector<TypeName> once;
  auto next = repeated.begin();
  for (size_t i = 0; i != module.typeNames.size(); ++i)
    if (next != repeated.end() && next->again == i)
      ++next;
    else
      once.push_back(module.typeNames[i]);
  module.typeNames = std::move(once);
  module.rebuildSymbols();
}

void ProgramParts::join(DiagnosticEngine &diagnostics, const Limits &limits) {
  const size_t before = diagnostics.errorCount();
  combine(diagnostics);
  module.rebuildSymbols();
  NameResolver names(module, *this, diagnostics, limits);
  names.resolveTypes();
  dropRepeatedTypes(diagnostics);
  names.resolveValues();
  if (diagnostics.errorCount() == before)
    readOperands(module, *this, diagnostics, limits);
}
