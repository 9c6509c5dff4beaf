#include "xcs-run/Journals.h"
#include "xcs-run/Questions.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Counted.h"
#include "xcs/Support/Visible.h"
#include <algorithm>
#include <unistd.h>

using namespace xcs;
using namespace xcs::runner;

static void reportUnusable(const std::string &path, const JournalError &error,
                           DiagnosticEngine &diagnostics) {
  switch (error.kind) {
  case JournalError::Kind::File:
    diagnostics.reportFile(Diag::JournalNotWritten, path, {error.why});
    return;
  case JournalError::Kind::Exists:
    diagnostics.reportFile(Diag::JournalExists, path, {path});
    return;
  case JournalError::Kind::Missing:
    diagnostics.reportFile(Diag::JournalBegun, path, {path});
    return;
  case JournalError::Kind::InUse:
    diagnostics.reportFile(Diag::JournalInUse, path, {path, error.why});
    return;
  case JournalError::Kind::Network:
    diagnostics.reportFile(Diag::JournalOnNetwork, path, {path});
    return;
  case JournalError::Kind::Damaged:
    diagnostics.reportFile(Diag::JournalDamaged, path, {path, error.why});
    return;
  }
}

/// Whether it is of this function; a difference that is allowed is reported.
static bool fits(const std::string &path, const JournalHead &was, const JournalHead &is, bool isStrict,
                 DiagnosticEngine &diagnostics) {
  if (was.entry != is.entry || was.signature != is.signature) {
    diagnostics.reportFile(Diag::JournalOfOther, path,
                           {path, was.entry, was.signature, is.entry, is.signature});
    return false;
  }
  std::string what;
  if (was.program != is.program)
    what = was.arguments != is.arguments ? "the program and its arguments are" : "the program is";
  else if (was.arguments != is.arguments)
    what = "the arguments are";
  if (what.empty())
    return true;
  diagnostics.reportFile(isStrict ? Diag::JournalDiffers : Diag::JournalDiffersNow, path, {what, path});
  return !isStrict;
}

/// What was lost of it or is damaged; false if the run must not start.
static bool isWhole(const std::string &path, const JournalContent &content, const DoubtRules &rules,
                    DiagnosticEngine &diagnostics) {
  std::string what;
  if (content.lost)
    what = counted(content.lost, "row") + " lost";
  if (content.damaged)
    what += (what.empty() ? "" : ", ") + counted(content.damaged, "row") + " damaged";
  if (what.empty() && content.mayLackWrites)
    what = "`" + path + "-count` does not say how many there were";
  if (what.empty())
    return true;
  if (!content.mayLackWrites) {
    diagnostics.reportFile(Diag::JournalRowsLost, path, {path, what});
    return true;
  }
  if (rules.all != DoubtRules::Rule::Stop)
    return true;
  diagnostics.reportFile(Diag::JournalLost, path, {path, what});
  return false;
}

/// Names that no operation in doubt has. Which are is not known before the run if answers are lost, because
/// writes may get others, or if one in doubt has another name now.
static bool areKnown(const PlanView &plan, const JournalContent &content, const DoubtRules &rules,
                     DiagnosticEngine &diagnostics) {
  const std::vector<JournalEntry> gone = strangers(plan, content);
  const auto isInDoubt = [](const JournalEntry &entry) { return entry.isInDoubt(); };
  const bool mayBeOthers = content.mayLackWrites || content.damaged || content.lost ||
                           std::any_of(gone.begin(), gone.end(), isInDoubt);
  const auto isThere = [&](const std::string &at) {
    for (const auto &[key, entry] : content.entries)
      if (entry.at == at && (entry.isInDoubt() || entry.isOnce))
        return true;
    return mayBeOthers;
  };
  bool areAll = true;
  const auto check = [&](const std::string &at, const char *flag) {
    if (isThere(at))
      return;
    diagnostics.reportFile(
        Diag::BadFlagValue, "xcs-run",
        {at, flag, "the name of an operation that is in doubt, as the message about it has it"});
    areAll = false;
  };
  for (const auto &[at, rule] : rules.each)
    check(at, "--in-doubt");
  for (const auto &[at, value] : rules.answers)
    check(at, "--answer");
  return areAll;
}

/// Takes out of the answers those that are not of questions: results of operations in doubt.
static bool takeResults(Options &options, const JournalContent &content, DoubtRules &rules,
                        DiagnosticEngine &diagnostics) {
  std::vector<std::string> doubts;
  for (const auto &[key, entry] : content.entries)
    if (entry.isInDoubt())
      doubts.push_back(entry.at);
  bool good = true;
  std::erase_if(options.answers, [&](const std::string &text) {
    const auto named = std::find_if(doubts.begin(), doubts.end(),
                                    [&](const std::string &at) { return text.starts_with(at + "="); });
    if (named == doubts.end() && isOfQuestion(text))
      return false;
    const size_t split = named == doubts.end() ? text.find('=', 1) : named->size();
    Value json;
    OpError error;
    if (parseJson(text.substr(split + 1), options.run.limits, json, error)) {
      rules.answers[text.substr(0, split)] = std::move(json);
    } else {
      diagnostics.reportFile(Diag::BadFlagValue, options.tool,
                             {text, "--answer", "`OP=JSON`: " + error.message});
      good = false;
    }
    return true;
  });
  return good;
}

