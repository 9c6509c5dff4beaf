#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xcs {

/// What the answer to a question has to be.
enum class QuestionForm : uint8_t {
  Text,
  YesNo, // `yes`, `no`, `y`, `n`, `true` or `false`, in any case
  Json,
};
/// `a text`, `yes or no`, `JSON`.
std::string_view questionFormName(QuestionForm form);

/// What a question says.
struct QuestionText {
  /// Its `name` after those of the calls that lead to it, and the iterations around it: `approve[3]`. No two
  /// questions of a run have the same.
  std::string name;
  /// The first 8 hexadecimal digits of the SHA-256 of the prompt: another prompt has, but for an accident of
  /// one in four billion, another digest. Whoever may choose a prompt can search for one with a given digest.
  std::string digest;
  std::string prompt; // may have any characters; show it through Visible.h
  QuestionForm form = QuestionForm::Text;
  int64_t timeout = 0;   // after which it is withdrawn, in nanoseconds; 0: none
  std::string byDefault; // the answer after that, as text or JSON; empty: there is none

  /// `approve[3]#1f9c0a77`: which question, and of which prompt.
  std::string id() const { return name + "#" + digest; }
  /// The beginning of the prompt, in one line for a message.
  std::string shortPrompt() const;
};

/// A question of a run to a person (`ask.human`) that is open. Thread safety: all members, from any thread;
/// it may outlive the run.
class AskedQuestion {
public:
  explicit AskedQuestion(QuestionText text) : text(std::move(text)) {}
  virtual ~AskedQuestion() = default;

  const QuestionText text;

  /// Answers it. Returns why that cannot be the answer, for a message; the question stays open then. Empty:
  /// the answer was taken, or none is needed any more.
  virtual std::string answer(std::string_view given) = 0;
  /// No one will answer it: it fails as waiting once the run has done everything else, unless its time passes
  /// before.
  virtual void leave() = 0;
};

/// Who answers questions: a terminal, answers given before, a service. Thread safety: all members are called
/// on the threads of runs, which they must not block.
class People {
public:
  virtual ~People() = default;
  /// A question has come up; it may be answered, or left, from within this call or later. As long as neither
  /// happens and it is not withdrawn, the run waits for it.
  virtual void ask(std::shared_ptr<AskedQuestion> question) = 0;
  /// No answer is needed any more: its time has passed, or the run is over.
  virtual void withdraw(const AskedQuestion &question) = 0;
};

} // namespace xcs
