#include "World/Draw.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/OpEffects.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>

using namespace xcs;

static void appendNumber(std::string &out, uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(number >> shift);
}

/// The names from the entry inwards, joined by `/`, then the iterations: apart, so that it does not matter
/// whether a call was replaced by the body it calls. The regions of a `race` are places, each with names of
/// its own, and no iterations: so it does not matter either whether the compiler made one.
static std::string drawPath(const WorldOp::Site &site) {
  const ConstantView &c = site.context.plan.constants;
  auto nameOf = [&](const PlanOp &op) {
    AttrId name = c.find(op.dict, "draw");
    return name && c.attr(name).kind == AttrKind::Str ? c.textAttr(name) : rowOf(op.code).name;
  };
  const PlanView &plan = site.context.plan;
  RequestPlace place = site.context.client.placeOf(site.ticket);
  std::string path;
  for (const RequestPlace::Step &step : place.steps)
    if (plan.ops[step.op].code == OpCode::core_call)
      path.append(nameOf(plan.ops[step.op])).append("/");
  path.append(nameOf(plan.ops[site.op])).append(1, '\0');
  for (const RequestPlace::Step &step : place.steps)
    if (step.index != UINT32_MAX && plan.ops[step.op].code != OpCode::core_race)
      appendNumber(path, step.index);
  return path;
}

DrawBits::DrawBits(const WorldOp::Site &site) {
  std::string path;
  appendNumber(path, site.context.seed);
  path += drawPath(site);
  state = llvm::xxh3_64bits(llvm::StringRef(path));
}

namespace {
/// SHA-256 over parts that are told apart by their lengths.
class Digest {
public:
  void number(uint64_t v) {
    std::string bytes;
    appendNumber(bytes, v);
    hash.update(llvm::StringRef(bytes));
  }
  void text(std::string_view v) {
    number(v.size());
    hash.update(llvm::StringRef(v.data(), v.size()));
  }
  void value(const Value &v);
  /// Half of it: 128 bits tell as many draws apart as anybody makes.
  std::string finish() {
    std::array<uint8_t, 32> all = hash.final();
    return llvm::toHex(llvm::ArrayRef<uint8_t>(all).take_front(16), /*LowerCase=*/true);
  }

private:
  void head(const Value &v);
  llvm::SHA256 hash;
};
} // namespace

/// What a value is without its items.
void Digest::head(const Value &v) {
  number(static_cast<uint64_t>(v.kind()));
  switch (v.kind()) {
  case ValueKind::Empty:
  case ValueKind::None:
  case ValueKind::OptionNone:
    return;
  case ValueKind::Bool:
  case ValueKind::I64:
  case ValueKind::Duration:
  case ValueKind::F64:
    return number(static_cast<uint64_t>(v.asI64())); // of a float its bits
  case ValueKind::Str:
  case ValueKind::Bytes:
  case ValueKind::Secret:
    return text(v.text());
  case ValueKind::List:
  case ValueKind::Record:
  case ValueKind::Object:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
    return number(v.size());
  }
}

/// In preorder.
void Digest::value(const Value &v) {
  std::vector<const Value *> open{&v}; // the next one last
  while (!open.empty()) {
    const Value &at = *open.back();
    open.pop_back();
    head(at);
    if (at.depth() == 0)
      continue;
    std::span<const Value> items = at.items();
    for (size_t i = items.size(); i-- != 0;)
      open.push_back(&items[i]);
  }
}

/// Attributes of operations and resources that bound or describe a request and are no part of it.
static bool isAside(std::string_view key) {
  static constexpr std::string_view aside[] = {"draw",
                                               "keep",
                                               "retry",
                                               "limit",
                                               "cache",
                                               "max_in_flight",
                                               "retries",
                                               "timeout",
                                               "idle_timeout",
                                               "connect_timeout",
                                               "tokens_per_minute",
                                               "requests_per_minute",
                                               "attempt_timeout",
                                               "first_byte_timeout"};
  return std::find(std::begin(aside), std::end(aside), key) != std::end(aside) || key.starts_with("hint.") ||
         key.starts_with("usd_per_");
}

/// By key, in the form in which programs write them: a secret is its name.
static void addAttributes(Digest &digest, const ConstantView &c, DictId dict) {
  std::vector<std::pair<std::string_view, std::string>> entries;
  for (const DictEntry &entry : c.entries(dict))
    if (std::string_view key = c.text(entry.key); !isAside(key))
      entries.emplace_back(key, printAttr(c, entry.value));
  std::sort(entries.begin(), entries.end());
  digest.number(entries.size());
  for (const auto &[key, value] : entries) {
    digest.text(key);
    digest.text(value);
  }
}

std::string xcs::drawDigest(const WorldOp::Site &site) {
  const PlanView &plan = site.context.plan;
  const PlanOp &op = plan.ops[site.op];
  if (op.effect != Effect::Read && op.effect != Effect::Sample && !isWrite(op.effect))
    return {};
  Digest digest;
  digest.text("xcs draw 1");
  digest.text(rowOf(op.code).name);
  addAttributes(digest, plan.constants, op.dict);
  addAttributes(digest, plan.constants, op.target == UINT32_MAX ? DictId() : plan.resources[op.target].dict);
  digest.number(op.resultCount);
  for (uint32_t r = 0; r < op.resultCount; ++r)
    digest.text(printType(plan.constants, site.slots()[op.resultSlot + r].type));
  digest.number(site.operands.size());
  for (const Value &operand : site.operands)
    digest.value(operand);
  if (op.effect != Effect::Read)
    digest.text(drawPath(site));
  return digest.finish();
}

/// SplitMix64 (Steele, Lea and Flood 2014).
uint64_t DrawBits::next() {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Lemire 2019, "Fast random integer generation in an interval": rejects the few values that would favour
/// some.
uint64_t DrawBits::below(uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide(next()) * bound;
  if (static_cast<uint64_t>(product) < bound)
    for (uint64_t least = -bound % bound; static_cast<uint64_t>(product) < least;)
      product = Wide(next()) * bound;
  return static_cast<uint64_t>(product >> 64);
}
