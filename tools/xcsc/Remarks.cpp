#include "xcsc/Remarks.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/NearestName.h"

using namespace xcs;

static std::string_view classOf(const DiagnosticRow &row) {
  if (row.kind.starts_with("not-") || row.kind.starts_with("kept-"))
    return "missed";
  return row.kind == rowOf(Diag::PatternFound).kind ? "analysis" : "passed";
}

bool compiler::chooseRemarks(std::string_view name, std::vector<bool> &rows) {
  rows.resize(diagnosticCount());
  bool found = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    const DiagnosticRow &row = rowOf(static_cast<Diag>(i));
    if (row.severity != Severity::Remark || (name != "all" && name != row.kind && name != classOf(row)))
      continue;
    rows[i] = true;
    found = true;
  }
  return found;
}

std::string compiler::remarkForm(std::string_view wrong) {
  NearestName nearest(wrong);
  for (std::string_view word : {"all", "passed", "missed", "analysis"})
    nearest.offer(word);
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (const DiagnosticRow &row = rowOf(static_cast<Diag>(i)); row.severity == Severity::Remark)
      nearest.offer(row.kind);
  return "`all`, `passed`, `missed`, `analysis` or kinds of remarks" + nearest.suggestion();
}
