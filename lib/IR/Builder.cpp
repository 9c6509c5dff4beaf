#include "xcs/IR/Builder.h"

using namespace xcs;

ValueRef Builder::value(OpCode code, TypeId type, std::initializer_list<ValueRef> operands,
                        std::initializer_list<Attr> attrs, std::string_view name) {
  OpId added = op(code, operands, attrs);
  return function.graph.addResult(added, type, name.empty() ? StringId() : module.pool.intern(name));
}

OpId Builder::op(OpCode code, std::initializer_list<ValueRef> operands, std::initializer_list<Attr> attrs) {
  OpId added = function.graph.addOperation(region, code, {operands.begin(), operands.size()}, {}, location);
  std::vector<DictEntry> entries;
  for (const Attr &a : attrs)
    entries.push_back({module.pool.intern(a.key), a.value});
  function.graph.setAttributes(added, module.pool.dict(entries));
  return added;
}

ValueRef Builder::constant(TypeId type, AttrId value, std::string_view name) {
  return this->value(OpCode::core_const, type, {}, {{"value", value}}, name);
}

Function &xcs::addFunction(Module &module, std::string_view symbol,
                           std::initializer_list<std::pair<std::string_view, TypeId>> parameters,
                           std::initializer_list<TypeId> results) {
  auto added = std::make_unique<Function>();
  Function &function = *added;
  function.symbol = module.pool.intern(symbol);
  function.resultTypes = results;
  function.body = function.graph.addRegion(OpId());
  for (const auto &[name, type] : parameters)
    function.graph.addArgument(function.body, type, name.empty() ? StringId() : module.pool.intern(name));
  module.addFunction(std::move(added));
  return function;
}
