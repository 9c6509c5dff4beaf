#include "xcs/Ops/Caching.h"
#include "xcs/Ops/OpEffects.h"

using namespace xcs;

/// The word of `cache`; empty if it is missing or, in a module that is not verified yet, no text.
static std::string_view wordOf(const ConstantView &view, DictId attributes) {
  const AttrId attr = view.find(attributes, Attribute::cache);
  return attr && view.attr(attr).kind == AttrKind::Str ? view.textAttr(attr) : std::string_view();
}

static bool asksForAnswers(OpCode code) {
  return code == OpCode::model_chat || code == OpCode::model_embed || code == OpCode::http_request;
}

bool xcs::mayCacheSamples(const ConstantView &view, OpCode code, DictId attributes) {
  return asksForAnswers(code) && effectOf(view, code, attributes) == Effect::Sample;
}

Caching xcs::cachingOf(const ConstantView &view, OpCode code, DictId attributes) {
  const std::string_view word = wordOf(view, attributes);
  const bool isFunctionOfFiles = code == OpCode::exec_run && view.find(attributes, Attribute::reads) &&
                                 view.find(attributes, Attribute::writes);
  if (!isFunctionOfFiles && !asksForAnswers(code))
    return Caching::Never;
  if (word == "off")
    return Caching::Off;
  const Effect effect = effectOf(view, code, attributes);
  if (isFunctionOfFiles)
    return effect == Effect::Sample ? Caching::Draw : Caching::Request;
  if (effect == Effect::Read)
    return Caching::Request;
  return effect == Effect::Sample && word == "sample" ? Caching::Draw : Caching::Never;
}
