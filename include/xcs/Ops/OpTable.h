#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Signature.h"
#include <cstdint>
#include <span>
#include <string_view>

namespace xcs {

/// Every operation of XIR: one row each in the `.def` file of its dialect (Ops.def lists them).
enum class OpCode : uint16_t {
#define XCS_OP(id, name, signature, attributes, effect, totality, capability, cost, doc) id,
#include "xcs/Ops/Ops.def"
};

inline constexpr size_t opCodeCount = 0
#define XCS_OP(id, name, signature, attributes, effect, totality, capability, cost, doc) +1
#include "xcs/Ops/Ops.def"
    ;

/// What executes an operation.
enum class OpForm : uint8_t {
  Pure,  // a kernel in lib/Ops: a function of operands and attributes; the compiler folds with the same code
  World, // a kernel in lib/World/Ops: touches the world or takes time
  Control, // the executor itself: regions, calls, terminators, guards
};

/// The effect of an operation on the world; language.md, "Effects". EffectTarget says on which resource.
enum class Effect : uint8_t {
  Pure,
  Read,
  Sample,
  WriteIdempotent,
  WriteKeyed,
  WriteNever, // repeat=never
  Guard,      // assert, fail: orders every later write of its function and its callers
  Bodies,     // the effects of its regions or of the called function
  HttpMethod, // by the constant attribute `method`: GET and HEAD sample, PUT and DELETE idempotent, POST and
              // PATCH never
  Exec,       // by the constant attributes `writes` and `repeat`: a write, repeat=never by default; a
              // sample when `writes` is the empty list
  Log,        // keeps its order within one activation of a region, delays nothing else
  Wait,       // takes time; never merged, never dropped, orders nothing
  Host,       // by the constant attributes `effect` and `repeat`: HostEffect.h
};

/// `Total` operations never fail because of their operands. They may exceed a limit (Limits.def), as any
/// program may run out of memory. `Fallible` ones are never speculated or moved out of a branch, a loop or a
/// `try`.
enum class Totality : uint8_t { Total, Fallible };

/// What must be granted on the command line before the operation may run. No flag grants Host: the program
/// that embeds the run gives its functions (World/HostCallables.h).
enum class Capability : uint8_t { None, Net, Read, Write, Run, Env, Host };
/// The flag of `xcs-run` that grants it, without its value; empty for None and Host.
std::string_view flagOf(Capability capability);

struct OpRow {
  std::string_view name;
  SignatureText signature; // parsed at compile time; see Signature.h
  AttrListText attributes; // parsed at compile time; see Signature.h
  OpForm form;
  Effect effect;
  Totality totality;
  Capability capability;
  uint32_t costNanoseconds; // a hint for scheduling, used if nothing was measured or declared
  std::string_view doc;
};

/// The row of an operation.
const OpRow &rowOf(OpCode code);
/// Finds the operation of that name; false if there is none.
bool findOp(std::string_view name, OpCode &code);
/// The known name nearest to `name` by edit distance; empty if none is near.
std::string_view nearestOp(std::string_view name);

/// The attributes that operations of some scope have without listing them: `timeout`, `retry`, `keep`, ...
std::span<const AttrRow> commonAttrs();
/// The row of attribute `name` on an operation, its own or a common one; null if it has none.
const AttrRow *findAttr(OpCode code, std::string_view name);
/// Whether an operation may have an attribute.
bool hasAttr(OpCode code, Attribute attribute);
/// The index of attribute `name` among an operation's own rows; a wrong name does not compile.
consteval size_t attrIndex(const AttrListText &rows, std::string_view name) {
  for (size_t i = 0; i < rows.count; ++i)
    if (rows.rows[i].name == name)
      return i;
  detail::rowError("no such attribute in the operation's row");
  return 0;
}

/// The same by operation: `attrRow<OpCode::str_join>("separator")`.
template <OpCode code> consteval size_t attrRow(std::string_view name) {
#define XCS_OP(id, opName, signature, attributes, effect, totality, capability, cost, doc)                   \
  if (code == OpCode::id)                                                                                    \
    return attrIndex(attributes, name);
#include "xcs/Ops/Ops.def"
  return 0;
}

/// The kinds of resources (`model @gpt {...}`), one row each in Resources.def.
enum class ResourceKind : uint8_t {
#define XCS_RESOURCE(id, name, attributes, doc) id,
#include "xcs/Ops/Resources.def"
};
inline constexpr size_t resourceKindCount = 0
#define XCS_RESOURCE(id, name, attributes, doc) +1
#include "xcs/Ops/Resources.def"
    ;
struct ResourceRow {
  std::string_view name;
  AttrListText attributes;
  std::string_view doc;
};
const ResourceRow &rowOf(ResourceKind kind);
bool findResourceKind(std::string_view name, ResourceKind &kind);

/// What an operation's `@symbol` must name.
enum class SymbolUse : uint8_t { None, Model, Http, Function, Limit };
SymbolUse symbolUse(OpCode code);
/// Whether the operation ends a region.
bool isTerminator(OpCode code);
/// How many regions the operation may have; see RegionForm.h.
struct RegionCount {
  uint8_t least, most;
};
RegionCount regionCount(OpCode code);

} // namespace xcs
