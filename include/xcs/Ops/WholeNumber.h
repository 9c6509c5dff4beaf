#pragma once
#include <string_view>

namespace xcs {

// Whole numbers of JSON beyond i64 (ValueKind::Whole) are their decimal digits: nothing calculates with them,
// and as text they are kept, compared and printed exactly. They come without leading zeros, so that equal
// numbers are equal texts, and are within the range of f64, which bounds them to 309 digits.

/// The f64 nearest to an integer; of two equally near ones, the one whose last bit is 0. inf beyond the range
/// of f64: such an integer is refused where it comes in.
double nearestFloat(std::string_view whole);
/// -1, 0 or 1, as `a` is below, equal to or above `b`.
int compareWholes(std::string_view a, std::string_view b);
/// Exact: neither is rounded. A nan is above all numbers.
int compareWholeWithFloat(std::string_view whole, double number);

} // namespace xcs
