#pragma once
#include <string>
#include <string_view>

namespace xcs::wrappers {

/// `max_in_flight` and `hint.latency` as names of members: `maxInFlight`, `hintLatency`. A word of C++ gets a
/// `_` at its end.
std::string memberName(std::string_view name);
/// The same with a capital, for types: `SortBy`.
std::string typeName(std::string_view name);
/// `str` of `str.trim`; empty for an operation without a dialect.
std::string_view dialectOf(std::string_view op);
/// `trim` of `str.trim`.
std::string_view withoutDialect(std::string_view op);
/// The id of the row of an operation: `str_trim`, `core_select`.
std::string rowId(std::string_view op);

} // namespace xcs::wrappers
