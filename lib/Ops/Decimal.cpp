#include "Ops/Decimal.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <charconv>
#include <cmath>

using namespace xcs;

namespace {

__extension__ using Wide = unsigned __int128;

/// `digits` times 10 to the power of `exponent`, without a sign.
struct Decimal {
  uint64_t digits;
  int exponent;
};

Decimal decimalOf(const Value &number) {
  if (number.kind() == ValueKind::I64) {
    auto bits = static_cast<uint64_t>(number.asI64());
    return {number.asI64() < 0 ? -bits : bits, 0};
  }
  char text[32]; // d.ddde-308
  const char *end =
      std::to_chars(text, text + sizeof text, std::fabs(number.asF64()), std::chars_format::scientific).ptr;
  Decimal out{0, 0};
  bool isFraction = false;
  const char *at = text;
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      isFraction = true;
      continue;
    }
    out.digits = out.digits * 10 + static_cast<uint64_t>(*at - '0');
    out.exponent -= isFraction;
  }
  int exponent = 0;
  if (at != end)
    std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
  out.exponent += exponent;
  return out;
}

/// Of 10 to the power of `exponent`.
uint64_t powerModulo(unsigned exponent, uint64_t modulus) {
  Wide power = 10 % modulus, out = 1 % modulus;
  for (; exponent; exponent >>= 1, power = power * power % modulus)
    if (exponent & 1)
      out = out * power % modulus;
  return static_cast<uint64_t>(out);
}

/// The digits of a number, without a sign, and the power of 10 that they count.
std::pair<std::string, int> digitsOf(const Value &number) {
  if (number.kind() == ValueKind::Whole)
    return {std::string(number.text().substr(number.text().starts_with('-'))), 0};
  const Decimal decimal = decimalOf(number);
  return {std::to_string(decimal.digits), decimal.exponent};
}

/// isMultipleOf where the digits of one of both fit no machine word.
bool isMultipleOfWide(const Value &number, const Value &divisor) {
  auto [a, ofA] = digitsOf(number);
  auto [b, ofB] = digitsOf(divisor);
  // Both in units of the smaller power. Zeros are at most those of 1e308 over 5e-324.
  const int unit = std::min(ofA, ofB);
  a.append(static_cast<size_t>(ofA - unit), '0');
  b.append(static_cast<size_t>(ofB - unit), '0');
  const auto bits = static_cast<unsigned>(4 * std::max(a.size(), b.size()));
  const llvm::APInt whole(bits, llvm::StringRef(a), 10), part(bits, llvm::StringRef(b), 10);
  return whole.urem(part).isZero();
}

} // namespace

bool xcs::isMultipleOf(const Value &number, const Value &divisor) {
  if (number.kind() == ValueKind::Whole || divisor.kind() == ValueKind::Whole)
    return isMultipleOfWide(number, divisor);
  Decimal a = decimalOf(number), b = decimalOf(divisor);
  if (a.digits == 0)
    return true;
  if (a.exponent >= b.exponent) {
    Wide rest = Wide(a.digits % b.digits) *
                powerModulo(static_cast<unsigned>(a.exponent - b.exponent), b.digits) % b.digits;
    return rest == 0;
  }
  Wide unit = b.digits;
  for (int i = a.exponent; i < b.exponent; ++i) {
    if (unit > a.digits) // a multiple of it would be larger
      return false;
    unit *= 10;
  }
  return a.digits % unit == 0;
}
