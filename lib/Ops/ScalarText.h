#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Value.h"
#include <optional>
#include <string>
#include <system_error>

// Texts of single values, as `str.from` prints them and `str.to_i64` and the like read them.
namespace xcs {

/// Reads a whole text as a number, `nan`, `inf` or `-inf`. `invalid_argument` if it is none of them,
/// `result_out_of_range` if it is too large; what is too near zero becomes what is nearest.
std::errc readFloat(std::string_view text, double &number);

/// The value of type bool, i64, f64, str or duration that the whole text denotes; none if it denotes none.
std::optional<Value> scalarOfText(std::string_view text, TypeKind type);

/// The text that reads as that value of one of these types.
std::string textOfScalar(const Value &scalar);

} // namespace xcs
