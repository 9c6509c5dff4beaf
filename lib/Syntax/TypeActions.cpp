#include "Syntax/TypeActions.h"
#include "xcs/Support/NearestName.h"
#include <algorithm>

using namespace xcs;

std::optional<TypeKind> xcs::findTypeKind(std::string_view name) {
  for (unsigned kind = 0; kind <= static_cast<unsigned>(lastTypeKind); ++kind)
    if (typeKindName(static_cast<TypeKind>(kind)) == name)
      return static_cast<TypeKind>(kind);
  return std::nullopt;
}

/// The XIR type for a name from other languages; empty if the name is unknown.
static std::string_view foreignName(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"string", "str"},  {"String", "str"},      {"text", "str"},      {"int", "i64"},
      {"integer", "i64"}, {"Int", "i64"},         {"i32", "i64"},       {"float", "f64"},
      {"double", "f64"},  {"number", "f64"},      {"f32", "f64"},       {"boolean", "bool"},
      {"array", "list"},  {"vector", "list"},     {"struct", "record"}, {"object", "json"},
      {"map", "dict"},    {"optional", "option"}, {"void", "none"},     {"unit", "none"}};
  for (auto [foreign, ours] : names)
    if (foreign == name)
      return ours;
  return {};
}

void TypeActions::end() {
  Frame frame = frames.back();
  frames.pop_back();
  TypeId type = build(frame, std::span(finished).subspan(frame.first));
  finished.resize(frame.first);
  finished.push_back({type, {}});
}

void TypeActions::endField() {
  finished.back().field = frames.back().name;
  frames.pop_back();
}

TypeId TypeActions::take() {
  TypeId type = finished.back().type;
  finished.pop_back();
  return type;
}

std::span<const TypeId> TypeActions::takeAll() {
  taken.clear();
  for (const Entry &entry : finished)
    taken.push_back(entry.type);
  finished.clear();
  return taken;
}

std::optional<Token> TypeActions::plainWord() const {
  return frames.back().hasArguments ? std::nullopt : std::optional(frames.back().name);
}

void TypeActions::drop() {
  finished.resize(frames.back().first);
  frames.pop_back();
}

void TypeActions::clear() {
  frames.clear();
  finished.clear();
}

TypeId TypeActions::build(const Frame &frame, std::span<const Entry> arguments) {
  std::string_view name = reading.spelling(frame.name);
  std::optional<TypeKind> kind = findTypeKind(name);
  if (!kind) {
    NearestName nearest(name);
    for (unsigned known = 0; known <= static_cast<unsigned>(lastTypeKind); ++known)
      nearest.offer(typeKindName(static_cast<TypeKind>(known)));
    std::string_view foreign = foreignName(name);
    reading.report(Diag::UnknownType, frame.name,
                   {name, foreign.empty() ? nearest.suggestion() : "; write `" + std::string(foreign) + "`"});
    return poison();
  }
  if (*kind == TypeKind::Record)
    return buildRecord(frame, arguments);
  if (*kind == TypeKind::Dict)
    return buildDict(frame, arguments);
  if (*kind >= TypeKind::List) {
    if (arguments.size() == 1 && arguments[0].field.kind == TokenKind::End)
      return reading.module.pool.compound(*kind, arguments[0].type);
    reading.report(Diag::BadTypeArguments, frame.name,
                   {name, "one type; write `" + std::string(name) + "<T>`"});
    return poison();
  }
  if (frame.hasArguments)
    reading.report(Diag::BadTypeArguments, frame.name, {name, "no arguments; remove the `<...>`"});
  return reading.module.pool.scalar(*kind);
}

TypeId TypeActions::buildDict(const Frame &frame, std::span<const Entry> arguments) {
  if (arguments.size() != 2 || arguments[0].field.kind != TokenKind::End ||
      arguments[1].field.kind != TokenKind::End) {
    reading.report(Diag::BadTypeArguments, frame.name,
                   {"dict", "the types of its keys and values; write `dict<str, T>`"});
    return poison();
  }
  const ConstantView view = reading.module.pool.view();
  const TypeKind key = view.kind(arguments[0].type);
  if (reading.program.isPlaceholder(arguments[0].type)) {
    reading.program.addKeyUse(arguments[0].type, reading.at(frame.name.offset));
  } else if (!isDictKey(key)) {
    reading.report(Diag::BadDictKey, frame.name, {printType(view, arguments[0].type), dictKeyRemedy(key)});
    return poison();
  }
  return reading.module.pool.dictionary(arguments[0].type, arguments[1].type);
}

TypeId TypeActions::buildRecord(const Frame &frame, std::span<const Entry> arguments) {
  std::vector<TypeField> fields;
  bool named = frame.hasArguments;
  for (const Entry &entry : arguments) {
    named &= entry.field.kind != TokenKind::End;
    if (!named)
      break;
    fields.push_back({reading.identifier(entry.field), entry.type});
  }
  if (!named) {
    reading.report(Diag::BadTypeArguments, frame.name,
                   {"record", "fields with names; write `record<name: T, ...>`"});
    return poison();
  }
  std::vector<std::pair<StringId, size_t>> order;
  for (size_t i = 0; i < fields.size(); ++i)
    order.emplace_back(fields[i].name, i);
  std::ranges::sort(order);
  for (size_t i = 1; i < order.size(); ++i)
    if (Token field = arguments[order[i].second].field; order[i].first == order[i - 1].first)
      reading.report(Diag::DuplicateKey, field, {reading.spelling(field)});
  return reading.module.pool.record(fields);
}
