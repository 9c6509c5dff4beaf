#pragma once
#include "xcs-run/Options.h"
#include "xcs-run/Terminal.h"
#include "xcs/World/People.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace xcs::runner {

/// Whether an `--answer` is to a question: with the digest of its prompt.
bool isOfQuestion(const std::string &answer);

/// Who answers the questions of a run: `--answer`, else the person at the terminal, else no one. Thread
/// safety: all members; `report` after `end`.
class Questions final : public People {
public:
  Questions(const Options &options, StandardError &errors);

  void ask(std::shared_ptr<AskedQuestion> question) override;
  void withdraw(const AskedQuestion &question) override;

  /// The run is over: no one is asked any more.
  void end();
  /// Reports answers that were not used, and the questions that wait, each with what to give to the next run.
  void report(const std::vector<std::string> &secrets, DiagnosticEngine &diagnostics) const;

private:
  /// One `--answer`.
  struct Given {
    std::string name, digest, value;
    std::string unused = "the run asks no question of this name"; // why; empty: it is used
  };
  bool answer(AskedQuestion &question) XCS_REQUIRES(mutex);

  const bool keepsWork;
  mutable Mutex mutex;
  std::vector<Given> given XCS_GUARDED_BY(mutex);
  std::map<std::string, std::vector<size_t>> givenTo XCS_GUARDED_BY(mutex); // the numbers of those, by name
  std::map<std::string, QuestionText> waiting XCS_GUARDED_BY(mutex);        // that no one answers, by name
  Terminal terminal;                                                        // last: its thread uses the rest
};

} // namespace xcs::runner
