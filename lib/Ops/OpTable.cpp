#include "xcs/Ops/OpTable.h"
#include "xcs/Support/NearestName.h"
#include <array>
#include <bit>

namespace xcs {

namespace {

constexpr OpRow opRows[] = {
#define XCS_PURE_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)                \
  {name, signature, attributes, OpForm::Pure, effect, totality, capability, cost, doc},
#define XCS_WORLD_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)               \
  {name, signature, attributes, OpForm::World, effect, totality, capability, cost, doc},
#define XCS_CONTROL_OP(id, name, signature, attributes, effect, totality, capability, cost, doc)             \
  {name, signature, attributes, OpForm::Control, effect, totality, capability, cost, doc},
#include "xcs/Ops/Ops.def"
};
static_assert(std::size(opRows) == opCodeCount);

constexpr ResourceRow resourceRows[] = {
#define XCS_RESOURCE(id, name, attributes, doc) {name, attributes, doc},
#include "xcs/Ops/Resources.def"
};

/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): short names, no set-up cost, computable by the
/// compiler.
constexpr uint32_t hashName(std::string_view name) {
  uint32_t hash = 2166136261u;
  for (char c : name)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ (hash >> 15);
}

// Names are looked up once an operation of the text: a hash over a dozen bytes and one comparison, and
// nothing to set up when a tool starts.

/// Names to codes: open addressing, built by the compiler, at most a quarter full.
struct NameTable {
  static constexpr size_t size = std::bit_ceil(opCodeCount * 4);
  static constexpr uint16_t absent = UINT16_MAX;
  std::array<uint16_t, size> cells{};

  consteval NameTable() {
    cells.fill(absent);
    for (size_t code = 0; code < opCodeCount; ++code) {
      size_t at = hashName(opRows[code].name) % size;
      for (; cells[at] != absent; at = (at + 1) % size)
        if (opRows[cells[at]].name == opRows[code].name)
          detail::rowError("two rows have one name");
      cells[at] = static_cast<uint16_t>(code);
    }
  }
};
constexpr NameTable nameTable;

// `stable`, `deterministic`, `unordered` and `idempotency_key` are rows of the operations that know what they
// mean.
constexpr AttrRow commonRows[] = {
    {"keep", AttrType::Flag},       {"hint.latency", AttrType::Duration}, {"hint.cost", AttrType::F64},
    {"hint.tokens", AttrType::I64}, {"hint.size", AttrType::I64},         {"sched.*", AttrType::Any},
    {"pattern.*", AttrType::Any},   {"timeout", AttrType::Duration},      {"retry", AttrType::Dict},
    {"cache", AttrType::Str},       {"limit", AttrType::Symbol},          {"draw", AttrType::Str},
};
constexpr size_t firstWorldRow = 7; // from `timeout` on: for operations that wait for the world

constexpr bool matches(const AttrRow &row, std::string_view name) {
  if (row.name.ends_with(".*"))
    return name.size() >= row.name.size() && name.starts_with(row.name.substr(0, row.name.size() - 1));
  return row.name == name;
}

} // namespace

const OpRow &rowOf(OpCode code) { return opRows[static_cast<size_t>(code)]; }

bool findOp(std::string_view name, OpCode &code) {
  for (size_t at = hashName(name) % NameTable::size; nameTable.cells[at] != NameTable::absent;
       at = (at + 1) % NameTable::size)
    if (opRows[nameTable.cells[at]].name == name) {
      code = static_cast<OpCode>(nameTable.cells[at]);
      return true;
    }
  return false;
}

std::string_view nearestOp(std::string_view name) {
  NearestName nearest(name);
  for (const OpRow &row : opRows)
    nearest.offer(row.name);
  return nearest.nearest();
}

std::span<const AttrRow> commonAttrs() { return commonRows; }

const AttrRow *findAttr(OpCode code, std::string_view name) {
  const OpRow &op = rowOf(code);
  for (const AttrRow &row : op.attributes.all())
    if (row.name == name)
      return &row;
  bool waits = op.form == OpForm::World && op.effect != Effect::Log;
  size_t usable = waits ? std::size(commonRows) : firstWorldRow;
  if (name == "retry" && op.capability != Capability::Net) // nothing else would try again
    return nullptr;
  for (size_t i = 0; i < usable; ++i)
    if (matches(commonRows[i], name))
      return &commonRows[i];
  return nullptr;
}

const ResourceRow &rowOf(ResourceKind kind) { return resourceRows[static_cast<size_t>(kind)]; }

bool findResourceKind(std::string_view name, ResourceKind &kind) {
  for (size_t i = 0; i < std::size(resourceRows); ++i)
    if (resourceRows[i].name == name) {
      kind = static_cast<ResourceKind>(i);
      return true;
    }
  return false;
}

SymbolUse symbolUse(OpCode code) {
  if (code == OpCode::core_call)
    return SymbolUse::Function;
  if (code == OpCode::model_chat || code == OpCode::model_embed)
    return SymbolUse::Model;
  if (code == OpCode::http_request)
    return SymbolUse::Http;
  return SymbolUse::None;
}

bool isTerminator(OpCode code) {
  constexpr OpCode terminators[] = {
#define XCS_PURE_OP(...)
#define XCS_WORLD_OP(...)
#define XCS_CONTROL_OP(...)
#define XCS_TERMINATOR_OP(id, ...) OpCode::id,
#include "xcs/Ops/Ops.def"
  };
  for (OpCode terminator : terminators)
    if (terminator == code)
      return true;
  return false;
}

std::string_view flagOf(Capability capability) {
  switch (capability) {
  case Capability::None:
    return {};
  case Capability::Net:
    return "--allow-net";
  case Capability::Read:
    return "--allow-read";
  case Capability::Write:
    return "--allow-write";
  case Capability::Run:
    return "--allow-run";
  case Capability::Env:
    return "--allow-env";
  }
  return {};
}

std::string_view attrTypeName(AttrType type) {
  switch (type) {
  case AttrType::Bool:
    return "bool";
  case AttrType::I64:
    return "i64";
  case AttrType::F64:
    return "f64";
  case AttrType::Str:
    return "str";
  case AttrType::Duration:
    return "duration";
  case AttrType::Symbol:
    return "symbol";
  case AttrType::Type:
    return "type";
  case AttrType::List:
    return "list";
  case AttrType::Dict:
    return "dict";
  case AttrType::Flag:
    return "flag";
  case AttrType::Any:
    return "any";
  case AttrType::Texts:
    return "texts";
  }
  return {};
}

} // namespace xcs
