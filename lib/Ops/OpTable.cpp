#include "xcs/Ops/OpTable.h"
#include "xcs/Support/Digest.h"
#include "xcs/Support/NearestName.h"
#include "llvm/ADT/StringRef.h"
#include <array>
#include <bit>

using namespace xcs;

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

/// The low bits alone of an FNV hash depend on the low bits of the text alone.
constexpr uint64_t hashName(std::string_view name) {
  const uint64_t hash = fnv1a(name);
  return hash ^ (hash >> 32);
}

// Names are looked up once per operation of the text: a hash over a dozen bytes and one comparison, with no
// set-up at start.

/// Names to codes: open addressing, built at compile time, at most a quarter full.
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

constexpr size_t commonCount = 0
#define XCS_ATTRIBUTE(id, name, type, range, kind, inherited, scope, doc)                                    \
  +(AttrScope::scope != AttrScope::Own)
#include "xcs/Ops/Attributes.def"
    ;

/// The rows of attributes that operations have without listing them.
struct CommonRows {
  std::array<AttrRow, commonCount> rows{};
  consteval CommonRows() {
    size_t next = 0;
    for (size_t i = 0; i < attributeCount; ++i)
      if (const AttributeRow &row = detail::attributeRows[i]; row.scope != AttrScope::Own)
        rows[next++] = {static_cast<Attribute>(i), false, row.name, row.type};
  }
};
constexpr CommonRows common;

/// Whether an operation has the attributes of a scope without listing them.
bool isIn(OpCode code, AttrScope scope) {
  const OpRow &op = rowOf(code);
  const bool waits = op.form == OpForm::World && op.effect != Effect::Log;
  switch (scope) {
  case AttrScope::Own:
    return false;
  case AttrScope::Every:
    return true;
  case AttrScope::World:
    return waits;
  case AttrScope::Gated:
    return waits && code != OpCode::ask_human;
  case AttrScope::Net:
    return waits && op.capability == Capability::Net;
  case AttrScope::Draws:
    return waits || code == OpCode::core_call;
  }
  return false;
}

constexpr bool matches(const AttrRow &row, std::string_view name) {
  if (row.name.ends_with(".*"))
    return name.size() >= row.name.size() && name.starts_with(row.name.substr(0, row.name.size() - 1));
  return row.name == name;
}

} // namespace

const OpRow &xcs::rowOf(OpCode code) { return opRows[static_cast<size_t>(code)]; }

bool xcs::findOp(std::string_view name, OpCode &code) {
  for (size_t at = hashName(name) % NameTable::size; nameTable.cells[at] != NameTable::absent;
       at = (at + 1) % NameTable::size)
    if (opRows[nameTable.cells[at]].name == name) {
      code = static_cast<OpCode>(nameTable.cells[at]);
      return true;
    }
  return false;
}

static std::string_view lastWord(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// `str.join` for `list.join`: the word in another dialect. Of several, that of the dialect with the nearest
/// name.
static std::string_view sameWord(std::string_view name) {
  const std::string_view word = lastWord(name);
  std::string_view best;
  size_t least = SIZE_MAX;
  for (const OpRow &row : opRows) {
    if (lastWord(row.name) != word || row.name.size() == word.size())
      continue;
    const size_t distance = llvm::StringRef(name).edit_distance(row.name);
    if (distance < least) {
      least = distance;
      best = row.name;
    }
  }
  return best;
}

/// `str.length` for `str.len`: the only name that begins so.
static std::string_view onlyCompletion(std::string_view name) {
  std::string_view only;
  for (const OpRow &row : opRows)
    if (name.size() > 2 && row.name.starts_with(name)) {
      if (!only.empty())
        return {};
      only = row.name;
    }
  return only;
}

std::string_view xcs::nearestOp(std::string_view name) {
  if (std::string_view only = onlyCompletion(name); !only.empty())
    return only;
  if (name.size() <= 64 && name.find('.') != name.npos)
    if (std::string_view same = sameWord(name); !same.empty())
      return same;
  NearestName nearest(name);
  for (const OpRow &row : opRows)
    nearest.offer(row.name);
  return nearest.nearest();
}

std::span<const AttrRow> xcs::commonAttrs() { return common.rows; }

const AttrRow *xcs::findAttr(OpCode code, std::string_view name) {
  for (const AttrRow &row : rowOf(code).attributes.all())
    if (row.name == name)
      return &row;
  for (const AttrRow &row : common.rows)
    if (matches(row, name))
      return isIn(code, rowOf(row.attribute).scope) ? &row : nullptr;
  return nullptr;
}

bool xcs::hasAttr(OpCode code, Attribute attribute) {
  const AttrRow *row = findAttr(code, nameOf(attribute));
  return row && row->attribute == attribute;
}

const ResourceRow &xcs::rowOf(ResourceKind kind) { return resourceRows[static_cast<size_t>(kind)]; }

bool xcs::findResourceKind(std::string_view name, ResourceKind &kind) {
  for (size_t i = 0; i < std::size(resourceRows); ++i)
    if (resourceRows[i].name == name) {
      kind = static_cast<ResourceKind>(i);
      return true;
    }
  return false;
}

SymbolUse xcs::symbolUse(OpCode code) {
  if (code == OpCode::core_call)
    return SymbolUse::Function;
  if (code == OpCode::model_chat || code == OpCode::model_embed)
    return SymbolUse::Model;
  if (code == OpCode::http_request)
    return SymbolUse::Http;
  return SymbolUse::None;
}

bool xcs::isTerminator(OpCode code) {
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

std::string_view xcs::flagOf(Capability capability) {
  switch (capability) {
  case Capability::None:
  case Capability::Host:
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
