#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Ops/RecordFields.h"
#include "xcs/Support/Limits.h"
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace xcs {

class Regex;          // lib/Ops/Regex.h
class RegexCache;     // lib/Ops/RegexCache.h
class CompiledSchema; // lib/Ops/CompiledSchema.h

/// What is derived from attributes once per plan instead of once per call: the regular expressions of
/// `pattern`, the JSON schemas of `schema`. The verifiers use it to check that they are valid. Thread safety:
/// `add` before any other thread reads; then immutable, but for the cache of `patternOf`, which any
/// thread may use.
class PreparedAttrs {
public:
  explicit PreparedAttrs(const Limits &limits);
  ~PreparedAttrs();
  PreparedAttrs(const PreparedAttrs &) = delete;
  PreparedAttrs &operator=(const PreparedAttrs &) = delete;

  /// Prepares those attributes of an operation that need it; equal attributes once. `attributes` has one id
  /// per row of the operation, none if not given. All calls must use a `view` of the same pool or plan.
  void add(const ConstantView &view, OpCode code, std::span<const AttrId> attributes);

  /// For an operation that names a field of a record: prepares the lookup of its kernel.
  void addRecord(const ConstantView &view, TypeId record) { recordFields.add(view, record); }
  const RecordFields &fields() const { return recordFields; }

  /// Null for an attribute that was not added or is not a valid pattern or schema.
  const Regex *regex(AttrId pattern) const;
  const CompiledSchema *schema(AttrId schema) const;
  /// A pattern known only at run time: compiled once for as long as it is among those used last. Null with
  /// the reason if it is not one.
  std::shared_ptr<const Regex> patternOf(std::string_view text, std::string &why) const;
  /// Why an attribute that was added is invalid, and where; empty if it is valid.
  std::string_view regexError(AttrId pattern) const;
  std::string_view schemaError(AttrId schema) const;

  // Facts that type rules need for many operations, computed once; for verifiers, on one thread.

  /// How many operands the placeholders of a template need; none if the text is not a template (Template.h).
  std::optional<size_t> placeholderCount(const ConstantView &view, AttrId text);
  /// The type of the field of that name; none if the record has no such field.
  TypeId fieldOf(const ConstantView &view, TypeId record, std::string_view name);

private:
  template <class Made> struct Entry {
    std::unique_ptr<const Made> made;
    std::string wrong; // why `made` is null
  };
  template <class Made> using Entries = std::unordered_map<uint32_t, Entry<Made>>; // by AttrId

  Limits limits;
  Entries<Regex> regexes;
  Entries<CompiledSchema> schemas;
  std::unordered_map<uint32_t, std::optional<size_t>> placeholders; // by AttrId
  RecordFields recordFields;
  std::unique_ptr<RegexCache> patterns;
};

} // namespace xcs
