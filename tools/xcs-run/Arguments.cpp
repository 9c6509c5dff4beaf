#include "xcs-run/Arguments.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>

using namespace xcs;
using namespace xcs::runner;

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

std::optional<uint32_t> runner::findEntry(const PlanView &plan, const Options &options,
                                          DiagnosticEngine &diags) {
  std::string_view wanted = options.entry.empty() ? "main" : std::string_view(options.entry);
  std::optional<uint32_t> only;
  size_t entries = 0;
  for (uint32_t f = 0; f < plan.functions.size(); ++f) {
    if (plan.functions[f].isPrivate)
      continue;
    if (plan.constants.text(plan.functions[f].symbol) == wanted)
      return f;
    only = f;
    ++entries;
  }
  if (options.entry.empty() && entries == 1)
    return only;
  diags.reportFile(Diag::UnknownEntry, options.plan, {wanted, functionNames(plan)});
  return std::nullopt;
}

namespace {

/// Fills in the parameters of one function.
class ArgumentReader {
public:
  ArgumentReader(const PlanView &plan, uint32_t function, const Options &options, DiagnosticEngine &diags)
      : plan(plan), function(plan.functions[function]), options(options), diags(diags),
        values(this->function.parameterCount) {}

  Result<std::vector<Value>> read() {
    bool good = options.argumentsFile.empty() || readFile();
    for (const std::string &argument : options.arguments)
      good &= readOne(argument);
    for (uint32_t p = 0; good && p < function.parameterCount; ++p)
      good &= complete(p);
    if (!good)
      return Failure{};
    return std::move(values);
  }

private:
  const PlanParameter &parameter(uint32_t p) const { return plan.parameters[function.firstParameter + p]; }
  std::string name(uint32_t p) const { return std::string(plan.constants.text(parameter(p).name)); }

  bool readFile();
  bool readOne(const std::string &argument);
  bool complete(uint32_t p);
  bool setFromJson(uint32_t p, const Value &json);
  std::optional<uint32_t> find(std::string_view wanted);
  bool complain(uint32_t p, const std::string &why) {
    diags.reportFile(Diag::BadArgumentValue, options.plan,
                     {name(p), printType(plan.constants, parameter(p).type), why});
    return false;
  }

  const PlanView &plan;
  const PlanFunction &function;
  const Options &options;
  DiagnosticEngine &diags;
  std::vector<Value> values;
};

} // namespace

std::optional<uint32_t> ArgumentReader::find(std::string_view wanted) {
  std::vector<std::string> names;
  for (uint32_t p = 0; p < function.parameterCount; ++p) {
    if (name(p) == wanted)
      return p;
    names.push_back(name(p));
  }
  diags.reportFile(Diag::UnknownArgument, options.plan,
                   {plan.constants.text(function.symbol), wanted, quotedNames(names)});
  return std::nullopt;
}

bool ArgumentReader::setFromJson(uint32_t p, const Value &json) {
  OpError error;
  if (!valueFromJson(json, plan.constants, parameter(p).type, options.run.limits, values[p], error))
    return complain(p, error.message);
  return true;
}

bool ArgumentReader::readFile() {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(options.argumentsFile);
  if (!buffer) {
    diags.reportFile(Diag::CannotRead, options.argumentsFile,
                     {options.argumentsFile, buffer.getError().message()});
    return false;
  }
  Value json;
  OpError error;
  std::string_view text((*buffer)->getBufferStart(), (*buffer)->getBufferSize());
  if (!parseJson(text, options.run.limits, json, error)) {
    diags.reportFile(error.id, options.argumentsFile, {error.message});
    return false;
  }
  if (json.kind() != ValueKind::Object) {
    diags.reportFile(Diag::JsonMismatch, options.argumentsFile,
                     {"the arguments must be one object, {\"name\": value}"});
    return false;
  }
  for (size_t i = 0; i + 1 < json.size(); i += 2) {
    std::optional<uint32_t> p = find(json.items()[i].text());
    if (!p || !setFromJson(*p, json.items()[i + 1]))
      return false;
  }
  return true;
}

bool ArgumentReader::readOne(const std::string &argument) {
  size_t equals = argument.find('=');
  if (equals == std::string::npos) {
    diags.reportFile(Diag::BadFlagValue, "xcs-run", {argument, "--arg", "NAME=VALUE"});
    return false;
  }
  std::optional<uint32_t> p = find(std::string_view(argument).substr(0, equals));
  if (!p)
    return false;
  std::string_view text = std::string_view(argument).substr(equals + 1);
  Value json;
  OpError error;
  if (plan.constants.kind(parameter(*p).type) == TypeKind::Str)
    json = Value::str(text);
  else if (!parseJson(text, options.run.limits, json, error))
    return complain(*p, error.message);
  return setFromJson(*p, json);
}

bool ArgumentReader::complete(uint32_t p) {
  if (!values[p].empty())
    return true;
  TypeId type = parameter(p).type;
  if (plan.constants.kind(type) == TypeKind::Option) {
    values[p] = Value::optionNone();
    return true;
  }
  diags.reportFile(Diag::MissingArgument, options.plan, {name(p), printType(plan.constants, type)});
  return false;
}

Result<std::vector<Value>> runner::readArguments(const PlanView &plan, uint32_t function,
                                                 const Options &options, DiagnosticEngine &diags) {
  return ArgumentReader(plan, function, options, diags).read();
}
