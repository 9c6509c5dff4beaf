#include "xcs-run/Terminal.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Visible.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

using namespace xcs;
using namespace xcs::runner;

static bool isTerminal() { return ::isatty(STDIN_FILENO) && ::isatty(STDERR_FILENO); }

/// Reading from its controlling terminal stops a process in the background (POSIX.1-2024, 11.1.4).
static bool isInForeground() {
  const pid_t foreground = ::tcgetpgrp(STDIN_FILENO);
  return foreground < 0 || foreground == ::getpgrp();
}

Terminal::Terminal(StandardError &errors, bool isInputTaken, std::function<void(AskedQuestion &)> left)
    : errors(errors), left(std::move(left)), isThere(!isInputTaken && isTerminal()) {}

void Terminal::ask(std::shared_ptr<AskedQuestion> question) {
  {
    MutexLock lock(mutex);
    if (isThere && !isOver && !isAtEnd && isInForeground()) {
      open.push_back(std::move(question));
      changed.notifyAll();
      if (thread.joinable())
        return;
      int ends[2];
      if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
        wakeRead = ends[0];
        wakeWrite = ends[1];
        thread = std::thread([this] { work(); });
        return;
      }
      question = std::move(open.back());
      open.pop_back();
    }
  }
  left(*question);
}

void Terminal::wake() {
  const char byte = 0;
  if (wakeWrite >= 0)
    static_cast<void>(::write(wakeWrite, &byte, 1) + 1); // a full pipe wakes as well
  changed.notifyAll();
}

void Terminal::withdraw(const AskedQuestion &question) {
  MutexLock lock(mutex);
  std::erase_if(open, [&](const auto &one) { return one.get() == &question; });
  wake();
}

void Terminal::end() {
  std::thread ending;
  {
    MutexLock lock(mutex);
    isOver = true;
    open.clear();
    wake();
    ending.swap(thread);
  }
  if (!ending.joinable())
    return;
  ending.join();
  ::close(wakeRead);
  ::close(std::exchange(wakeWrite, -1));
}

bool Terminal::isOpen(const AskedQuestion &question) {
  MutexLock lock(mutex);
  return !open.empty() && open.front().get() == &question;
}

void Terminal::work() {
  for (;;) {
    std::shared_ptr<AskedQuestion> next;
    {
      MutexLock lock(mutex);
      while (open.empty() && !isOver)
        changed.wait(mutex);
      if (isOver)
        return;
      next = open.front();
    }
    if (!askOne(next))
      return leaveAll();
  }
}

void Terminal::leaveAll() {
  std::deque<std::shared_ptr<AskedQuestion>> all;
  {
    MutexLock lock(mutex);
    isAtEnd = true;
    all.swap(open);
  }
  for (const std::shared_ptr<AskedQuestion> &question : all)
    left(*question);
}

void Terminal::show(const QuestionText &text) {
  std::string shown = "\n" + visible(text.name) + ": " + visibleLines(text.prompt);
  if (!shown.ends_with('\n'))
    shown += '\n';
  if (text.timeout && !text.byDefault.empty())
    shown += "(after " + printDuration(text.timeout) + ": " + visible(text.byDefault) + ")\n";
  else if (text.timeout)
    shown += "(for " + printDuration(text.timeout) + ")\n";
  errors << shown;
}

bool Terminal::askOne(const std::shared_ptr<AskedQuestion> &question) {
  const QuestionText &text = question->text;
  show(text);
  // What was typed before the question was there is no answer to it.
  ::tcflush(STDIN_FILENO, TCIFLUSH);
  for (;;) {
    errors.setPrompt(std::string(questionFormName(text.form)) + "> ");
    std::string line;
    const Read read = readLine(*question, line);
    errors.setPrompt("");
    if (read == Read::Withdrawn)
      errors << visible(text.name) + " needs no answer any more\n";
    if (read != Read::Line)
      return read == Read::Withdrawn;
    const std::string why = question->answer(line);
    if (why.empty()) {
      MutexLock lock(mutex);
      std::erase(open, question);
      return true;
    }
    errors << "this is no answer: " + visible(why) + "\n";
  }
}

/// The terminal hands over whole lines, without an end where the person ended the input.
Terminal::Read Terminal::readLine(const AskedQuestion &question, std::string &line) {
  char buffer[4096];
  for (;;) {
    if (!isOpen(question))
      return Read::Withdrawn;
    pollfd wait[] = {{STDIN_FILENO, POLLIN, 0}, {wakeRead, POLLIN, 0}};
    if (::poll(wait, 2, -1) < 0 && errno != EINTR)
      return Read::End;
    while (wait[1].revents && ::read(wakeRead, buffer, sizeof buffer) > 0) {
    }
    if (!wait[0].revents)
      continue;
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return Read::End;
    line.append(buffer, static_cast<size_t>(got));
    if (const size_t end = line.find('\n'); end != line.npos) {
      line.resize(end);
      return Read::Line;
    }
  }
}
