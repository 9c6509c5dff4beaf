#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/HostEffect.h"

using namespace xcs;

bool xcs::flagAttr(const ConstantView &view, DictId attributes, Attribute flag) {
  AttrId attr = view.find(attributes, flag);
  return attr && (view.attr(attr).kind == AttrKind::Unit || view.boolAttr(attr));
}

/// The text of an attribute; empty if it is missing or, in a module that is not verified yet, no text.
static std::string_view textOf(const ConstantView &view, DictId attributes, Attribute attribute) {
  AttrId attr = view.find(attributes, attribute);
  return attr && view.attr(attr).kind == AttrKind::Str ? view.textAttr(attr) : std::string_view();
}

/// RFC 9110, 9.2: GET and HEAD are safe, PUT and DELETE idempotent, POST and PATCH neither. A POST may be
/// said to ask for an answer and nothing else.
static Effect effectOfMethod(const ConstantView &view, DictId attributes) {
  AttrId attr = view.find(attributes, Attribute::method);
  // Also called for modules that are not verified yet: a value that is not a string counts as missing.
  std::string_view method = attr && view.attr(attr).kind == AttrKind::Str ? view.textAttr(attr) : "GET";
  if (method == "GET" || method == "HEAD")
    return flagAttr(view, attributes, Attribute::stable) ? Effect::Read : Effect::Sample;
  if (method == "PUT" || method == "DELETE")
    return Effect::WriteIdempotent;
  if (method == "POST" && textOf(view, attributes, Attribute::effect) == "sample")
    return Effect::Sample;
  return view.find(attributes, Attribute::idempotency_key) ? Effect::WriteKeyed : Effect::WriteNever;
}

static bool repeatsSafely(const ConstantView &view, DictId attributes) {
  AttrId repeat = view.find(attributes, Attribute::repeat);
  return repeat && view.attr(repeat).kind == AttrKind::Str && view.textAttr(repeat) == "idempotent";
}

/// A command that declares no writes gives an answer like any other sample; without a declaration it may
/// write.
static Effect effectOfExec(const ConstantView &view, DictId attributes) {
  AttrId writes = view.find(attributes, Attribute::writes);
  if (writes && view.attr(writes).kind == AttrKind::List && view.items(writes).empty())
    return flagAttr(view, attributes, Attribute::deterministic) ? Effect::Read : Effect::Sample;
  return repeatsSafely(view, attributes) ? Effect::WriteIdempotent : Effect::WriteNever;
}

/// What the program that gives the function says of it; without a word it may write.
static Effect effectOfHost(const ConstantView &view, DictId attributes) {
  AttrId attr = view.find(attributes, Attribute::effect);
  std::optional<HostEffect> said;
  if (attr && view.attr(attr).kind == AttrKind::Str)
    said = readHostEffect(view.textAttr(attr));
  if (said && !isWrite(said->effect))
    return said->effect;
  return repeatsSafely(view, attributes) ? Effect::WriteIdempotent : Effect::WriteNever;
}

Effect xcs::effectOf(const ConstantView &view, OpCode code, DictId attributes) {
  Effect effect = rowOf(code).effect;
  switch (effect) {
  case Effect::HttpMethod:
    return effectOfMethod(view, attributes);
  case Effect::Exec:
    return effectOfExec(view, attributes);
  case Effect::Host:
    return effectOfHost(view, attributes);
  case Effect::Sample:
    return flagAttr(view, attributes, Attribute::deterministic) ? Effect::Read : effect;
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

std::span<const PathOperand> xcs::pathOperands(OpCode code) {
  static constexpr PathOperand read[] = {{0, false}}, written[] = {{0, true}},
                               copied[] = {{0, false}, {1, true}}, moved[] = {{0, true}, {1, true}};
  if (code == OpCode::file_copy)
    return copied;
  if (code == OpCode::file_rename)
    return moved;
  const Capability capability = rowOf(code).capability;
  if (capability == Capability::Read)
    return read;
  return capability == Capability::Write ? std::span<const PathOperand>(written)
                                         : std::span<const PathOperand>();
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
  case Effect::Host:
    return false;
  }
  return false;
}

std::string_view xcs::effectName(Effect effect) {
  switch (effect) {
  case Effect::Pure:
    return "pure";
  case Effect::Read:
    return "read";
  case Effect::Sample:
    return "sample";
  case Effect::WriteIdempotent:
    return "write-idempotent";
  case Effect::WriteKeyed:
    return "write-keyed";
  case Effect::WriteNever:
    return "write-never";
  case Effect::Guard:
    return "guard";
  case Effect::Bodies:
    return "bodies";
  case Effect::HttpMethod:
    return "method";
  case Effect::Exec:
    return "exec";
  case Effect::Log:
    return "log";
  case Effect::Wait:
    return "wait";
  case Effect::Host:
    return "host";
  }
  return {};
}

unsigned xcs::strengthOf(Effect effect) {
  switch (effect) {
  case Effect::Pure:
  case Effect::Bodies:
  case Effect::HttpMethod:
  case Effect::Exec:
  case Effect::Host:
    return 0;
  case Effect::Wait:
    return 1;
  case Effect::Log:
    return 2;
  case Effect::Read:
    return 3;
  case Effect::Sample:
    return 4;
  case Effect::Guard:
    return 5;
  case Effect::WriteIdempotent:
    return 6;
  case Effect::WriteKeyed:
    return 7;
  case Effect::WriteNever:
    return 8;
  }
  return 0;
}