/// Opens the journal, or begins one; reports why neither can be.
static std::unique_ptr<Journal> openOrBegin(const JournalOptions &given, const JournalHead &head,
                                            bool &isResumed, DiagnosticEngine &diagnostics) {
  const Journal::Options how{.durable = given.durability == Durability::Machine};
  auto opened =
      given.resume == Resume::No ? Journal::create(given.file, head, how) : Journal::open(given.file, how);
  isResumed = opened.ok() && given.resume != Resume::No;
  const bool isMissing = !opened && opened.error().kind == JournalError::Kind::Missing;
  if (isMissing && given.isDry) {
    diagnostics.reportFile(Diag::InputUnreadable, given.file, {given.file, "there is no such journal"});
    return nullptr;
  }
  if (isMissing && given.resume != Resume::No) {
    reportUnusable(given.file, opened.error(), diagnostics);
    opened = Journal::create(given.file, head, how);
  }
  if (opened)
    return std::move(*opened);
  reportUnusable(given.file, opened.error(), diagnostics);
  return nullptr;
}

/// Whether nothing is left in doubt that no rule is about; reports what is, and what is no longer asked for.
static bool isSettled(const PlanView &plan, const JournalContent &content, const JournalOptions &given,
                      const DoubtRules &rules, DiagnosticEngine &diagnostics) {
  for (const JournalEntry &entry : strangers(plan, content))
    diagnostics.reportFile(Diag::JournalStranger, given.file, {visible(entry.at)});
  if (given.isDry)
    return true;
  const std::vector<JournalEntry> doubts = openDoubts(content, rules);
  for (const JournalEntry &entry : doubts)
    diagnostics.reportFile(Diag::InDoubt, given.file, {visible(entry.at)});
  return doubts.empty();
}

std::unique_ptr<JournalUser> JournalUser::open(const PlanView &plan, uint32_t function, Options &options,
                                               std::span<const Value> arguments,
                                               DiagnosticEngine &diagnostics) {
  auto out = std::make_unique<JournalUser>();
  const JournalOptions &given = options.journal;
  out->path = given.file;
  const JournalHead head = journalHead(
      plan, function, arguments, options.run.seed ? *options.run.seed : options.run.host->entropy() >> 11);
  out->journal = openOrBegin(given, head, out->isResumed, diagnostics);
  if (!out->journal)
    return nullptr;
  const JournalHead &was = out->journal->head();
  const JournalContent &content = out->journal->content();
  DoubtRules rules = given.rules;
  if (!takeResults(options, content, rules, diagnostics) ||
      !fits(given.file, was, head, given.resume == Resume::Strict, diagnostics) ||
      !isWhole(given.file, content, rules, diagnostics) || !areKnown(plan, content, rules, diagnostics) ||
      !isSettled(plan, content, given, rules, diagnostics))
    return nullptr;
  options.run.seed = was.seed;
  out->use.rules = rules;
  out->use.isSameRun = was.program == head.program && was.arguments == head.arguments;
  out->use.isDry = given.isDry;
  if (given.isDry) {
    out->use.told = [user = out.get()](uint32_t op, const std::string &at, JournalMeaning meaning) {
      user->forecast.add(op, at, meaning);
    };
    return out;
  }
  JournalRow begun;
  begun.kind = JournalRow::Kind::Begun;
  begun.body = std::to_string(::getpid()) + " " + std::to_string(options.run.host->timeOfDay());
  out->journal->append(std::move(begun));
  return out;
}

MakeWorld JournalUser::world(const PlanView &plan, const Limits &limits, MakeWorld inner) const {
  if (use.isDry)
    inner = dryWorld(plan, std::move(inner));
  return journaledWorld(plan, limits, std::move(inner), journal, use, counts);
}

ExitCode JournalUser::close(const RunReport &report, DiagnosticEngine &diagnostics) {
  JournalRow ended;
  ended.kind = JournalRow::Kind::Ended;
  ended.body = report.ok ? "done" : rowOf(report.failure.id).kind;
  journal->append(std::move(ended));
  {
    MutexLock lock(counts->mutex);
    for (const auto &[now, before] : counts->renamed)
      diagnostics.reportFile(Diag::JournalRenamed, path, {visible(now), visible(before)});
  }
  if (isResumed)
    diagnostics.reportFile(
        Diag::JournalResumed, path,
        {counted(counts->taken, "answer"), path, counted(counts->carriedOut, "operation")});
  const auto problem = journal->flush();
  MutexLock lock(counts->mutex);
  for (const std::string &at : counts->unkept)
    diagnostics.reportFile(Diag::InDoubt, path, {visible(at)});
  if (problem) {
    diagnostics.reportFile(Diag::JournalNotWritten, path, {problem->why});
    return counts->unkept.empty() ? ExitCode::BadUsage : ExitCode::OutcomeUnknown;
  }
  return ExitCode::Done;
}
