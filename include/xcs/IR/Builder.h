#pragma once
#include "xcs/IR/Module.h"
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A list argument of a call: a span, a vector, or items in braces. For parameters only: it owns nothing.
template <class T> struct ListOf : std::span<const T> {
  using std::span<const T>::span;
  ListOf(std::span<const T> items) : std::span<const T>(items) {}
  ListOf(std::initializer_list<T> items) : std::span<const T>(items.begin(), items.size()) {}
};

/// Sets the attributes of an operation as a program gives them: facts among them, of a program that the
/// compiler has printed, go beside the others (ComputationGraph::facts).
void setWrittenAttributes(ConstantPool &pool, ComputationGraph &graph, OpId op, DictId attributes);

/// Builds a function operation by operation, for tests and front ends. Appends at the end of the current
/// region; a value with an empty name is unnamed. Checks nothing: run the Verifier afterwards.
class Builder {
public:
  Builder(Module &module, Function &function) : module(module), function(function), region(function.body) {}

  /// An attribute by name and value.
  struct Attr {
    std::string_view key;
    AttrId value;
  };
  /// A parameter of a function or an argument of a region.
  struct Parameter {
    std::string_view name;
    TypeId type;
  };

  /// Appends an operation without results. `after` are its order-only operands.
  OpId op(OpCode code, ListOf<ValueRef> operands = {}, ListOf<Attr> attrs = {}, ListOf<ValueRef> after = {});
  /// Adds a result to the operation made last. No result can be added to an earlier one.
  ValueRef result(OpId op, TypeId type, std::string_view name = {});
  /// Appends an operation with one result.
  ValueRef value(OpCode code, TypeId type, ListOf<ValueRef> operands, ListOf<Attr> attrs = {},
                 std::string_view name = {});
  /// Appends `const`.
  ValueRef constant(TypeId type, AttrId value, std::string_view name = {});
  /// Appends a call. The function may be added to the module later.
  OpId call(std::string_view symbol, ListOf<ValueRef> operands, ListOf<Attr> attrs = {});

  /// Sets `@symbol` of an operation: the function or resource that it uses.
  void setSymbol(OpId op, std::string_view symbol);
  /// Replaces all attributes of an operation.
  void setAttributes(OpId op, ListOf<Attr> attrs) { setAttributes(op, dict(attrs)); }
  void setAttributes(OpId op, DictId attributes) {
    setWrittenAttributes(module.pool, function.graph, op, attributes);
  }
  DictId dict(ListOf<Attr> attrs);

  /// Adds a region to an operation and continues in it. Every beginRegion needs its endRegion; they nest.
  RegionId beginRegion(OpId op, ListOf<Parameter> arguments = {});
  /// Continues where the region was begun.
  void endRegion();
  /// Continues at the end of any region of the function.
  void setRegion(RegionId r) { region = r; }
  RegionId currentRegion() const { return region; }
  /// An argument of the current region; of a function's body, a parameter.
  ValueRef argument(size_t index) const { return function.graph.arguments(region)[index]; }

  /// Sets the location of all operations that follow.
  void setLocation(Location at) { location = at; }
  /// The same, as a place in a file of a front end.
  void setLocation(std::string file, uint32_t line, uint32_t column) {
    location = module.locations.addExplicit(std::move(file), line, column);
  }

private:
  StringId named(std::string_view name) { return name.empty() ? StringId() : module.pool.intern(name); }

  Module &module;
  Function &function;
  RegionId region;
  std::vector<RegionId> begun; // the regions to return to
  Location location;
};

/// Makes a function with an empty body and these parameters, and adds it to the module.
Function &addFunction(Module &module, std::string_view symbol, ListOf<Builder::Parameter> parameters,
                      ListOf<TypeId> results);
/// Adds a resource to the module; false when its symbol is taken.
bool addResource(Module &module, ResourceKind kind, std::string_view symbol, ListOf<Builder::Attr> attrs);

} // namespace xcs
