#pragma once
#include "xcs/IR/ComputationGraph.h"
#include "xcs/Ops/ConstantPool.h"
#include <memory>
#include <optional>
#include <vector>

namespace xcs {

/// `model @gpt { ... }`: something outside the program that operations refer to by name.
struct Resource {
  ResourceKind kind{};
  StringId symbol;
  DictId attributes;
  Location location;
};

/// A function: a ComputationGraph whose region `body` holds its operations. The arguments of the body are the
/// parameters of the function.
struct Function {
  StringId symbol;
  bool isPrivate = false;
  std::vector<TypeId> resultTypes;
  DictId attributes;
  Location location;
  ComputationGraph graph;
  RegionId body;
};

/// What a symbol names.
struct SymbolTarget {
  enum class Kind : uint8_t { Function, Resource } kind;
  uint32_t index; // into Module::functions or Module::resources
};

/// A whole program: resources, functions, their symbols, and the pool in which everything is interned.
/// Functions and resources keep the order of the text. Thread safety: none while changing.
class Module {
public:
  explicit Module(std::shared_ptr<const SourceBuffer> source = nullptr) : locations(std::move(source)) {}
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  ConstantPool pool;
  LocationTable locations;
  StringId name; // `module @name`; none when absent
  DictId attributes;
  std::vector<Resource> resources;
  std::vector<std::unique_ptr<Function>> functions;

  /// Adds a function or resource and its symbol. False if the symbol is taken: it is added anyway, so
  /// that its body can be checked, but the symbol keeps its first meaning.
  bool addFunction(std::unique_ptr<Function> f);
  bool addResource(Resource r);
  /// Rebuilds the symbol table. Call it after changing `functions`, `resources` or a name in them.
  void rebuildSymbols();
  std::optional<SymbolTarget> lookup(StringId symbol) const;
  Function *findFunction(StringId symbol) const;
  const Resource *findResource(StringId symbol) const;

private:
  bool addSymbol(StringId symbol, SymbolTarget target);
  std::vector<SymbolTarget> symbols; // indexed by `symbolIndex`
  std::vector<StringId> symbolNames;
  InternIndex symbolIndex;
};

} // namespace xcs
