#include "xcs/Frontend/Scalars.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

Handle tracing::unary(OpCode code, Operand a, TypeMaker result, const Origin &at) {
  return record({code, {&a, 1}, nullptr, nullptr, at}, result);
}

Handle tracing::binary(OpCode code, Operand a, Operand b, TypeMaker result, const Origin &at) {
  const Operand operands[] = {std::move(a), std::move(b)};
  return record({code, operands, nullptr, nullptr, at}, result);
}

Handle I64::wholeNumber(int64_t given, bool isPositive) {
  return isPositive == (given > 0) ? Handle(Value::i64(given))
                                   : misfit("the number is beyond 64 bits with sign");
}

Handle Duration::wholeDuration(std::optional<int64_t> nanoseconds) {
  return nanoseconds ? Handle(Value::duration(*nanoseconds))
                     : misfit("the duration is beyond 64 bits of nanoseconds with sign, about 292 years");
}

Str::Str(std::string_view given) : Handle(Value::str(given)) {}

Bytes::Bytes(const std::vector<std::byte> &given)
    : Handle(Value::bytes({reinterpret_cast<const char *>(given.data()), given.size()})) {}

Json::Json(const JsonText &given, const Origin &at) {
  Value parsed;
  OpError why;
  if (parseJson(given.text, Limits(), parsed, why)) {
    literal = std::move(parsed);
    return;
  }
  tracing::refuse(Diag::TraceLiteral, {"json", why.message}, at);
  Handle::operator=(misfit(why.message));
}
