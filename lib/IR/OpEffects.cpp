#include "xcs/IR/OpEffects.h"

using namespace xcs;

bool xcs::flagAttr(const ConstantView &view, DictId attributes, std::string_view name) {
  AttrId attr = view.find(attributes, name);
  return attr && (view.attr(attr).kind == AttrKind::Unit || view.boolAttr(attr));
}

/// RFC 9110, 9.2: GET and HEAD are safe, PUT and DELETE idempotent, POST and PATCH neither.
static Effect effectOfMethod(const ConstantView &view, DictId attributes) {
  AttrId attr = view.find(attributes, "method");
  // Asked also of modules that are not verified yet: what is not a string counts as missing.
  std::string_view method = attr && view.attr(attr).kind == AttrKind::Str ? view.textAttr(attr) : "GET";
  if (method == "GET" || method == "HEAD")
    return flagAttr(view, attributes, "stable") ? Effect::Read : Effect::Sample;
  if (method == "PUT" || method == "DELETE")
    return Effect::WriteIdempotent;
  return view.find(attributes, "idempotency_key") ? Effect::WriteKeyed : Effect::WriteNever;
}

/// A command that says it writes nothing gives an answer like any other sample; what it does not say it may
/// do.
static Effect effectOfExec(const ConstantView &view, DictId attributes) {
  AttrId writes = view.find(attributes, "writes");
  if (writes && view.attr(writes).kind == AttrKind::List && view.items(writes).empty())
    return flagAttr(view, attributes, "deterministic") ? Effect::Read : Effect::Sample;
  AttrId repeat = view.find(attributes, "repeat");
  bool idempotent =
      repeat && view.attr(repeat).kind == AttrKind::Str && view.textAttr(repeat) == "idempotent";
  return idempotent ? Effect::WriteIdempotent : Effect::WriteNever;
}

Effect xcs::effectOf(const ConstantView &view, const Operation &op) {
  Effect effect = rowOf(op.code).effect;
  switch (effect) {
  case Effect::HttpMethod:
    return effectOfMethod(view, op.attributes);
  case Effect::Exec:
    return effectOfExec(view, op.attributes);
  case Effect::Sample:
    return flagAttr(view, op.attributes, "deterministic") ? Effect::Read : effect;
  case Effect::Pure:
  case Effect::Read:
  case Effect::WriteIdempotent:
  case Effect::WriteKeyed:
  case Effect::WriteNever:
  case Effect::Guard:
  case Effect::Bodies:
  case Effect::Log:
  case Effect::Wait:
    return effect;
  }
  return effect;
}

bool xcs::isWrite(Effect effect) {
  switch (effect) {
  case Effect::WriteIdempotent:
  case Effect::WriteKeyed:
  case Effect::WriteNever:
    return true;
  case Effect::Pure:
  case Effect::Read:
  case Effect::Sample:
  case Effect::Guard:
  case Effect::Bodies:
  case Effect::HttpMethod:
  case Effect::Exec:
  case Effect::Log:
  case Effect::Wait:
    return false;
  }
  return false;
}
