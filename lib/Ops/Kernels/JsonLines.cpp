#include "Ops/JsonSupport.h"
#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

// Texts with one JSON value a line.
namespace xcs::kernels {

namespace {

/// What failed on a line: the same error with its number, from 1.
bool failOnLine(KernelCall &call, size_t line) {
  if (call.error.id != Diag::Interrupted)
    call.error.message = "line " + std::to_string(line) + ": " + call.error.message;
  return false;
}

bool readLine(KernelCall &call, std::string_view line, TypeId type, Value &out) {
  Value json;
  if (!parseJson(line, call.limits, json, call.error))
    return false;
  if (call.constants.kind(type) != TypeKind::Json)
    return valueFromJson(json, call.constants, type, call.limits, out, call.error);
  out = std::move(json);
  return true;
}

bool writeLine(KernelCall &call, const Value &value, TypeId type, std::string &out) {
  Value json;
  if (!jsonFromValue(value, call.constants, type, call.limits, json, call.error))
    return false;
  if (json.depth() > call.limits[Limit::JsonDepth])
    return exceeds(call, Limit::JsonDepth);
  return appendJson(out, json, JsonLayout::Line, call.limits, call.error);
}

} // namespace

bool json_lines(KernelCall &call) {
  const std::string_view text = withoutByteOrderMark(call.operand(0).text());
  const TypeId type = call.constants.element(call.resultType);
  std::vector<Value> made;
  uint64_t bytes = 0;
  for (size_t at = 0, number = 1; at < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.find_first_not_of(" \t\r") == line.npos) {
      if (isStopped(call))
        return false;
      continue;
    }
    if (!readLine(call, line, type, made.emplace_back()))
      return failOnLine(call, number);
    bytes += made.back().byteSize();
    if (Value::sequenceBytes(bytes) > std::min<uint64_t>(call.limits[Limit::ValueBytes], UINT32_MAX))
      return exceeds(call, Limit::ValueBytes);
    if (!mayAllocate(call, line.size())) // for the whole run
      return false;
  }
  return !isStopped(call) && returnList(call, made);
}

bool json_print_lines(KernelCall &call) {
  const TypeId type = call.constants.element(call.operandTypes[0]);
  std::string out;
  size_t number = 1;
  for (const Value &value : call.operand(0).items()) {
    if (isStopped(call))
      return false;
    if (!writeLine(call, value, type, out))
      return failOnLine(call, number);
    out += '\n';
    ++number;
  }
  return !isStopped(call) && mayAllocate(call, Value::textBytes(out.size())) &&
         returnValue(call, Value::str(out));
}

} // namespace xcs::kernels
