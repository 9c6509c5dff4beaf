#pragma once
#include "Ops/Regex.h"
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Kernel.h"
#include <optional>

namespace xcs {

/// One schema within a JSON Schema; refers to its parts by number. Absent keywords keep their default.
struct SchemaNode {
  static constexpr uint32_t none = UINT32_MAX;
  enum Type : uint8_t { Null = 1, Bool = 2, Integer = 4, Number = 8, Str = 16, Array = 32, Object = 64 };
  static constexpr uint8_t anyType = 127;

  bool never = false; // the schema `false`
  uint8_t types = anyType;
  std::optional<Value> constant;
  std::optional<std::vector<Value>> choices; // `enum`
  std::optional<Value> minimum, maximum, above, below;
  struct Range {
    uint64_t least = 0, most = UINT64_MAX;
  } length, items, properties; // in code points, elements, keys
  bool uniqueItems = false;
  std::string patternText;
  std::unique_ptr<const Regex> pattern;

  uint32_t item = none;                                          // the schema of every element
  std::vector<std::pair<std::string, uint32_t>> namedProperties; // sorted by name
  std::vector<std::string> required;
  bool closed = false;        // `additionalProperties` is false
  uint32_t additional = none; // the schema of properties without one of their own

  // Applied to the value itself: all of `$ref` and `allOf` must hold.
  std::vector<uint32_t> all, any, one;
  uint32_t negated = none;
};

/// A compiled JSON Schema: the part of JSON Schema 2020-12 that docs/LangRef.md lists, without references to
/// other documents. Thread safety: immutable.
class CompiledSchema {
public:
  /// Null if the value is not such a schema, with the reason and its place in `what`.
  static std::unique_ptr<const CompiledSchema> read(const Value &schema, const Limits &limits,
                                                    std::string &what);
  /// From an attribute: a dictionary, or a text that contains JSON.
  static std::unique_ptr<const CompiledSchema> ofAttr(const ConstantView &view, AttrId schema,
                                                      const Limits &limits, std::string &what);

  enum class Report : uint8_t { First, All };
  /// Appends how `json` violates the schema, each violation with its place; with Report::First possibly only
  /// the first. False if that exceeds a limit.
  bool check(const Value &json, Report report, const Limits &limits, std::vector<std::string> &violations,
             OpError &error) const;

private:
  std::vector<SchemaNode> nodes; // the first one is the root
};

} // namespace xcs
