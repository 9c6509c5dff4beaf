#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace xcs {

/// The deadlines of one attempt, for the rows of operations and resources that have them.
#define XCS_ATTEMPT_TIMEOUTS "connect_timeout, first_byte_timeout, idle_timeout, attempt_timeout"

/// Every attribute of operations and resources, one row each in Attributes.def.
enum class Attribute : uint8_t {
#define XCS_ATTRIBUTE(id, name, type, range, kind, inherited, scope, doc) id,
#include "xcs/Ops/Attributes.def"
};

enum class AttrType : uint8_t {
  Bool,
  I64,
  F64,
  Str,
  Duration,
  Symbol,
  Type,
  List,
  Dict,
  Flag,
  Any,
  Texts,
  Names, // a text, or a list of texts
  Slots
};

/// What an attribute is a part of.
enum class AttrClass : uint8_t {
  Request, // what is requested: part of the identity of a request and of value numbers
  Bound,   // how, how long and how often; changes no answer. A call that has one is never inlined
  Hint,    // the author's estimate of its cost; changes nothing
  Fact,    // found by analyses; never in a plan
  Draw,    // the name of a draw
};

enum class AttrScope : uint8_t {
  Own,   // operations and resources whose row names it
  Every, // any operation
  World, // operations that touch the world or take time
  Gated, // the same without those that wait for a person, who would hold a slot
  Net,   // those that make requests
  Draws, // those of World, and calls
};

/// The valid values of an attribute, among those of its type.
struct AttrRange {
  enum class Form : uint8_t {
    Any,
    Number, // from `least` (excluded if `above`) to `most`
    Words,  // one of `words`
    Url,
    Pointer,
    Secret,
    Retry,
    Headers,
    Environment,
    Capabilities,
    Extra,
    Line,       // a text of one line, not empty
    Name,       // letters of ASCII, digits, `_`, `-` and `.`
    HostEffect, // HostEffect.h
    Slots,      // Slots.h
  };
  static constexpr size_t maxWords = 6;

  Form form = Form::Any;
  bool above = false;
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
  std::string_view unit = {};   // of `least`, in messages
  std::string_view remedy = {}; // for values above `most`
  std::array<std::string_view, maxWords> words = {};

  constexpr AttrRange() = default;
  constexpr AttrRange(Form form) : form(form) {}
};

namespace attrrange {
constexpr AttrRange number(double least, bool above, std::string_view unit = {}) {
  AttrRange range(AttrRange::Form::Number);
  range.least = least;
  range.above = above;
  range.unit = unit;
  return range;
}
constexpr AttrRange between(double least, double most, std::string_view remedy) {
  AttrRange range = number(least, false);
  range.most = most;
  range.remedy = remedy;
  return range;
}
template <class... Words> constexpr AttrRange oneOf(Words... words) {
  AttrRange range(AttrRange::Form::Words);
  range.words = {words...};
  return range;
}
inline constexpr AttrRange longerThan0s = number(0, true, "s"), above0 = number(0, true),
                           notNegative = number(0, false), atLeast1 = number(1, false);
} // namespace attrrange

struct AttributeRow {
  std::string_view name; // `sched.*` matches all names that begin with `sched.`
  AttrType type;
  AttrRange range;
  AttrClass kind;
  bool inherited; // from the operation's resource, if that has it and the operation does not
  AttrScope scope;
  std::string_view doc;
};

namespace detail {
inline constexpr bool Inherited = true, NotInherited = false;
using namespace attrrange;
inline constexpr AttributeRow attributeRows[] = {
#define XCS_ATTRIBUTE(id, name, type, range, kind, inherited, scope, doc)                                    \
  {name, AttrType::type, range, AttrClass::kind, inherited, AttrScope::scope, doc},
#include "xcs/Ops/Attributes.def"
};
} // namespace detail

inline constexpr size_t attributeCount = std::size(detail::attributeRows);
constexpr const AttributeRow &rowOf(Attribute attribute) {
  return detail::attributeRows[static_cast<size_t>(attribute)];
}
/// Its key in programs and plans.
constexpr std::string_view nameOf(Attribute attribute) { return rowOf(attribute).name; }

/// The name of an attribute type in the reference.
std::string_view attrTypeName(AttrType type);
std::string_view attrClassName(AttrClass kind);
/// The range as the end of a sentence: "must be at least 1". Empty if any value is valid, and if the rule
/// inspects the value (Form::Retry and so on).
std::string rangeText(const AttrRange &range);

} // namespace xcs
