#pragma once
#include "xcs/Runtime/Executor.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/World/Budget.h"
#include "xcs/World/Grants.h"
#include "xcs/World/Journals.h"
#include <map>
#include <string>
#include <vector>

namespace xcs::runner {

enum class StatsForm : uint8_t { None, Text, Json };
enum class Explained : uint8_t { None, All, Grants };
/// Auto: Line if standard error is a terminal, else Plain.
enum class Progress : uint8_t { Auto, Line, Plain, None };

/// What a journal survives.
enum class Durability : uint8_t { Process, Machine };
enum class Resume : uint8_t { No, Fitting, Strict };

struct JournalOptions {
  std::string file; // empty: none
  Resume resume = Resume::No;
  bool isDry = false; // --plan-run
  Durability durability = Durability::Process;
  DoubtRules rules;
};

/// The command line of `xcs-run`.
struct Options {
  std::string plan, entry, argumentsFile, output, trace;
  std::string record, replay; // folders; empty: none
  JournalOptions journal;
  std::vector<std::string> answers; // NAME#DIGEST=VALUE, of questions
  bool readsInput = false;          // standard input is the plan, an argument or the like
  bool keepsWork = false;           // the next run continues where this one stopped
  std::string cache;                // likewise
  uint64_t cacheBytes = uint64_t(1) << 30;
  std::vector<std::string> why; // names of results and operations
  // The files that the plan was compiled from in this process, besides its own.
  std::vector<std::string> parts;
  std::vector<std::string> ownInputs;     // the files of grants and of secrets
  std::vector<std::string> arguments;     // NAME=VALUE
  std::vector<std::string> argumentFiles; // NAME=FILE
  RunOptions run;
  BudgetLimits budget;
  Grants grants;
  std::map<std::string, std::string, std::less<>> secrets; // of --secret-file, by name
  StatsForm stats = StatsForm::None;
  DiagnosticFormat diagnostics = DiagnosticFormat::Text;
  unsigned repeat = 1;
  Explained explain = Explained::None;
  bool dump = false;
  bool colour = false; // of messages
  Progress progress = Progress::Auto;
  std::string tool; // in messages
};

/// Reads the command line. Exits for --help and --version. What is wrong is reported; then the result is a
/// failure.
Result<Options> readOptions(int argc, char **argv);

} // namespace xcs::runner
