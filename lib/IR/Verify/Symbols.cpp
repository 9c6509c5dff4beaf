#include "IR/Verify/VerifyContext.h"
#include "xcs/Ops/Slots.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

/// With its article, for messages.
static std::string_view describe(SymbolUse use) {
  switch (use) {
  case SymbolUse::None:
    return "no symbol";
  case SymbolUse::Model:
    return "a model";
  case SymbolUse::Http:
    return "an http resource";
  case SymbolUse::Function:
    return "a function";
  case SymbolUse::Limit:
    return "a limit";
  }
  return {};
}

static std::string_view noun(SymbolUse use) {
  std::string_view text = describe(use);
  return text.substr(text.find(' ') + 1);
}

static SymbolUse useOf(ResourceKind kind) {
  switch (kind) {
  case ResourceKind::Model:
    return SymbolUse::Model;
  case ResourceKind::Http:
    return SymbolUse::Http;
  case ResourceKind::Limit:
    return SymbolUse::Limit;
  }
  return SymbolUse::None;
}

/// What kind of use a symbol allows, whatever an operation needs.
static SymbolUse useOf(const Module &module, SymbolTarget target) {
  switch (target.kind) {
  case SymbolTarget::Kind::Function:
    return SymbolUse::Function;
  case SymbolTarget::Kind::Resource:
    return useOf(module.resources[target.index].kind);
  case SymbolTarget::Kind::Type:
  case SymbolTarget::Kind::Constant:
    return SymbolUse::None;
  }
  return SymbolUse::None;
}

static std::string_view describe(const Module &module, SymbolTarget target) {
  if (target.kind == SymbolTarget::Kind::Type)
    return "a type";
  return target.kind == SymbolTarget::Kind::Constant ? "a constant" : describe(useOf(module, target));
}

static Location locationOf(const Module &module, SymbolTarget target) {
  switch (target.kind) {
  case SymbolTarget::Kind::Function:
    return module.functions[target.index]->location;
  case SymbolTarget::Kind::Resource:
    return module.resources[target.index].location;
  case SymbolTarget::Kind::Type:
    return module.typeNames[target.index].location;
  case SymbolTarget::Kind::Constant:
    return module.constants[target.index].location;
  }
  return {};
}

/// Suggests the nearest symbol of the wanted kind.
static void reportUndefined(VerifyContext &context, Location at, std::string_view symbol, SymbolUse wanted) {
  const Module &module = context.module;
  NearestName nearest(symbol);
  for (size_t i = 0; context.shown() && i < module.resources.size(); ++i)
    if (useOf(module.resources[i].kind) == wanted)
      nearest.offer(context.view.text(module.resources[i].symbol));
  if (context.shown() && wanted == SymbolUse::Function)
    for (const auto &function : module.functions)
      nearest.offer(context.view.text(function->symbol));
  context.error(Diag::UndefinedSymbol, at,
                {noun(wanted), "@" + std::string(symbol), nearest.suggestion("@")});
}

/// What `symbol` names, which must be of the `wanted` kind; `owner` is the name of what refers to it. None
/// after an error.
static std::optional<SymbolTarget> checkNamed(VerifyContext &context, Location at, std::string_view owner,
                                              StringId symbol, std::string_view text, SymbolUse wanted) {
  const std::optional<SymbolTarget> target = symbol ? context.module.lookup(symbol) : std::nullopt;
  if (!target)
    reportUndefined(context, at, text, wanted);
  else if (useOf(context.module, *target) == wanted)
    return target;
  else
    context.error(Diag::SymbolKind, at,
                  {"@" + std::string(text), describe(context.module, *target), owner, describe(wanted)});
  return std::nullopt;
}

void xcs::checkLimit(VerifyContext &context, Location at, std::string_view owner, AttrId limit) {
  forEachSlots(context.view, limit, [&](const Slots &slots) {
    const StringId symbol = context.module.pool.lookup(slots.limit);
    const std::optional<SymbolTarget> target =
        checkNamed(context, at, "limit", symbol, slots.limit, SymbolUse::Limit);
    if (!target)
      return;
    const DictId bounds = context.module.resources[target->index].attributes;
    if (const std::string wrong = wrongSlotCount(context.view, slots, bounds); !wrong.empty())
      context.error(Diag::BadAttribute, at, {"limit", owner, wrong});
  });
}

void xcs::checkSymbol(VerifyContext &context, const Operation &op) {
  SymbolUse wanted = symbolUse(op.code);
  if (!op.symbol) {
    // Without a resource the url is an operand.
    if (wanted == SymbolUse::Model || wanted == SymbolUse::Function)
      context.error(Diag::MissingSymbol, op.location, {rowOf(op.code).name, describe(wanted)});
    return;
  }
  if (wanted == SymbolUse::None) {
    context.error(Diag::UnexpectedSymbol, op.location, {rowOf(op.code).name, context.symbolText(op.symbol)});
    return;
  }
  checkNamed(context, op.location, rowOf(op.code).name, op.symbol, context.view.text(op.symbol), wanted);
}

/// The parser reports this too; the check is for modules built in code.
static void checkUnique(VerifyContext &context, StringId symbol, Location at, SymbolTarget self) {
  std::optional<SymbolTarget> first = context.module.lookup(symbol);
  if (first && first->kind == self.kind && first->index == self.index)
    return;
  context.error(Diag::RedefinedSymbol, at, {context.symbolText(symbol)});
  if (!first)
    return;
  context.error(Diag::FirstDefinedHere, locationOf(context.module, *first), {context.symbolText(symbol)});
}

/// The parser reports these too. The default of a parameter is a literal of its type.
static void checkDefaults(VerifyContext &context, const Function &function) {
  const ComputationGraph::ValueRange parameters = function.graph.arguments(function.body);
  if (function.defaults.size() > parameters.size())
    return context.error(Diag::BrokenModule, function.location,
                         {"a function has more defaults than parameters"});
  for (size_t i = 0; i != parameters.size(); ++i) {
    const AttrId value = defaultOf(function, i);
    const TypeId type = function.graph.type(parameters[i]);
    if (!value || !valueOfAttr(context.view, value, type).empty())
      continue;
    const StringId name = function.graph.value(parameters[i]).name;
    context.error(Diag::DefaultType, function.location,
                  {printAttr(context.view, value),
                   name ? "%" + std::string(context.view.text(name)) : "%" + std::to_string(i),
                   context.typeText(type)});
  }
}

void xcs::checkResources(VerifyContext &context) {
  const Module &module = context.module;
  for (uint32_t i = 0; i < module.resources.size(); ++i) {
    const Resource &resource = module.resources[i];
    checkUnique(context, resource.symbol, resource.location, {SymbolTarget::Kind::Resource, i});
    const ResourceRow &row = rowOf(resource.kind);
    checkAttributes(context, {row.name, resource.location, row.attributes.all(), nullptr},
                    resource.attributes);
  }
  for (uint32_t i = 0; i < module.functions.size(); ++i) {
    checkUnique(context, module.functions[i]->symbol, module.functions[i]->location,
                {SymbolTarget::Kind::Function, i});
    checkDefaults(context, *module.functions[i]);
  }
  for (uint32_t i = 0; i < module.typeNames.size(); ++i)
    checkUnique(context, module.typeNames[i].symbol, module.typeNames[i].location,
                {SymbolTarget::Kind::Type, i});
  for (uint32_t i = 0; i < module.constants.size(); ++i)
    checkUnique(context, module.constants[i].symbol, module.constants[i].location,
                {SymbolTarget::Kind::Constant, i});
}
