#include "xcs-run/Arguments.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::runner;

namespace {

/// Reads the values that the command line gives to the parameters of a function.
class ArgumentReader {
public:
  ArgumentReader(const PlanView &plan, uint32_t function, const Options &options, DiagnosticEngine &diags)
      : count(plan.functions[function].parameterCount), options(options), diags(diags),
        arguments(plan, function, options.run.limits, options.plan, diags) {}

  Result<std::vector<Value>> read() {
    bool good = options.argumentsFile.empty() || readObject();
    good &= readAll(options.argumentFiles, "--arg-file");
    good &= readAll(options.arguments, "--arg");
    if (!good)
      return Failure{};
    return arguments.take();
  }

private:
  bool readObject();
  bool readAll(const std::vector<std::string> &given, std::string_view flag);
  bool readOne(const std::string &argument, std::string_view flag, std::vector<bool> &given);
  Result<std::string> contentOf(const std::string &path, Limit limit);

  size_t count; // of parameters
  const Options &options;
  DiagnosticEngine &diags;
  Arguments arguments;
};

} // namespace

/// The content of a file, or of standard input for `-`; reports what cannot be read and what is above the
/// limit.
Result<std::string> ArgumentReader::contentOf(const std::string &path, Limit limit) {
  uint64_t most = std::min<uint64_t>(options.run.limits[limit], UINT32_MAX); // what a value can hold
  auto text = readFile(path, most + 1);
  if (!text) {
    diags.reportFile(Diag::InputUnreadable, path, {path, text.error().message()});
    return Failure{};
  }
  if (text->size() > most) {
    diags.reportFile(limitError(limit, most, "the size of the argument"), path);
    return Failure{};
  }
  return std::move(*text);
}

/// One object with the values of all parameters.
bool ArgumentReader::readObject() {
  auto text = contentOf(options.argumentsFile, Limit::JsonBytes);
  if (text && text->starts_with(byteOrderMark))
    text->erase(0, byteOrderMark.size());
  return text && arguments.setFromObject(std::move(*text), options.argumentsFile);
}

/// All values of one flag, each parameter at most once: otherwise the last of two would win silently.
bool ArgumentReader::readAll(const std::vector<std::string> &all, std::string_view flag) {
  std::vector<bool> given(count);
  bool good = true;
  for (const std::string &argument : all)
    good &= readOne(argument, flag, given);
  return good;
}

/// `NAME=VALUE` or `NAME=FILE`.
bool ArgumentReader::readOne(const std::string &argument, std::string_view flag, std::vector<bool> &given) {
  bool isFile = flag == "--arg-file";
  size_t equals = argument.find('=');
  if (equals == std::string::npos) {
    diags.reportFile(Diag::BadFlagValue, options.tool, {argument, flag, isFile ? "NAME=FILE" : "NAME=VALUE"});
    return false;
  }
  std::optional<uint32_t> p = arguments.find(std::string_view(argument).substr(0, equals));
  if (!p)
    return false;
  if (given[*p]) {
    diags.reportFile(Diag::ArgumentTwice, options.tool, {arguments.name(*p), flag});
    return false;
  }
  given[*p] = true;
  if (!isFile)
    return arguments.setFromText(*p, std::string_view(argument).substr(equals + 1));
  auto content = contentOf(argument.substr(equals + 1), Limit::ValueBytes);
  return content && arguments.setFromContent(*p, *content);
}

Result<std::vector<Value>> runner::readArguments(const PlanView &plan, uint32_t function,
                                                 const Options &options, DiagnosticEngine &diags) {
  return ArgumentReader(plan, function, options, diags).read();
}
