#pragma once
#include "xcs/Ops/Constants.h"
#include <optional>
#include <unordered_map>

namespace xcs {

/// Finds the fields of record types by their names: of a narrow record by looking at them, of a wide one in a
/// table that is made once, so that asking for each field of a record takes linear time. All questions must
/// be about one pool or plan. Thread safety: `add` and `find` on one thread; `known` from any once all is
/// added.
class RecordFields {
public:
  /// Makes the table of a record type, if it needs one.
  void add(const ConstantView &view, TypeId record);
  /// The index of the field of that name; none when the record has none.
  std::optional<size_t> find(const ConstantView &view, TypeId record, std::string_view name) {
    add(view, record);
    return known(view, record, name);
  }
  /// The same of a type that was added; of any other by looking at its fields.
  std::optional<size_t> known(const ConstantView &view, TypeId record, std::string_view name) const;

private:
  using Table = std::unordered_map<std::string_view, size_t>;
  std::unordered_map<uint32_t, Table> tables; // by TypeId; of wide records alone
};

} // namespace xcs
