#include "Syntax/ProgramParts.h"

using namespace xcs;

void ProgramParts::beginFile() {
  files.push_back({module.functions.size(), module.resources.size()});
  own.clear();
}

std::optional<Location> ProgramParts::add(StringId symbol, Location at, bool isPrivate) {
  auto seen = shared.find(symbol);
  // A private function hides functions of that name in other files, but nothing in its own file.
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

/// A name that occurs nowhere in the program, not even in the call of a missing function.
StringId ProgramParts::freshName(StringId symbol) {
  std::string base(module.pool.text(symbol));
  size_t &number = lastNumber.try_emplace(symbol, 1).first->second;
  for (++number;; ++number)
    if (std::string name = base + '.' + std::to_string(number); !module.pool.lookup(name))
      return module.pool.intern(name);
}

ProgramParts::Names ProgramParts::namePrivateFunctions(size_t first, size_t last) {
  Names names;
  for (size_t f = first; f != last; ++f) {
    Function &function = *module.functions[f];
    if (!function.isPrivate)
      continue;
    StringId symbol = function.symbol;
    if (!shared.emplace(symbol, function.location).second)
      function.symbol = freshName(symbol);
    names.emplace(symbol, function.symbol);
  }
  return names;
}

void ProgramParts::resolveSymbols(size_t file, DiagnosticEngine &diagnostics) {
  const Names &names = privateNames[file];
  for (size_t f = files[file].function; f != endOf(file); ++f) {
    ComputationGraph &graph = module.functions[f]->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      if (!op.symbol)
        continue;
      auto own = names.find(op.symbol);
      auto other = hidden.find(op.symbol);
      if (own != names.end()) {
        graph.setSymbol(OpId(i), own->second);
      } else if (other != hidden.end()) {
        std::string name = "@" + std::string(module.pool.text(op.symbol));
        Location there = module.functions[other->second]->location;
        diagnostics.report(Diag::PrivateSymbol, op.location, {name, module.locations.resolve(there).file});
        diagnostics.report(Diag::FirstDefinedHere, there, {name});
      }
    }
  }
}

void ProgramParts::join(DiagnosticEngine &diagnostics) {
  if (files.size() > 1) {
    for (size_t f = 0; f != module.functions.size(); ++f)
      if (const Function &function = *module.functions[f];
          function.isPrivate && !shared.contains(function.symbol))
        hidden.emplace(function.symbol, f);
    for (size_t file = 0; file != files.size(); ++file)
      privateNames.push_back(namePrivateFunctions(files[file].function, endOf(file)));
    for (size_t file = 0; file != files.size(); ++file)
      resolveSymbols(file, diagnostics);
    for (size_t f = endOf(0); f != module.functions.size(); ++f)
      module.functions[f]->isPrivate = true;
  }
  module.rebuildSymbols();
}
