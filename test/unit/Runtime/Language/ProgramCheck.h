#pragma once
#include "Runtime/Language/Reference.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/Executor.h"
#include "xcs/World/LiveWorld.h"
#include <functional>
#include <optional>
#include <string>

namespace xcs {

/// What was found wrong with a program: a few words that say which promise is broken, and the particulars.
struct Finding {
  std::string kind, detail;
};

/// Holds the promises of the language against one program: it is accepted; printed, read and printed again it
/// is the same; run without optimisation and with it, on one thread and several, under every schedule it
/// gives the results, the error, the log lines and the files that the reference gives. Changes the working
/// directory while it lives: programs run in a directory of their own.
class ProgramCheck {
public:
  ProgramCheck();
  ~ProgramCheck();
  ProgramCheck(const ProgramCheck &) = delete;

  std::optional<Finding> check(const std::string &text, uint64_t seed);

  /// Runs the reference alone on a program whose draws have names; none when the program is refused or says
  /// nothing (see Interpreter::gaveUp).
  struct Expected {
    reference::Interpreter::Outcome outcome;
    reference::World world;
    std::map<size_t, std::vector<std::string>> lines;
    bool lostSome = false;
    std::set<OpCode> ran;
  };
  std::optional<Expected> expected(const Module &module, uint64_t seed);
  std::unique_ptr<Module> parse(const std::string &text, std::string &messages);

  size_t good = 0, failed = 0, undecided = 0; // programs, by how the reference ended

private:
  struct Ran {
    RunReport report;
    std::vector<std::string> lines;
    std::map<std::string, std::string> files;
    std::vector<std::string> samples, writes; // identities, sorted
  };
  std::optional<Finding> roundTrip(const Module &module);
  std::unique_ptr<PlanFile> planOf(const std::string &text, unsigned level, std::string &messages);
  std::string optimized(const std::string &text, unsigned level, std::string &messages);
  std::optional<Finding> compareDraws(const Ran &ran, const PlanView &plan, const Ran &first) const;
  std::optional<Finding> compareRuns(const Ran &ran, const Ran &first, const Expected &wanted,
                                     const PlanView &plan);
  Ran run(const PlanView &plan, RunOptions options, const Module &module, uint64_t seed);
  std::optional<Finding> compare(const Ran &ran, const Expected &wanted, const PlanView &plan,
                                 const Module &module, bool places) const;
  std::optional<Finding> compareFailure(const RunFailure &got, const reference::FailedOp &wanted,
                                        const PlanView &plan, bool places) const;
  std::optional<Finding> compareLines(const std::vector<std::string> &got, const Expected &wanted) const;
  static reference::World freshWorld(uint64_t seed);
  void fillDirectory() const;
  std::map<std::string, std::string> filesThere() const;

  std::string directory, before;
  Grants grants;
  bool touchesFiles = false, logs = false; // the program under test
};

/// The program with everything left out or made plain that can be while `fails` holds of it; tries at most so
/// many programs.
std::string shrink(const std::string &text, const std::function<bool(const std::string &)> &fails,
                   size_t most = 500);

} // namespace xcs
