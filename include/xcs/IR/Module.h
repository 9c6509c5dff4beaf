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

/// `type @Message = record<..>`: a name for a type. Types stay structural: the name is for readers only.
struct TypeName {
  StringId symbol;
  bool isPrivate = false;
  TypeId type;
  Location location;
};

/// `const @prompt = "..."`: a named literal. Where it is used there is its value.
struct ModuleConstant {
  StringId symbol;
  bool isPrivate = false;
  AttrId value;
  Location location;
};

/// A function: a ComputationGraph whose region `body` holds its operations. The arguments of the body are the
/// parameters of the function.
struct Function {
  StringId symbol;
  bool isPrivate = false;
  std::vector<TypeId> resultTypes;
  /// Values of the last parameters where a call or a run gives none; they fit the types (valueOfAttr).
  std::vector<AttrId> defaults;
  DictId attributes;
  Location location;
  ComputationGraph graph;
  RegionId body;
};

/// What a symbol names.
struct SymbolTarget {
  enum class Kind : uint8_t { Function, Resource, Type, Constant } kind;
  uint32_t index; // into Module::functions, resources, typeNames or constants
};

/// A whole program: named types and constants, resources, functions, their symbols, and the pool in which
/// everything is interned. Each keeps the order of the text. Thread safety: none while changing.
class Module {
public:
  explicit Module(std::shared_ptr<const SourceBuffer> source = nullptr) : locations(std::move(source)) {}
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  ConstantPool pool;
  LocationTable locations;
  StringId name; // `module @name`; none when absent
  DictId attributes;
  /// The directory in which a run starts, an absolute normal path (Paths.h); empty: not known. Relative paths
  /// can then be compared with absolute ones. No part of the text.
  std::string startDirectory;
  std::vector<TypeName> typeNames;
  std::vector<ModuleConstant> constants;
  std::vector<Resource> resources;
  std::vector<std::unique_ptr<Function>> functions;

  /// Adds a function or resource and its symbol. False if the symbol is taken: it is added anyway, so
  /// that its body can be checked, but the symbol keeps its first meaning.
  bool addFunction(std::unique_ptr<Function> f);
  bool addResource(Resource r);
  bool addTypeName(TypeName t);
  bool addConstant(ModuleConstant c);
  /// Rebuilds the symbol table. Call it after changing one of the lists above or a name in them.
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

/// The default of parameter `index`; none if it has none.
AttrId defaultOf(const Function &function, size_t index);

/// The names that stand for the types and values of a module where it is printed: of several for the same,
/// the first. A scalar type, a number and a bool are always shown as they are.
DeclaredNames declaredNames(const Module &module);

} // namespace xcs
