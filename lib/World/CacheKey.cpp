#include "World/CacheKey.h"
#include "World/Access.h"
#include "World/Draw.h"
#include "World/RequestJson.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"

using namespace xcs;

void IdentityParts::add(std::string name, CacheDigest &digest) {
  const std::string whole = digest.finish();
  uint64_t beginning = 0;
  for (size_t i = 0; i != 8; ++i)
    beginning = beginning << 8 | static_cast<unsigned char>(whole[i]);
  digests += whole;
  parts.push_back({std::move(name), beginning});
}

void IdentityParts::add(std::string name, std::string_view content) {
  CacheDigest digest = cache.digest();
  digest.text(name);
  digest.text(content);
  add(std::move(name), digest);
}

void IdentityParts::add(std::string name, const Value &content) {
  CacheDigest digest = cache.digest();
  digest.text(name);
  digest.value(content);
  add(std::move(name), digest);
}

CacheRequest IdentityParts::finish() {
  CacheDigest digest = cache.digest();
  digest.text("xcs result 1");
  digest.number(parts.size());
  digest.text(digests);
  return {digest.finish(), std::move(parts)};
}

std::string xcs::programOf(const WorldContext &context, const WorldRequest &request) {
  const std::span<const Value> command = request.operands[0].items();
  if (command.empty())
    return {};
  const std::string path = findProgram(command.front().text());
  return context.options.grants.programs().allows(path) ? path : std::string();
}

namespace {

/// What `secret(..)` and `env(..)` in the attributes of a request stand for. They count by value, and only if
/// they may go where the request goes.
class HiddenValues {
public:
  HiddenValues(IdentityParts &parts, WorldContext &context, const Url *url, const std::string &program)
      : parts(parts), context(context), url(url), program(program) {}

  bool add(DictId attributes) {
    std::vector<AttrId> open;
    push(attributes, open);
    while (!open.empty()) {
      const AttrId attr = open.back();
      open.pop_back();
      if (!addOne(attr, open))
        return false;
    }
    return true;
  }

private:
  void push(DictId dict, std::vector<AttrId> &open) const {
    for (const DictEntry &entry : context.plan.constants.entries(dict))
      open.push_back(entry.value);
  }
  bool addOne(AttrId attr, std::vector<AttrId> &open) {
    const ConstantView &c = context.plan.constants;
    switch (c.attr(attr).kind) {
    case AttrKind::List:
      open.insert(open.end(), c.items(attr).begin(), c.items(attr).end());
      return true;
    case AttrKind::Dict:
      push(DictId(static_cast<uint32_t>(c.attr(attr).payload)), open);
      return true;
    case AttrKind::Secret:
      return take("secret", attr,
                  url ? resolveSecret(context, attr, *url, "") : resolveSecret(context, attr, program));
    case AttrKind::Env:
      return take("variable", attr, resolveText(context, attr));
    case AttrKind::Unit:
    case AttrKind::Bool:
    case AttrKind::I64:
    case AttrKind::F64:
    case AttrKind::Str:
    case AttrKind::Duration:
    case AttrKind::Symbol:
    case AttrKind::Type:
      return true;
    }
    return true;
  }
  bool take(const char *what, AttrId attr, const Result<std::string, AccessError> &value) {
    if (value)
      parts.add(std::string(what) + " `" + std::string(context.plan.constants.textAttr(attr)) + "`", *value);
    return value.ok();
  }

  IdentityParts &parts;
  WorldContext &context;
  const Url *url; // where the request goes; null: to a program
  const std::string &program;
};

} // namespace

/// Where a request goes, if it may.
static std::optional<Url> urlOf(WorldContext &context, const WorldRequest &request) {
  const PlanView &plan = context.plan;
  const PlanOp &op = plan.ops[request.op];
  std::string text;
  if (op.code == OpCode::http_request)
    text = request.operands[0].text();
  if (op.target != UINT32_MAX) {
    auto base = resolveText(context, plan.constants.find(plan.resources[op.target].dict, Attribute::url));
    if (!base || escapesBase(text))
      return std::nullopt;
    text = joinUrl(*base, text);
  }
  auto url = openUrl(context, text);
  return url ? std::optional(std::move(*url)) : std::nullopt;
}

static std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

bool xcs::addRequest(IdentityParts &parts, WorldContext &context, const WorldClient &client,
                     const WorldRequest &request, bool isDraw, const std::string &program) {
  const PlanView &plan = context.plan;
  const ConstantView &c = plan.constants;
  const PlanOp &op = plan.ops[request.op];
  const bool runsProgram = op.code == OpCode::exec_run;
  const std::optional<Url> url = runsProgram ? std::nullopt : urlOf(context, request);
  if (!url && program.empty())
    return false;
  parts.add("operation", rowOf(op.code).name);
  HiddenValues hidden(parts, context, url ? &*url : nullptr, program);
  for (const auto &[name, text] : requestAttributes(c, op.code, op.dict))
    parts.add("attribute " + quoted(name), text);
  if (!hidden.add(op.dict))
    return false;
  if (op.target != UINT32_MAX) {
    const PlanResource &resource = plan.resources[op.target];
    for (const auto &[name, text] : requestAttributes(c, resource.kind, resource.dict))
      parts.add("attribute " + quoted(name) + " of its resource", text);
    if (!hidden.add(resource.dict))
      return false;
  }
  parts.add("the type of its result", printType(c, resultType(plan, request)));
  for (size_t i = 0; i < request.operands.size(); ++i)
    parts.add("operand " + std::to_string(i), request.operands[i]);
  if (isDraw) {
    const DrawPlace place = drawPlace(plan, client, request);
    parts.add("its place in the program", place.names + '\0' + placeText(place));
  }
  return true;
}
