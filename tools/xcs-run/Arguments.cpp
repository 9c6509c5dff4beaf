#include "xcs-run/Arguments.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

/// The content of a file, or of standard input for `-`. Reads no more than one byte above the limit, and
/// reports what has more.
static bool readInput(const std::string &path, const Limits &limits, Limit limit, std::string &text,
                      DiagnosticEngine &diags) {
  uint64_t most = std::min<uint64_t>(limits[limit], UINT32_MAX); // what a value can hold
  int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status;
  // One byte more than a file has: the read that finds its end needs no second buffer.
  size_t room = descriptor >= 0 && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
                    ? static_cast<size_t>(status.st_size) + 1
                    : 1 << 16;
  size_t used = 0;
  ssize_t count = descriptor < 0 ? -1 : 1;
  while (count > 0 && used <= most) {
    // Only when it is full: a pipe gives little at a time, and growing clears what it adds.
    if (used == text.size())
      text.resize(std::min<size_t>(most + 1, std::max(room, used + used / 2)));
    do
      count = ::read(descriptor, text.data() + used, text.size() - used);
    while (count < 0 && errno == EINTR);
    used += static_cast<size_t>(std::max<ssize_t>(count, 0));
  }
  text.resize(used);
  std::string problem = count < 0 ? std::strerror(errno) : "";
  if (descriptor > STDIN_FILENO)
    ::close(descriptor);
  if (!problem.empty())
    diags.reportFile(Diag::InputUnreadable, path, {path, problem});
  const LimitRow &row = limitRows[static_cast<size_t>(limit)];
  if (problem.empty() && text.size() > most)
    diags.reportFile(Diag::LimitExceeded, path,
                     {"the size of the argument", std::to_string(most), row.unit, row.name});
  return problem.empty() && text.size() <= most;
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
    good &= readAll(options.argumentFiles, "--arg-file");
    good &= readAll(options.arguments, "--arg");
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
  bool readAll(const std::vector<std::string> &arguments, std::string_view flag);
  bool readOne(const std::string &argument, std::string_view flag, std::vector<bool> &given);
  bool setFromText(uint32_t p, std::string_view text, bool isFile);
  bool complete(uint32_t p);
  bool setFromJson(uint32_t p, const Value &json);
  std::optional<uint32_t> find(std::string_view wanted);
  bool complain(uint32_t p, const OpError &error) {
    if (error.id != Diag::LimitExceeded)
      return complain(p, error.message);
    diags.reportFinished(error.id, {options.plan}, "the value of `" + name(p) + "`: " + error.message);
    return false;
  }
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
  return valueFromJson(json, plan.constants, parameter(p).type, options.run.limits, values[p], error) ||
         complain(p, error);
}

/// One object with the values of all parameters. The text is let go of before its values are made.
bool ArgumentReader::readFile() {
  const std::string &file = options.argumentsFile;
  std::string text;
  if (!readInput(file, options.run.limits, Limit::JsonBytes, text, diags))
    return false;
  Value json;
  OpError error;
  if (!parseJson(text, options.run.limits, json, error)) {
    diags.reportFinished(error.id, {file}, error.message);
    return false;
  }
  text = std::string();
  if (json.kind() != ValueKind::Object) {
    diags.reportFile(Diag::JsonMismatch, file, {"the arguments must be one object, {\"name\": value}"});
    return false;
  }
  for (size_t i = 0; i + 1 < json.size(); i += 2) {
    std::optional<uint32_t> p = find(json.items()[i].text());
    if (!p || !setFromJson(*p, json.items()[i + 1]))
      return false;
  }
  return true;
}

bool ArgumentReader::setFromText(uint32_t p, std::string_view text, bool isFile) {
  TypeKind kind = plan.constants.kind(parameter(p).type);
  if (kind == TypeKind::Bytes && isFile) {
    values[p] = Value::bytes(text);
    return true;
  }
  if (kind == TypeKind::Str) {
    if (size_t at = invalidUtf8At(text); at != text.npos)
      return complain(p, "byte " + std::to_string(at) + " is not valid UTF-8");
    values[p] = Value::str(text);
    return true;
  }
  Value json;
  OpError error;
  return parseJson(text, options.run.limits, json, error) ? setFromJson(p, json) : complain(p, error);
}

/// All values of one flag, each parameter at most once: the last of two would win unseen.
bool ArgumentReader::readAll(const std::vector<std::string> &arguments, std::string_view flag) {
  std::vector<bool> given(function.parameterCount);
  bool good = true;
  for (const std::string &argument : arguments)
    good &= readOne(argument, flag, given);
  return good;
}

/// `NAME=VALUE` or `NAME=FILE`.
bool ArgumentReader::readOne(const std::string &argument, std::string_view flag, std::vector<bool> &given) {
  bool isFile = flag == "--arg-file";
  size_t equals = argument.find('=');
  if (equals == std::string::npos) {
    diags.reportFile(Diag::BadFlagValue, "xcs-run", {argument, flag, isFile ? "NAME=FILE" : "NAME=VALUE"});
    return false;
  }
  std::optional<uint32_t> p = find(std::string_view(argument).substr(0, equals));
  if (!p)
    return false;
  if (given[*p]) {
    diags.reportFile(Diag::ArgumentTwice, "xcs-run", {name(*p), flag});
    return false;
  }
  given[*p] = true;
  if (!isFile)
    return setFromText(*p, std::string_view(argument).substr(equals + 1), false);
  std::string text;
  return readInput(argument.substr(equals + 1), options.run.limits, Limit::ValueBytes, text, diags) &&
         setFromText(*p, text, true);
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
