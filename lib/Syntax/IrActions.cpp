#include "Syntax/IrActions.h"
#include "Syntax/Literals.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

// Modules, resources, functions: everything at the outermost level.

void IrActions::moduleName(Token symbol) {
  if (reading.program.inMainFile())
    reading.module.name = reading.marked(symbol);
}

void IrActions::moduleAttributes() {
  DictId attributes = attrs.takeDict();
  if (reading.program.inMainFile())
    reading.module.attributes = attributes;
}

void IrActions::importFile(Token file) {
  reading.program.addImport(std::string(readText(reading, file, scratch)), reading.at(file.offset));
}

void IrActions::externOperation(Token symbol) {
  reading.report(Diag::ExternUnavailable, symbol, {reading.spelling(symbol)});
}

void IrActions::beginFunction(Token keyword) {
  reading.unitBegin = keyword.offset;
  nameless = std::make_unique<Function>();
  function = nameless.get();
  function->location = reading.at(keyword.offset);
  scope.beginFunction();
  reading.program.operands.beginFunction();
  failedRegions = 0;
  parameters.clear();
  // Parameters are the body's arguments, so the body begins with them, although its brace comes later.
  openRegion(OpId(), keyword);
  function->body = regions.back().region;
}

void IrActions::functionSymbol(Token symbol) {
  // Added to the module now: a second function of the name is reported at its name, and its body is still
  // read.
  function->symbol = reading.marked(symbol);
  function->location = reading.at(symbol.offset);
  reading.module.functions.push_back(std::move(nameless));
  if (std::optional<Location> first = reading.program.addFunction())
    redefinedSymbol(symbol, *first);
}

void IrActions::functionResults() {
  std::span<const TypeId> list = types.takeAll();
  function->resultTypes.assign(list.begin(), list.end());
}

void IrActions::itemFailed() {
  types.clear();
  attrs.clear();
  regionFailed(); // a function without all of its parameters
}

void IrActions::endFunction() {
  while (!regions.empty()) // more than one only after an error
    closeRegion();
  operations.clear();
  results.clear();
  nameless.reset();
  function = nullptr;
}

void IrActions::redefinedSymbol(Token symbol, Location first) {
  std::string_view name = reading.spelling(symbol);
  reading.report(Diag::RedefinedSymbol, symbol, {name});
  reading.report(Diag::FirstDefinedHere, first, {name});
}

void IrActions::openRegion(OpId parent, Token brace) {
  regions.push_back({graph().addRegion(parent), brace});
  scope.beginRegion();
}

void IrActions::closeRegion() {
  failedRegions -= regions.back().failed;
  regions.pop_back();
  scope.endRegion();
}

void IrActions::regionFailed() {
  types.clear();
  if (regions.empty() || regions.back().parametersRead || regions.back().failed)
    return;
  regions.back().failed = true;
  ++failedRegions;
}

std::optional<Token> IrActions::innermostBrace() const {
  return regions.empty() ? std::nullopt : std::optional(regions.back().brace);
}

void IrActions::parameterType() {
  TypeId type = types.take();
  StringId name = reading.marked(parameter);
  define(parameter, name, graph().addArgument(regions.back().region, type, name));
  if (inHead())
    parameters.push_back({parameter, false});
}

/// Whether the list of parameters of the function itself is being read.
bool IrActions::inHead() const { return regions.size() == 1 && !regions.back().parametersRead; }

void IrActions::parameterDefault() {
  const AttrId value = attrs.take();
  if (!inHead()) {
    reading.report(Diag::BadDeclaration, literal,
                   {reading.spelling(parameter),
                    "is an argument of a region, whose values are given each time; remove its default"});
    return;
  }
  parameters.back().hasDefault = true;
  function->defaults.push_back(value);
  reading.program.operands.addDefault(reading.at(literal.offset));
}

void IrActions::parametersRead() {
  if (regions.back().parametersRead)
    return;
  regions.back().parametersRead = true;
  if (regions.size() != 1)
    return;
  // A default is for the last parameters: a call gives the others in order.
  const Parameter *before = nullptr;
  for (const Parameter &each : parameters) {
    if (each.hasDefault)
      before = &each;
    else if (before)
      reading.report(Diag::DefaultNotTrailing, each.name,
                     {reading.spelling(each.name), reading.spelling(before->name)});
  }
}
