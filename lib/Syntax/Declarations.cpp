#include "Syntax/IrActions.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

// Resources, and names of types and constants.

void IrActions::declarationKind(Token kind) {
  reading.unitBegin = kind.offset;
  declarationWord = kind;
  declaredPrivate = false;
  std::string_view name = reading.spelling(kind);
  declares = name == "type"                         ? Declares::Type
             : name == "const"                      ? Declares::Constant
             : findResourceKind(name, resourceKind) ? Declares::Resource
                                                    : Declares::Unknown;
  if (declares != Declares::Unknown)
    return;
  // Any misspelled word at this level ends up here, including `fun`; anything may follow it.
  NearestName nearest(name);
  for (std::string_view known : {"module", "func", "model", "http", "import", "extern", "type", "const"})
    nearest.offer(known);
  reading.report(Diag::UnknownResourceKind, kind, {name, nearest.suggestion()});
  reading.doubt(kind.offset);
}

/// `model @gpt`, for messages.
std::string IrActions::declaration() const {
  return std::string(reading.spelling(declarationWord)) + ' ' + std::string(reading.spelling(declared));
}

void IrActions::declarationIsPrivate(Token word) {
  declaredPrivate = true;
  if (declares == Declares::Resource)
    reading.report(
        Diag::BadDeclaration, word,
        {reading.spelling(declarationWord), "is seen by every file of a program; remove `private`"});
}

void IrActions::endResource() {
  const Resource resource{resourceKind, declaredName, attrs.takeDict(), reading.at(declared.offset)};
  if (declares == Declares::Type)
    return reading.report(Diag::BadDeclaration, declared,
                          {declaration(), "is declared with its meaning; write `" + declaration() + " = T`"});
  if (declares == Declares::Constant)
    return reading.report(
        Diag::BadDeclaration, declared,
        {declaration(), "is declared with its value; write `" + declaration() + " = {..}`"});
  reading.module.resources.push_back(resource);
  if (std::optional<Location> first = reading.program.addResource())
    redefinedSymbol(declared, *first);
}

void IrActions::beginMeaning(Token first) {
  literal = first;
  attrs.begin(declares == Declares::Type       ? AttrActions::Purpose::Type
              : declares == Declares::Constant ? AttrActions::Purpose::Constant
                                               : AttrActions::Purpose::Attribute);
}

void IrActions::endMeaning() {
  const StringId path = attrs.takeFile();
  const AttrId value = attrs.take();
  switch (declares) {
  case Declares::Type:
    return declareType(value);
  case Declares::Constant:
    return declareConstant(value, path);
  case Declares::Resource:
    reading.report(Diag::BadDeclaration, declared,
                   {declaration(), "is declared with attributes; write `" + declaration() + " {..}`"});
    return;
  case Declares::Unknown: // reported
    return;
  }
}

void IrActions::declareType(AttrId meaning) {
  const AttrNode node = reading.module.pool.view().attr(meaning);
  const auto id = static_cast<uint32_t>(node.payload);
  TypeName added{declaredName, declaredPrivate, TypeId(id), reading.at(declared.offset)};
  if (node.kind == AttrKind::Symbol)
    added.type = reading.program.typeNamed(StringId(id), reading.at(literal.offset));
  else if (node.kind != AttrKind::Type)
    return reading.report(
        Diag::BadDeclaration, literal,
        {declaration(), "needs a type after `=`, such as `record<role: str, content: str>`"});
  reading.module.typeNames.push_back(added);
  if (std::optional<Location> first = reading.program.addTypeName())
    redefinedSymbol(declared, *first);
}

void IrActions::declareConstant(AttrId value, StringId path) {
  std::string_view wrong;
  switch (reading.module.pool.view().attr(value).kind) {
  case AttrKind::Unit: // `file(..)`; an unknown word was reported
  case AttrKind::Bool:
  case AttrKind::I64:
  case AttrKind::F64:
  case AttrKind::Str:
  case AttrKind::Duration:
  case AttrKind::List:
  case AttrKind::Dict:
    break;
  case AttrKind::Symbol:
    wrong = "needs a value after `=`, not another name; write the value";
    break;
  case AttrKind::Type:
    wrong = "needs a value after `=`; a type is named with `type @Name = ..`";
    break;
  case AttrKind::Secret:
  case AttrKind::Env:
    wrong = "cannot be hidden text, which each attribute that needs it says itself";
    break;
  }
  if (!wrong.empty())
    return reading.report(Diag::BadDeclaration, literal, {declaration(), wrong});
  reading.module.constants.push_back({declaredName, declaredPrivate, value, reading.at(declared.offset)});
  if (std::optional<Location> first = reading.program.addConstant())
    redefinedSymbol(declared, *first);
  if (path)
    reading.program.addTextFile(std::string(reading.module.pool.text(path)), reading.at(literal.offset));
}
