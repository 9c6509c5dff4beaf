#include "xcs-run/Questions.h"
#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Visible.h"
#include "xcs/World/Redaction.h"
#include <algorithm>
#include <tuple>

using namespace xcs;
using namespace xcs::runner;

/// `NAME#DIGEST=VALUE`. A name may have a `#`, and a digest is what has only hexadecimal digits before a `=`.
/// Without one, the digest is empty.
static std::tuple<std::string, std::string, std::string> splitAnswer(const std::string &text) {
  for (size_t hash = text.find('#'); hash != text.npos; hash = text.find('#', hash + 1)) {
    const size_t end = text.find_first_not_of("0123456789abcdefABCDEF", hash + 1);
    if (end != text.npos && end > hash + 1 && text[end] == '=')
      return {text.substr(0, hash), text.substr(hash + 1, end - hash - 1), text.substr(end + 1)};
  }
  const size_t equals = text.find('=', 1);
  return {text.substr(0, equals), "", text.substr(equals + 1)};
}

bool runner::isOfQuestion(const std::string &answer) { return !std::get<1>(splitAnswer(answer)).empty(); }

Questions::Questions(const Options &options, StandardError &errors)
    : keepsWork(options.keepsWork), terminal(errors, options.readsInput, [this](AskedQuestion &question) {
        {
          MutexLock lock(mutex);
          waiting.insert_or_assign(question.text.name, question.text);
        }
        question.leave();
      }) {
  MutexLock lock(mutex);
  for (const std::string &text : options.answers) {
    Given &one = given.emplace_back();
    std::tie(one.name, one.digest, one.value) = splitAnswer(text);
    givenTo[one.name].push_back(given.size() - 1);
  }
}

/// Whether an answer was given to exactly this question; of several, the last one counts.
bool Questions::answer(AskedQuestion &question) {
  const QuestionText &text = question.text;
  const auto found = givenTo.find(text.name);
  if (found == givenTo.end())
    return false;
  bool isAnswered = false;
  for (size_t i = found->second.size(); i-- != 0;) {
    Given *const one = &given[found->second[i]];
    if (one->digest.empty())
      one->unused = "it does not say to which prompt; write `" + visible(text.id()) +
                    "=..` if it is to: " + text.shortPrompt();
    else if (one->digest != text.digest)
      one->unused = "it is to another prompt, of the digest `" + one->digest + "`; that of this one is `" +
                    text.digest + "`: " + text.shortPrompt();
    else if (isAnswered)
      one->unused = "a later one takes its place";
    else
      isAnswered = (one->unused = question.answer(one->value)).empty();
  }
  return isAnswered;
}

void Questions::ask(std::shared_ptr<AskedQuestion> question) {
  {
    MutexLock lock(mutex);
    if (answer(*question))
      return;
  }
  terminal.ask(std::move(question));
}

void Questions::withdraw(const AskedQuestion &question) {
  terminal.withdraw(question);
  MutexLock lock(mutex);
  waiting.erase(question.text.name);
}

void Questions::end() { terminal.end(); }

/// In the order of iterations, so that the list is the same on every schedule.
static std::pair<std::string, std::vector<uint64_t>> orderOf(const std::string &name) {
  const size_t bracket = name.ends_with(']') ? name.rfind('[') : name.npos;
  std::pair<std::string, std::vector<uint64_t>> out{name.substr(0, bracket), {}};
  for (size_t at = bracket; at != name.npos; at = name.find('.', at + 1))
    out.second.push_back(std::strtoull(name.c_str() + at + 1, nullptr, 10));
  return out;
}

static std::string_view sampleOf(QuestionForm form) {
  switch (form) {
  case QuestionForm::Text:
    return "TEXT";
  case QuestionForm::YesNo:
    return "yes";
  case QuestionForm::Json:
    return "JSON";
  }
  return {};
}

void Questions::report(const std::vector<std::string> &secrets, DiagnosticEngine &diagnostics) const {
  MutexLock lock(mutex);
  for (const Given &one : given)
    if (!one.unused.empty())
      diagnostics.report(Diag::AnswerUnused, {}, {visible(one.name), redactSecrets(one.unused, secrets)});
  if (waiting.empty())
    return;
  std::vector<QuestionText> sorted;
  for (const auto &[name, one] : waiting)
    sorted.push_back(one);
  std::ranges::sort(sorted, {}, [](const QuestionText &one) { return orderOf(one.name); });
  const bool isOne = sorted.size() == 1;
  diagnostics.report(Diag::QuestionsWait, {},
                     {std::to_string(sorted.size()) + (isOne ? " question waits" : " questions wait"),
                      isOne ? "the answer" : "the answers",
                      keepsWork ? "continues where this one stopped" : "does everything again"});
  for (const QuestionText &one : sorted) {
    const std::string word = shellWord(one.id() + "=" + std::string(sampleOf(one.form)));
    diagnostics.report(Diag::QuestionAnswer, {}, {word, redactSecrets(one.shortPrompt(), secrets)});
  }
}
