#include "xcsc/PlanCache.h"

using namespace xcs;
using namespace xcs::compiler;

/// Whether a call has no other output than its plan.
static bool wantsPlanAlone(const Options &options) {
  const PassManagerOptions &m = options.manager;
  return options.emit == Emit::Plan && !options.verifyDiagnostics && !options.splitInput &&
         !options.printDiff && options.reproducer.empty() && options.remarks.empty() && !m.printAfterAll &&
         !m.printBeforeAll && m.printBefore.empty() && m.printAfter.empty() && !m.time && !m.stats;
}

/// The options that change a plan, each on a line of its own. Names of passes have no line ends.
static std::string settingsOf(const Options &options) {
  std::string text = "level " + (options.level ? std::to_string(*options.level) : "default") + "\n";
  text += options.rerolls ? "reroll\n" : "";
  if (options.passes)
    text += "passes " + *options.passes + "\n";
  for (const std::string &name : options.manager.disabled)
    text += "without " + name + "\n";
  text += "verify " + std::to_string(options.manager.verifyEach) + std::to_string(options.manager.checkEach) +
          "\n";
  text += "warnings ";
  for (size_t i = 0; i < diagnosticCount(); ++i)
    text += options.warnings.isOff(static_cast<Diag>(i)) ? '0' : '1';
  text += "\nstart " + options.startDirectory + "\n";
  for (const std::string &directory : options.imports)
    text += "imports " + directory + "\n";
  for (size_t i = 0; i < limitCount; ++i)
    text +=
        std::string(limitRows[i].name) + " " + std::to_string(options.limits[static_cast<Limit>(i)]) + "\n";
  return text;
}

PlanCache::PlanCache(const Options &options, ImportedFiles &imports, DiagnosticEngine &diagnostics)
    : diagnostics(diagnostics), imports(imports), record(imports) {
  if (options.compileCache.empty() || !wantsPlanAlone(options))
    return;
  directory.emplace(options.compileCache, options.limits, diagnostics);
  tool = toolIdentity();
  settings = settingsOf(options);
}

PlanDirectory::Program PlanCache::programOf(const SourceBuffer &program) const {
  return {tool, settings, program.name(), program.text()};
}

std::optional<std::string> PlanCache::find(const SourceBuffer &program) {
  std::optional<std::string> plan;
  if (directory)
    plan = directory->find(programOf(program), imports);
  countBefore = diagnostics.all().size();
  return plan;
}

void PlanCache::store(const SourceBuffer &program, std::string_view plan) {
  if (directory && diagnostics.all().size() == countBefore)
    directory->store(programOf(program), record.imports(), plan);
}
