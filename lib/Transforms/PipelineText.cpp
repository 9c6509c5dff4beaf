#include "Transforms/CommaList.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Transforms/Pass.h"

using namespace xcs;

static bool reportUnknownPass(std::string_view name, DiagnosticEngine &diagnostics) {
  NearestName nearest(name);
  for (const PassRow &row : allPasses())
    nearest.offer(row.name);
  diagnostics.report(Diag::UnknownPass, {}, {name, nearest.suggestion()});
  return false;
}

static bool checkOptions(const PassRow &row, std::string_view options, DiagnosticEngine &diagnostics) {
  bool good = true;
  for (std::string_view option : CommaList(options)) {
    bool known = false;
    NearestName nearest(option);
    for (std::string_view other : CommaList(row.options)) {
      nearest.offer(other);
      known |= other == option;
    }
    if (!known)
      diagnostics.report(Diag::UnknownPassOption, {}, {row.name, option, nearest.suggestion()});
    good &= known;
  }
  return good;
}

/// One part of a pipeline, `name` or `name(options)`.
static bool parseStep(std::string_view part, PipelineSteps &steps, DiagnosticEngine &diagnostics) {
  size_t open = part.find('(');
  std::string_view name = part.substr(0, open), options;
  bool good = !name.empty() && name.find(')') == std::string_view::npos;
  if (open != std::string_view::npos) {
    size_t close = part.find(')', open);
    good &= close == part.size() - 1;
    options = part.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  }
  if (!good) {
    diagnostics.report(Diag::BadPipeline, {}, {part});
    return false;
  }
  const PassRow *row = findPass(name);
  if (!row)
    return reportUnknownPass(name, diagnostics);
  steps.push_back({row, std::string(options)});
  return checkOptions(*row, options, diagnostics);
}

Result<PipelineSteps> xcs::parsePipeline(std::string_view text, DiagnosticEngine &diagnostics) {
  PipelineSteps steps;
  bool good = true;
  for (std::string_view part : CommaList(text))
    good &= parseStep(part, steps, diagnostics);
  if (!good)
    return Failure();
  return steps;
}
