#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "Ops/TimeText.h"

namespace xcs::kernels {

bool time_rfc3339(KernelCall &call) {
  return returnValue(call, Value::str(rfc3339Text(call.operand(0).asI64())));
}

bool time_parse(KernelCall &call) {
  constexpr size_t row = attrRow<OpCode::time_parse>("format");
  const std::string_view from = call.operand(0).text();
  int64_t instant = 0;
  std::string why;
  if (call.hasAttr(row) ? parseTime(from, call.textAttr(row), instant, why)
                        : parseRfc3339(from, instant, why))
    return returnDuration(call, instant);
  return call.fail(Diag::ParseFailed, {excerpt(from), "a point in time", why});
}

bool time_format(KernelCall &call) {
  constexpr size_t row = attrRow<OpCode::time_format>("format");
  if (!call.hasAttr(row))
    return time_rfc3339(call);
  const std::string_view format = call.textAttr(row);
  if (!mayAllocate(call, Value::textBytes(format.size())))
    return false;
  std::string text;
  appendTime(text, format, call.operand(0).asI64());
  return mayAllocate(call, Value::textBytes(text.size())) && returnValue(call, Value::str(text));
}

/// An instant that the calendar gives, if it fits.
static bool returnInstant(KernelCall &call, std::optional<int64_t> instant) {
  return instant ? returnDuration(call, *instant)
                 : call.fail(Diag::IntegerOverflow, {opName(call), "a `duration`"});
}

bool time_add_months(KernelCall &call) {
  return returnInstant(call, addMonths(call.operand(0).asI64(), call.operand(1).asI64()));
}

bool time_floor(KernelCall &call) {
  return returnInstant(call,
                       startOf(call.operand(0).asI64(), call.textAttr(attrRow<OpCode::time_floor>("unit"))));
}

bool time_parts(KernelCall &call) {
  const TimeParts parts = timePartsOf(call.operand(0).asI64());
  Value fields[] = {Value::i64(parts.year),       Value::i64(parts.month),  Value::i64(parts.day),
                    Value::i64(parts.hour),       Value::i64(parts.minute), Value::i64(parts.second),
                    Value::i64(parts.nanosecond), Value::i64(parts.weekday)};
  return returnValue(call, Value::record(fields));
}

} // namespace xcs::kernels
