#pragma once
#include "Ops/SchemaPattern.h"
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
  bool isNullable = false; // with OpenAPI's `nullable`, which adds null to them
  std::optional<Value> constant;
  std::optional<std::vector<Value>> choices; // `enum`
  std::optional<Value> minimum, maximum, above, below, multipleOf;
  struct Range {
    uint64_t least = 0, most = UINT64_MAX;
  } length, items, properties; // in code points, elements, keys
  bool uniqueItems = false;
  std::optional<SchemaPattern> pattern;

  std::vector<uint32_t> firstItems; // the schemas of the first elements, in their order
  uint32_t item = none;             // the schema of every element after those
  uint32_t contained = none;        // the schema that `matching` elements must fit
  Range matching = {.least = 1};

  std::vector<std::pair<std::string, uint32_t>> namedProperties; // sorted by name
  std::vector<std::pair<SchemaPattern, uint32_t>> patternProperties;
  std::vector<std::string> required;
  bool closed = false;          // `additionalProperties` is false
  bool open = false;            // it is true
  uint32_t additional = none;   // the schema of properties without one of their own
  uint32_t propertyName = none; // the schema of every key
  std::vector<std::pair<std::string, std::vector<std::string>>> dependentRequired;

  // Applied to the value itself: `$ref` and `allOf` must all hold, and those of `dependent` whose key is
  // there.
  std::vector<uint32_t> all, any, one;
  uint32_t negated = none;
  uint32_t condition = none, consequence = none, otherwise = none;
  std::vector<std::pair<std::string, uint32_t>> dependent;
  // The schemas of what none of those and none of the above has been applied to.
  uint32_t restProperties = none, restItems = none;

  // OpenAPI's `discriminator` says which of `any` or `one` a value means to fit, which only messages use.
  std::string discriminator;
  std::vector<std::pair<std::string, uint32_t>>
      discriminated; // the schema of each value of that property, sorted by it

  // Whether there are schemas to apply to the value itself, and to its elements, properties or their names.
  bool hasInPlace = false, hasParts = false;

  /// Calls `visit` with every schema that is applied to the value itself.
  template <class Visit> void eachInPlace(Visit visit) const {
    for (const std::vector<uint32_t> *schemas : {&all, &any, &one})
      for (uint32_t index : *schemas)
        visit(index);
    for (const auto &[key, index] : dependent)
      visit(index);
    for (uint32_t index : {negated, condition, consequence, otherwise})
      if (index != none)
        visit(index);
  }
};

/// A JSON Schema made ready to be applied: the part of JSON Schema 2020-12 and draft 7 that docs/LangRef.md
/// lists, without references to other documents. Thread safety: immutable.
class CompiledSchema {
public:
  /// Null if the value is not such a schema, with the reason and its place in `what`.
  static std::unique_ptr<const CompiledSchema> read(const Value &schema, const Limits &limits,
                                                    std::string &what);
  /// What an attribute says, a dictionary or a text that contains JSON, as a JSON value. False, with the
  /// reason, where it is none.
  static bool jsonOf(const ConstantView &view, AttrId schema, const Limits &limits, Value &json,
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
