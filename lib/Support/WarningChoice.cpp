#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

static bool isNamed(const DiagnosticRow &row, std::string_view name) {
  if (row.severity != Severity::Warning)
    return false;
  return name == "all" || row.kind == name ||
         (row.kind.size() > name.size() && row.kind.starts_with(name) && row.kind[name.size()] == '-');
}

bool WarningChoice::set(std::vector<bool> &rows, std::string_view name, bool value) {
  rows.resize(diagnosticCount());
  bool found = false;
  for (size_t i = 0; i < rows.size(); ++i)
    if (isNamed(rowOf(static_cast<Diag>(i)), name)) {
      rows[i] = value;
      found = true;
    }
  return found;
}

bool WarningChoice::choose(std::string_view name) {
  if (name == "error" || name == "no-error") {
    allErrors = name == "error";
    return true;
  }
  static constexpr std::string_view error = "error=", no = "no-";
  if (name.starts_with(error))
    return set(errors, name.substr(error.size()), true);
  if (name.starts_with(no))
    return set(off, name.substr(no.size()), true);
  return set(off, name, false);
}

std::string xcs::nearestWarning(std::string_view wrong) {
  const std::string_view prefix = wrong.starts_with("no-") ? "no-" : "";
  NearestName nearest(wrong.substr(prefix.size()));
  for (std::string_view word : {"error", "all", "unused"})
    nearest.offer(word);
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (const DiagnosticRow &row = rowOf(static_cast<Diag>(i)); row.severity == Severity::Warning)
      nearest.offer(row.kind);
  return nearest.suggestion(prefix);
}
