#include "xcs/ProgramPlan.h"
#include "xcs/Support/ReadFile.h"
#include "xcsc/Compilation.h"
#include "xcsc/Input.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

/// Compiles a program; its module is gone when this returns. Appends the other files of the program to
/// `parts`.
static Result<std::string> compileText(std::string text, const compiler::Options &options,
                                       std::vector<std::string> &parts, DiagnosticEngine &diagnostics) {
  compiler::Compilation compilation(options, diagnostics);
  auto source = std::make_shared<SourceBuffer>(compiler::inputName(options.input), std::move(text));
  std::string plan;
  llvm::raw_string_ostream out(plan);
  const bool good = compilation.run(std::move(source)).ok() && compilation.emit(out).ok();
  diagnostics.finish();
  compilation.flush();
  parts.insert(parts.end(), compilation.filesRead().begin(), compilation.filesRead().end());
  if (!good)
    return Failure{};
  return plan;
}

static Result<driver::ProgramPlan> readPlan(const std::string &path, const compiler::Options &options,
                                            const Limits &limits, DiagnosticEngine &diagnostics) {
  const std::string name = compiler::inputName(path);
  auto text = readFile(path, std::max(limits[Limit::SourceBytes], limits[Limit::PlanBytes]) + 1);
  if (!text) {
    diagnostics.reportFile(Diag::InputUnreadable, name, {name, text.error().message()});
    return Failure{};
  }
  std::vector<std::string> parts;
  auto plan = compiler::isPlan(*text) ? Result<std::string>(std::move(*text))
                                      : compileText(std::move(*text), options, parts, diagnostics);
  if (!plan)
    return Failure{};
  auto file = PlanFile::fromBytes(*plan, name, diagnostics, limits);
  if (!file)
    return Failure{};
  return driver::ProgramPlan{std::move(*file), std::move(parts)};
}

Result<driver::ProgramPlan> driver::planOf(const std::string &path, const compiler::Options &options,
                                           const Limits &limits, ExitCode &exit) {
  DiagnosticEngine diagnostics(&llvm::errs(), options.diagnostics);
  diagnostics.setColour(options.colour);
  diagnostics.setWarnings(options.warnings);
  diagnostics.showRemarks(false);
  auto plan = readPlan(path, options, limits, diagnostics);
  if (!plan)
    exit = diagnostics.exitCode();
  return plan;
}

static std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

static bool makeFolder(const std::string &path) {
  return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

std::string driver::usualCache() {
  std::string folder = variable("XDG_CACHE_HOME");
  if (folder.empty() && !variable("HOME").empty())
    folder = variable("HOME") + "/.cache";
  if (folder.empty() || folder[0] != '/')
    return {};
  for (const char *part : {"", "/xcs", "/plans"})
    if (folder += part; !makeFolder(folder))
      return {};
  struct stat status;
  const bool isOurs = ::stat(folder.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
                      (status.st_mode & 0777) == 0700 && ::access(folder.c_str(), W_OK | X_OK) == 0;
  return isOurs ? folder : std::string();
}
