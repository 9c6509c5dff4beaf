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
class CompiledSchema; // lib/Ops/CompiledSchema.h

/// What kernels make of attributes once a plan and not once a call: regular expressions of `pattern`, JSON
/// schemas of `schema`. The verifiers ask it whether they are such. Thread safety: `add` before any other
/// thread reads; then immutable.
class PreparedAttrs {
public:
  explicit PreparedAttrs(const Limits &limits);
  ~PreparedAttrs();
  PreparedAttrs(const PreparedAttrs &) = delete;
  PreparedAttrs &operator=(const PreparedAttrs &) = delete;

  /// Prepares the attributes of an operation, one a row of it and none where it was not given, as far as it
  /// has such; equal attributes once. `view` must be of one pool or plan, always.
  void add(const ConstantView &view, OpCode code, std::span<const AttrId> attributes);

  /// Of an operation that names a field of a record: what its kernel will look in.
  void addRecord(const ConstantView &view, TypeId record) { recordFields.add(view, record); }
  const RecordFields &fields() const { return recordFields; }

  /// Null for what was not added, and for what is no pattern or schema.
  const Regex *regex(AttrId pattern) const;
  const CompiledSchema *schema(AttrId schema) const;
  /// Why an attribute that was added is none, and where; empty when it is one.
  std::string_view whyNoRegex(AttrId pattern) const;
  std::string_view whyNoSchema(AttrId schema) const;

  // What rules about types ask of one thing for many operations, found once; for verifiers, on one thread.

  /// How many operands the holes of a template need; none when the text is no template (Template.h).
  std::optional<size_t> holesOf(const ConstantView &view, AttrId text);
  /// The type of the field of that name; none when the record has none.
  TypeId fieldOf(const ConstantView &view, TypeId record, std::string_view name);

private:
  template <class Made> struct Entry {
    std::unique_ptr<const Made> made;
    std::string wrong; // why there is none
  };
  template <class Made> using Entries = std::unordered_map<uint32_t, Entry<Made>>; // by AttrId

  Limits limits;
  Entries<Regex> regexes;
  Entries<CompiledSchema> schemas;
  std::unordered_map<uint32_t, std::optional<size_t>> holes; // by AttrId
  RecordFields recordFields;
};

} // namespace xcs
