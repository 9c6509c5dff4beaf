#pragma once
#include "xcs-run/StandardError.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/People.h"
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace xcs::runner {

/// Asks the person at the terminal, one question at a time, in the order in which they come. There is one if
/// standard input and standard error are terminals, the process is in the foreground, and standard input is
/// not read for anything else. Thread safety: all members. Its thread starts with the first question.
class Terminal {
public:
  /// `left` gets the questions that no one will answer.
  Terminal(StandardError &errors, bool isInputTaken, std::function<void(AskedQuestion &)> left);
  ~Terminal() { end(); }
  Terminal(const Terminal &) = delete;

  void ask(std::shared_ptr<AskedQuestion> question);
  /// No answer is needed any more.
  void withdraw(const AskedQuestion &question);
  /// Nothing is asked any more. Returns when the thread has ended.
  void end();

private:
  void work();
  /// Asks until there is an answer; false: there will be no more answers.
  bool askOne(const std::shared_ptr<AskedQuestion> &question);
  void show(const QuestionText &text);
  /// Waits for a line.
  enum class Read { Line, Withdrawn, End };
  Read readLine(const AskedQuestion &question, std::string &line);
  bool isOpen(const AskedQuestion &question);
  void wake() XCS_REQUIRES(mutex);
  void leaveAll();

  StandardError &errors;
  const std::function<void(AskedQuestion &)> left;
  const bool isThere;
  Mutex mutex;
  Condition changed;
  std::deque<std::shared_ptr<AskedQuestion>> open XCS_GUARDED_BY(mutex); // the first one is being asked
  bool isOver XCS_GUARDED_BY(mutex) = false, isAtEnd XCS_GUARDED_BY(mutex) = false;
  int wakeRead = -1, wakeWrite = -1; // a pipe: it ends a wait for input
  std::thread thread XCS_GUARDED_BY(mutex);
};

} // namespace xcs::runner
