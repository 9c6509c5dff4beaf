#include "World/Draw.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Support/Digest.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"
#include <optional>
#include <utility>

using namespace xcs;

static void appendNumber(std::string &out, uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(number >> shift);
}

namespace {
/// Names the operations on the way to a draw. Of several names, the one of the iteration of the nearest
/// `map {places}` in the same function counts, which is then no longer an iteration.
class PlaceNames {
public:
  PlaceNames(const PlanView &plan, std::vector<RequestPlace::Step> &steps) : plan(plan), steps(steps) {}

  void pass(size_t step) {
    const PlanOp &op = plan.ops[steps[step].op];
    if (op.code == OpCode::core_map && flagAttr(plan.constants, op.dict, Attribute::places))
      nearest = step;
  }
  void enterCall() { nearest.reset(); }
  std::string_view nameOf(const PlanOp &op) {
    const ConstantView &c = plan.constants;
    const AttrId name = c.find(op.dict, Attribute::draw);
    if (!name || !fitsAttrType(c, name, AttrType::Names))
      return rowOf(op.code).name;
    if (c.attr(name).kind == AttrKind::Str)
      return c.textAttr(name);
    return nameAmong(c.items(name));
  }

private:
  /// An iteration beyond the names has the last one, and counts as an iteration.
  std::string_view nameAmong(std::span<const AttrId> names) {
    if (!nearest || steps[*nearest].index >= names.size())
      return plan.constants.textAttr(nearest ? names.back() : names.front());
    return plan.constants.textAttr(names[std::exchange(steps[*nearest].index, UINT32_MAX)]);
  }

  const PlanView &plan;
  std::vector<RequestPlace::Step> &steps;
  std::optional<size_t> nearest; // the step of the `map {places}`
};
} // namespace

/// Iterations are apart from the names, so that inlining a call makes no difference. The regions of a `race`
/// are places with their own names, not iterations, so it makes no difference either whether the compiler
/// created the race. The same holds for a `map {places}`.
DrawPlace xcs::drawPlace(const PlanView &plan, const WorldClient &client, const WorldRequest &request) {
  RequestPlace place = client.placeOf(request.ticket);
  PlaceNames names(plan, place.steps);
  DrawPlace out;
  for (size_t i = 0; i != place.steps.size(); ++i) {
    names.pass(i);
    if (plan.ops[place.steps[i].op].code != OpCode::core_call)
      continue;
    out.names.append(names.nameOf(plan.ops[place.steps[i].op])).append("/");
    names.enterCall();
  }
  out.names.append(names.nameOf(plan.ops[request.op]));
  for (const RequestPlace::Step &step : place.steps)
    if (step.index != UINT32_MAX && plan.ops[step.op].code != OpCode::core_race)
      out.iterations.push_back(step.index);
  return out;
}

std::string xcs::placeText(const DrawPlace &place) {
  std::string out = place.names;
  for (size_t i = 0; i < place.iterations.size(); ++i)
    out += (i ? "." : "[") + std::to_string(place.iterations[i]);
  return place.iterations.empty() ? out : out + "]";
}

static std::string pathOf(const std::string &names, const std::vector<uint32_t> &iterations) {
  std::string path = names + '\0';
  for (uint32_t iteration : iterations)
    appendNumber(path, iteration);
  return path;
}

static std::string drawPath(const PlanView &plan, const WorldClient &client, const WorldRequest &request) {
  const DrawPlace place = drawPlace(plan, client, request);
  return pathOf(place.names, place.iterations);
}

DrawBits::DrawBits(const WorldOp::Site &site) {
  std::string path;
  appendNumber(path, site.context.seed);
  path += drawPath(site.context.plan, site.context.client, site);
  state = digestOf(path);
}

namespace {
/// Half of a SHA-256: 128 bits are enough to distinguish all draws.
class Digest : public CanonicalBytes {
public:
  std::string finish() {
    std::array<uint8_t, 32> all = hash.final();
    return llvm::toHex(llvm::ArrayRef<uint8_t>(all).take_front(16), /*LowerCase=*/true);
  }

private:
  void put(std::string_view bytes) override { hash.update(llvm::StringRef(bytes)); }
  llvm::SHA256 hash;
};
} // namespace

bool xcs::hasDrawName(Effect effect) { return effect == Effect::Sample || isWrite(effect); }

/// `path`: of a request that is distinguished by its place; empty otherwise.
static std::string identityOf(const PlanView &plan, const WorldRequest &request, const std::string &path) {
  const PlanOp &op = plan.ops[request.op];
  const PlanSlot *slots = plan.slots.data() + plan.regions[request.region].firstSlot;
  Digest digest;
  digest.text("xcs request 2");
  digest.text(rowOf(op.code).name);
  digest.request(plan.constants, op.code, op.dict);
  digest.number(op.target != UINT32_MAX);
  if (op.target != UINT32_MAX) {
    const PlanResource &resource = plan.resources[op.target];
    digest.request(plan.constants, resource.kind, resource.dict);
  }
  digest.number(op.resultCount);
  for (uint32_t r = 0; r < op.resultCount; ++r)
    digest.text(printType(plan.constants, slots[op.resultSlot + r].type));
  digest.number(request.operands.size());
  for (const Value &operand : request.operands)
    digest.value(operand);
  if (!path.empty())
    digest.text(path);
  return digest.finish();
}

std::string xcs::answerIdentity(const PlanView &plan, const WorldClient &client,
                                const WorldRequest &request) {
  const bool isNamed = hasDrawName(plan.ops[request.op].effect);
  return identityOf(plan, request, isNamed ? drawPath(plan, client, request) : std::string());
}

std::string xcs::unnamedIdentity(const PlanView &plan, const WorldClient &client,
                                 const WorldRequest &request) {
  const DrawPlace place = drawPlace(plan, client, request);
  std::string kinds;
  bool isNumber = false;
  for (char c : place.names) {
    isNumber = c == '#' || (isNumber && c != '/');
    if (!isNumber)
      kinds += c;
  }
  return identityOf(plan, request, pathOf(kinds, place.iterations));
}

std::string xcs::requestIdentity(const WorldOp::Site &site) {
  const PlanView &plan = site.context.plan;
  const Effect effect = plan.ops[site.op].effect;
  return effect == Effect::Read || hasDrawName(effect) ? answerIdentity(plan, site.context.client, site) : "";
}

/// SplitMix64 (Steele, Lea and Flood 2014).
uint64_t DrawBits::next() {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Lemire 2019, "Fast random integer generation in an interval": rejects the few values that would cause
/// bias.
uint64_t DrawBits::below(uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide(next()) * bound;
  if (static_cast<uint64_t>(product) < bound)
    for (uint64_t least = -bound % bound; static_cast<uint64_t>(product) < least;)
      product = Wide(next()) * bound;
  return static_cast<uint64_t>(product >> 64);
}
