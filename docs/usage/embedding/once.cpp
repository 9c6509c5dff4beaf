// Compiles a program from its text and runs it once, with arguments and result as JSON and the permissions
// that are granted here.
#include "xcs/Compiler/Compiler.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Border.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

static const char text[] = R"(
func @main(%names: list<str>) -> i64 {
  %number = list.len(%names) : i64
  return(%number)
}
)";

static ExitCode run(const PlanView &plan, std::string arguments, DiagnosticEngine &diagnostics) {
  const auto function = findEntry(plan, "main", "names", diagnostics);
  if (!function)
    return diagnostics.exitCode();
  const RunOptions options;
  Arguments reader(plan, *function, options.limits, "names", diagnostics);
  if (!reader.setFromObject(std::move(arguments), "arguments"))
    return diagnostics.exitCode();
  auto values = reader.take();
  if (!values)
    return diagnostics.exitCode();
  const WorldOptions world; // grants nothing
  Executor executor(plan, options, liveWorld(plan, world));
  const RunReport report = executor.run(*function, std::move(*values));
  if (!report.ok) {
    reportFailure(plan, report, "names", diagnostics);
    return exitCodeOf(report);
  }
  if (auto result = resultsAsJson(plan, *function, report, diagnostics))
    llvm::outs() << *result;
  return diagnostics.exitCode();
}

int main(int argc, char **argv) {
  DiagnosticEngine diagnostics(&llvm::errs());
  auto source = std::make_shared<SourceBuffer>("names", text);
  auto bytes = compile(source, CompileOptions(), diagnostics);
  if (!bytes)
    return static_cast<int>(diagnostics.exitCode());
  auto file = PlanFile::fromBytes(*bytes, "names", diagnostics, Limits());
  if (!file)
    return static_cast<int>(diagnostics.exitCode());
  return static_cast<int>(
      run((*file)->view(), argc > 1 ? argv[1] : R"({"names": ["Ada", "Grace"]})", diagnostics));
}
