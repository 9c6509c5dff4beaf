#pragma once
#include "Common/CommonFlags.h"
#include "xcs-run/Options.h"

namespace xcs::runner {

/// When a run stops.
struct StopFlags {
  explicit StopFlags(llvm::cl::OptionCategory &group);
  llvm::cl::opt<std::string> budget;
  tools::Switch keepGoing;
};

/// Where answers come from besides the world, and where they go.
struct AnswerFlags {
  AnswerFlags(llvm::cl::OptionCategory &runGroup, llvm::cl::OptionCategory &outputGroup);
  llvm::cl::opt<std::string> record, replay, cache, cacheSize;
  llvm::cl::list<std::string> why;
};

/// What is kept of a run for the next one.
struct JournalFlags {
  JournalFlags(llvm::cl::OptionCategory &runGroup, llvm::cl::OptionCategory &outputGroup);
  llvm::cl::opt<std::string> file;
  tools::WordFlag<Resume> resume;
  llvm::cl::list<std::string> inDoubt;
  tools::WordFlag<Durability> durability;
  tools::Switch planRun;
};

/// The flags of a run, created when the command line is read: no work before main.
struct Flags {
  /// `tool`: `xcs-run` or `xcs run`, which takes programs too.
  explicit Flags(const std::string &tool);
  std::string tool;
  tools::FlagGroups groups;
  llvm::cl::OptionCategory grantGroup{"Permissions"}, outputGroup{"Output"}, runGroup{"Execution"};
  tools::CommonFlags common;
  llvm::cl::list<std::string> plans, arg, argFile;
  llvm::cl::opt<std::string> args, output, entry;
  tools::NumberFlag<unsigned> jobs;
  tools::WordFlag<Schedule> schedule;
  llvm::cl::list<std::string> allowNet, denyNet, allowSecret, allowEnv, denyEnv, allowRead, denyRead,
      allowWrite, denyWrite, allowRun, denyRun;
  tools::Switch allowAll;
  llvm::cl::list<std::string> secretFile, grants;
  llvm::cl::list<std::string> answer{
      "answer",
      llvm::cl::desc("Answer of a question of ask.human, as a run that waits for it names it; or the "
                     "result, as JSON, of an operation that is in doubt"),
      llvm::cl::value_desc("NAME#DIGEST=VALUE|OP=JSON"), llvm::cl::cat(groups.main)};
  tools::NumberFlag<uint64_t> seed;
  StopFlags stops{runGroup};
  llvm::cl::opt<std::string> timeout;
  AnswerFlags answers;
  JournalFlags journal;
  llvm::cl::opt<std::string> trace;
  tools::WordFlag<StatsForm> stats;
  tools::NumberFlag<unsigned> repeat;
  tools::WordFlag<Progress> progress;
  tools::WordFlag<Explained> explain;
  tools::Switch dump;
  llvm::cl::extrahelp examples;
};

/// What the flags say; reports what cannot be used.
Result<Options> readFlags(const Flags &flags);

/// Adds the grants of the flags and of the files that they name to `out`; reports what cannot be granted.
bool readGrants(const Flags &flags, Options &out, DiagnosticEngine &diagnostics);

} // namespace xcs::runner
