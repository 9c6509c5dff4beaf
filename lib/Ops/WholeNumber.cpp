#include "xcs/Ops/WholeNumber.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

using namespace xcs;

int xcs::compareWholes(std::string_view a, std::string_view b) {
  const bool isNegative = a.starts_with('-');
  if (isNegative != b.starts_with('-'))
    return isNegative ? -1 : 1;
  int order = a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : a.compare(b);
  if (isNegative)
    order = -order;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int xcs::compareWholeWithFloat(std::string_view whole, double number) {
  const bool isNegative = whole.starts_with('-');
  if (std::isnan(number))
    return -1;
  if (number >= -0x1p63 && number < 0x1p63) // within i64, which the whole number is not
    return isNegative ? -1 : 1;
  if (std::isinf(number))
    return number > 0 ? -1 : 1;
  // A float of that size is a whole number; all its digits are printed (C++17, [charconv.to.chars]).
  char digits[std::numeric_limits<double>::max_exponent10 + 3];
  const char *end = std::to_chars(digits, std::end(digits), number, std::chars_format::fixed, 0).ptr;
  return compareWholes(whole, {digits, static_cast<size_t>(end - digits)});
}

double xcs::nearestFloat(std::string_view whole) {
  double number = 0;
  if (std::from_chars(whole.data(), whole.data() + whole.size(), number).ec != std::errc())
    number = std::numeric_limits<double>::infinity();
  return number;
}
