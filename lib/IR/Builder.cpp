#include "xcs/IR/Builder.h"
#include <algorithm>
#include <iterator>

using namespace xcs;

static DictId dictOf(ConstantPool &pool, ListOf<Builder::Attr> attrs) {
  std::vector<DictEntry> entries;
  for (const Builder::Attr &a : attrs)
    entries.push_back({pool.intern(a.key), a.value});
  return pool.dict(entries);
}

void xcs::setWrittenAttributes(ConstantPool &pool, ComputationGraph &graph, OpId op, DictId attributes) {
  const OpCode code = graph.operation(op).code;
  auto isFact = [&](const DictEntry &entry) {
    const std::string_view name = pool.text(entry.key);
    const AttrRow *row = name.find('.') == name.npos ? nullptr : findAttr(code, name);
    return row && rowOf(row->attribute).kind == AttrClass::Fact;
  };
  const std::span<const DictEntry> all = pool.view().entries(attributes);
  graph.setAttributes(op, attributes);
  if (std::none_of(all.begin(), all.end(), isFact))
    return;
  std::vector<DictEntry> written, facts;
  std::partition_copy(all.begin(), all.end(), std::back_inserter(facts), std::back_inserter(written), isFact);
  graph.setAttributes(op, pool.dict(written));
  graph.setFacts(op, pool.dict(facts));
}

DictId Builder::dict(ListOf<Attr> attrs) { return dictOf(module.pool, attrs); }

OpId Builder::op(OpCode code, ListOf<ValueRef> operands, ListOf<Attr> attrs, ListOf<ValueRef> after) {
  OpId added = function.graph.addOperation(region, code, operands, after, location);
  setAttributes(added, attrs);
  return added;
}

ValueRef Builder::result(OpId op, TypeId type, std::string_view name) {
  return function.graph.addResult(op, type, named(name));
}

ValueRef Builder::value(OpCode code, TypeId type, ListOf<ValueRef> operands, ListOf<Attr> attrs,
                        std::string_view name) {
  return result(op(code, operands, attrs), type, name);
}

ValueRef Builder::constant(TypeId type, AttrId value, std::string_view name) {
  return this->value(OpCode::core_const, type, {}, {{nameOf(Attribute::value), value}}, name);
}

OpId Builder::call(std::string_view symbol, ListOf<ValueRef> operands, ListOf<Attr> attrs) {
  OpId added = op(OpCode::core_call, operands, attrs);
  setSymbol(added, symbol);
  return added;
}

void Builder::setSymbol(OpId op, std::string_view symbol) { function.graph.setSymbol(op, named(symbol)); }

RegionId Builder::beginRegion(OpId op, ListOf<Parameter> arguments) {
  begun.push_back(region);
  region = function.graph.addRegion(op);
  for (const Parameter &argument : arguments)
    function.graph.addArgument(region, argument.type, named(argument.name));
  return region;
}

void Builder::endRegion() {
  region = begun.back();
  begun.pop_back();
}

Function &xcs::addFunction(Module &module, std::string_view symbol, ListOf<Builder::Parameter> parameters,
                           ListOf<TypeId> results) {
  auto added = std::make_unique<Function>();
  Function &function = *added;
  function.symbol = module.pool.intern(symbol);
  function.resultTypes.assign(results.begin(), results.end());
  function.body = function.graph.addRegion(OpId());
  for (const Builder::Parameter &p : parameters)
    function.graph.addArgument(function.body, p.type,
                               p.name.empty() ? StringId() : module.pool.intern(p.name));
  module.addFunction(std::move(added));
  return function;
}

bool xcs::addResource(Module &module, ResourceKind kind, std::string_view symbol,
                      ListOf<Builder::Attr> attrs) {
  return module.addResource({kind, module.pool.intern(symbol), dictOf(module.pool, attrs), Location()});
}
