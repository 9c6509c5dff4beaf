#pragma once
#include "Syntax/ProgramParts.h"
#include "xcs/IR/TypeTexts.h"
#include <optional>

namespace xcs {

/// Replaces the names of types and constants in a module by what they mean, once all of it is read and its
/// symbols are final. Linear in the module; does not recurse. Thread safety: one thread.
class NameResolver {
public:
  NameResolver(Module &module, const ProgramParts &program, DiagnosticEngine &diagnostics,
               const Limits &limits)
      : module(module), program(program), diagnostics(diagnostics), limits(limits) {}

  /// Types of values, results and declarations. Reports unknown names, and types that contain themselves or
  /// become too large.
  void resolveTypes();
  /// Names in attributes, constants and defaults.
  void resolveValues();

private:
  // Types
  struct Visit {
    TypeId type;
    bool entered = false;
  };
  void findMeaning(TypeId root);
  TypeId declaredBy(const TypeUse &use, size_t &declaration);
  void enterType(TypeId type);
  TypeId rebuild(TypeId type);
  void reportCycle(TypeId again);
  void replaceTypes();
  void checkSizes();
  void checkKeys();
  TypeId meaningOf(TypeId type) const { return type.index < meanings.size() ? meanings[type.index] : type; }

  // Values
  enum class Place : uint8_t {
    Attribute, // names of constants and types
    Free,      // the same, but other names are left as they are
    Constant,  // no names
  };
  void markAffected();
  bool isAffected(AttrId value) const { return value.index < affected.size() && affected[value.index]; }
  AttrId replaced(AttrId value, size_t file, Location at, Place place);
  AttrId replacedName(AttrId symbol, size_t file, Location at, Place place);
  template <class IsSymbol>
  DictId replacedIn(DictId dict, size_t file, Location at, IsSymbol isSymbol, Place place = Place::Attribute);
  void resolveFunction(Function &function, size_t index, size_t file);
  void resolveDefaults(Function &function, size_t index, size_t file);
  void resolveFile(size_t file);

  Module &module;
  const ProgramParts &program;
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  std::optional<TypeTexts> typeTexts;               // made for the first message
  std::vector<TypeId> meanings;                     // by TypeId before; empty if no type is named
  std::vector<uint8_t> states;                      // of the search: 0 new, 1 on the way, 2 done
  std::unordered_map<TypeId, const TypeUse *> uses; // by placeholder
  std::vector<Visit> way;
  std::vector<bool> affected;                 // by AttrId before: holds a name
  std::unordered_map<uint64_t, AttrId> known; // of the current file, by value and place
};

/// `a constant`, `a function`, .. : what a symbol names.
std::string_view describe(const Module &module, SymbolTarget target);
/// Reports that there is no such type or constant, with the nearest one.
void reportUnknownName(const Module &module, DiagnosticEngine &diagnostics, Location at, StringId name,
                       SymbolTarget::Kind wanted);

} // namespace xcs
