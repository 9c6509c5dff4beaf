#pragma once
#include "xcs/IR/Module.h"
#include <initializer_list>

namespace xcs {

/// Builds operations at the end of a region, in code: what passes, tests and later front ends use. Checks
/// nothing; run the Verifier afterwards.
class Builder {
public:
  Builder(Module &module, Function &function) : module(module), function(function), region(function.body) {}

  void setRegion(RegionId r) { region = r; }
  RegionId currentRegion() const { return region; }
  void setLocation(Location at) { location = at; }

  /// An attribute by name and value, for the calls below.
  struct Attr {
    std::string_view key;
    AttrId value;
  };
  /// Appends an operation with one result and returns it.
  ValueRef value(OpCode code, TypeId type, std::initializer_list<ValueRef> operands,
                 std::initializer_list<Attr> attrs = {}, std::string_view name = {});
  /// Appends an operation with no result (or results the caller adds) and returns it.
  OpId op(OpCode code, std::initializer_list<ValueRef> operands, std::initializer_list<Attr> attrs = {});
  /// Appends `const`.
  ValueRef constant(TypeId type, AttrId value, std::string_view name = {});

private:
  Module &module;
  Function &function;
  RegionId region;
  Location location;
};

/// Makes a function with an empty body and these parameters, and adds it to the module.
Function &addFunction(Module &module, std::string_view symbol,
                      std::initializer_list<std::pair<std::string_view, TypeId>> parameters,
                      std::initializer_list<TypeId> results);

} // namespace xcs
