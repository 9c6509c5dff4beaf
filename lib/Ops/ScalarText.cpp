#include "Ops/ScalarText.h"
#include "Ops/JsonSupport.h"
#include "Ops/KeyText.h"
#include "xcs/Ops/ConstantPool.h"
#include <charconv>
#include <cmath>
#include <cstdlib>

using namespace xcs;

std::errc xcs::readFloat(std::string_view text, double &number) {
  // from_chars also accepts `infinity` and `nan(0x1)`, which XCS never writes.
  const bool plain = text == "nan" || text == "inf" || text == "-inf" ||
                     text.find_first_not_of("0123456789+-.eE") == text.npos;
  auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!plain || stop != text.data() + text.size() || failed == std::errc::invalid_argument)
    return std::errc::invalid_argument;
  if (failed != std::errc::result_out_of_range)
    return {};
  number = std::strtod(std::string(text).c_str(), nullptr); // distinguishes underflow from overflow
  return std::isinf(number) ? failed : std::errc();
}

std::optional<Value> xcs::scalarOfText(std::string_view text, TypeKind type) {
  int64_t whole;
  double number;
  if (type == TypeKind::Str)
    return Value::str(text);
  if (type == TypeKind::Bool && (text == "true" || text == "false"))
    return Value::boolean(text == "true");
  if (type == TypeKind::F64 && readFloat(text, number) == std::errc())
    return Value::f64(number);
  if (type == TypeKind::Duration && parseDuration(text, whole))
    return Value::duration(whole);
  if (type != TypeKind::I64)
    return std::nullopt;
  auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), whole);
  const bool isWhole = failed == std::errc() && stop == text.data() + text.size();
  return isWhole ? std::optional(Value::i64(whole)) : std::nullopt;
}

std::string xcs::textOfScalar(const Value &scalar) {
  return scalar.kind() == ValueKind::F64 ? printFloat(scalar.asF64()) : keyText(scalar);
}
