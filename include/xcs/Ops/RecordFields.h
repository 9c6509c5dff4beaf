#pragma once
#include "xcs/Ops/Constants.h"
#include <optional>
#include <unordered_map>

namespace xcs {

/// Finds the fields of record types by name: in a narrow record by linear search, in a wide one by a table
/// built once, so that looking up every field of a record takes linear time. All calls must be about one pool
/// or plan. Thread safety: `add` and `find` on one thread; `known` from any thread once everything is added.
class RecordFields {
public:
  /// Builds the table of a record type if it needs one.
  void add(const ConstantView &view, TypeId record);
  /// The index of the field of that name; none if the record has no such field.
  std::optional<size_t> find(const ConstantView &view, TypeId record, std::string_view name) {
    add(view, record);
    return known(view, record, name);
  }
  /// The same for a type that was added; for any other by linear search.
  std::optional<size_t> known(const ConstantView &view, TypeId record, std::string_view name) const;

private:
  using Table = std::unordered_map<std::string_view, size_t>;
  std::unordered_map<uint32_t, Table> tables; // by TypeId; only of wide records
};

} // namespace xcs
