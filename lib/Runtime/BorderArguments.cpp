#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

static std::string quotedNames(const std::vector<std::string> &names) {
  std::string out;
  for (const std::string &name : names)
    out += (out.empty() ? "`" : ", `") + name + "`";
  return out.empty() ? "none" : out;
}

static std::string functionNames(const PlanView &plan) {
  std::vector<std::string> names;
  for (const PlanFunction &f : plan.functions)
    if (!f.isPrivate)
      names.push_back("@" + std::string(plan.constants.text(f.symbol)));
  return quotedNames(names);
}

std::optional<uint32_t> xcs::findEntry(const PlanView &plan, std::string_view wanted,
                                       std::string_view planName, DiagnosticEngine &diagnostics) {
  std::string_view symbol = wanted.empty() ? "main" : wanted;
  std::optional<uint32_t> only;
  size_t entries = 0;
  for (uint32_t f = 0; f < plan.functions.size(); ++f) {
    if (plan.functions[f].isPrivate)
      continue;
    if (plan.constants.text(plan.functions[f].symbol) == symbol)
      return f;
    only = f;
    ++entries;
  }
  if (wanted.empty() && entries == 1)
    return only;
  diagnostics.reportFile(Diag::UnknownEntry, planName, {symbol, functionNames(plan)});
  return std::nullopt;
}

Arguments::Arguments(const PlanView &plan, uint32_t function, const Limits &limits, std::string_view planName,
                     DiagnosticEngine &diagnostics)
    : plan(plan), function(plan.functions[function]), limits(limits), planName(planName),
      diagnostics(diagnostics), values(this->function.parameterCount) {}

const PlanParameter &Arguments::parameter(uint32_t index) const {
  return plan.parameters[function.firstParameter + index];
}

TypeKind Arguments::kindOf(uint32_t index) const { return plan.constants.kind(parameter(index).type); }

std::string_view Arguments::name(uint32_t index) const { return plan.constants.text(parameter(index).name); }

std::optional<uint32_t> Arguments::find(std::string_view wanted) const {
  std::vector<std::string> names;
  for (uint32_t p = 0; p < function.parameterCount; ++p) {
    if (name(p) == wanted)
      return p;
    names.emplace_back(name(p));
  }
  diagnostics.reportFile(Diag::UnknownArgument, planName,
                         {plan.constants.text(function.symbol), wanted, quotedNames(names)});
  return std::nullopt;
}

bool Arguments::report(uint32_t index, const OpError &error) {
  if (error.id != Diag::LimitExceeded)
    return report(index, error.message);
  diagnostics.reportFinished(error.id, {planName},
                             "the value of `" + std::string(name(index)) + "`: " + error.message);
  return false;
}

bool Arguments::report(uint32_t index, const std::string &why) {
  diagnostics.reportFile(Diag::BadArgumentValue, planName,
                         {name(index), printType(plan.constants, parameter(index).type), why});
  return false;
}

bool Arguments::setFromJson(uint32_t index, const Value &json) {
  OpError error;
  return valueFromJson(json, plan.constants, parameter(index).type, limits, values[index], error) ||
         report(index, error);
}

bool Arguments::setFromObject(std::string text, std::string_view source) {
  Value json;
  OpError error;
  if (!parseJson(text, limits, json, error)) {
    diagnostics.reportFinished(error.id, {source}, error.message);
    return false;
  }
  text = std::string(); // freed before the values are made, which are as large
  if (json.kind() != ValueKind::Object) {
    diagnostics.reportFile(Diag::JsonMismatch, source,
                           {"the arguments must be one object, {\"name\": value}"});
    return false;
  }
  for (size_t i = 0; i + 1 < json.size(); i += 2) {
    std::optional<uint32_t> index = find(json.items()[i].text());
    if (!index || !setFromJson(*index, json.items()[i + 1]))
      return false;
  }
  return true;
}

bool Arguments::setStr(uint32_t index, std::string_view text) {
  if (size_t at = invalidUtf8At(text); at != text.npos)
    return report(index, "byte " + std::to_string(at) + " is not valid UTF-8");
  values[index] = Value::str(text);
  return true;
}

bool Arguments::setFromText(uint32_t index, std::string_view text) {
  if (kindOf(index) == TypeKind::Str)
    return setStr(index, text);
  int64_t nanoseconds;
  if (kindOf(index) == TypeKind::Duration &&
      parseDuration(text, nanoseconds)) { // without quotes, as in a program
    values[index] = Value::duration(nanoseconds);
    return true;
  }
  Value json;
  OpError error;
  return parseJson(text, limits, json, error) ? setFromJson(index, json) : report(index, error);
}

bool Arguments::setFromContent(uint32_t index, std::string_view content) {
  if (kindOf(index) != TypeKind::Bytes)
    return setFromText(index, content);
  values[index] = Value::bytes(content);
  return true;
}

Result<std::vector<Value>> Arguments::take() {
  for (uint32_t p = 0; p < function.parameterCount; ++p) {
    if (!values[p].empty())
      continue;
    if (const AttrId given = parameter(p).defaultValue) {
      values[p] = valueOfAttr(plan.constants, given, parameter(p).type);
      continue;
    }
    if (kindOf(p) != TypeKind::Option) {
      diagnostics.reportFile(Diag::MissingArgument, planName,
                             {name(p), printType(plan.constants, parameter(p).type)});
      return Failure{};
    }
    values[p] = Value::optionNone();
  }
  return std::move(values);
}
