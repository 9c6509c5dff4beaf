#include "xcsc/Pages.h"
#include "xcs/Ops/OpDocs.h"
#include "xcs/Transforms/Pass.h"
#include "xcsc/Dictionary.h"
#include "xcsc/Grammar.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;
using namespace xcs::compiler;

/// The passes that a level runs, in its order: `canonicalize, cse, schedule(no-clusters)`.
static void printLevel(unsigned level, llvm::raw_ostream &out) {
  out << "| `-O" << level << "` | ";
  bool first = true;
  for (const PipelineStep &step : defaultPipeline(level)) {
    out << (first ? "`" : ", `") << step.row->name;
    if (!step.options.empty())
      out << '(' << step.options << ')';
    out << '`';
    first = false;
  }
  out << " |\n";
}

static void printPasses(llvm::raw_ostream &out) {
  out << "# Passes\n\n| pass | options | what it does |\n| --- | --- | --- |\n";
  for (const PassRow &row : allPasses()) {
    out << "| `" << row.name << "` | ";
    if (!row.options.empty())
      out << '`' << row.options << '`';
    out << " | " << row.summary << " |\n";
  }
  out << "\n## Levels\n\n| level | passes |\n| --- | --- |\n";
  for (unsigned level = 0; level <= 3; ++level)
    printLevel(level, out);
}

static void printPatterns(llvm::raw_ostream &out) {
  out << "# Patterns\n\nIf an operation is in several matches, the first row names it.\n\n| pattern | "
         "what it is |\n| --- | --- |\n";
#define XCS_PATTERN(name, summary)                                                                           \
  out << "| `" << llvm::StringRef(#name).lower() << "` | " << summary << " |\n";
#include "xcs/Patterns/Patterns.def"
}

void compiler::printPage(Page page, llvm::raw_ostream &out) {
  switch (page) {
  case Page::None:
    return;
  case Page::Ops:
    return printOpDocs(out);
  case Page::Resources:
    return printResourceDocs(out);
  case Page::Limits:
    return printLimitDocs(out);
  case Page::Diagnostics:
    return printDiagnosticDocs(out);
  case Page::Passes:
    return printPasses(out);
  case Page::Patterns:
    return printPatterns(out);
  case Page::Grammar:
    return printGrammar(out);
  case Page::Dictionary:
    return printDictionary(out);
  }
}
