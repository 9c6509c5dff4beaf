#include "xcs-run/Progress.h"
#include "xcs-run/Usage.h"
#include "xcs/Support/Visible.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace xcs;
using namespace xcs::runner;

static constexpr std::chrono::milliseconds betweenLines{250}, betweenTexts{5000};

ProgressReport::ProgressReport(const PlanView &plan, const Options &options, StandardError &errors)
    : plan(plan), tool(options.tool), form(options.progress != Progress::Auto ? options.progress
                                           : ::isatty(STDERR_FILENO)          ? Progress::Line
                                                                              : Progress::Plain),
      errors(errors), next(began + (form == Progress::Line ? betweenLines : betweenTexts)) {}

std::optional<ProgressReport::Clock::time_point> ProgressReport::nextLook() const {
  return form == Progress::None ? std::nullopt : std::optional(next.load());
}

void ProgressReport::look(Executor &executor) {
  if (Clock::now() < next.load())
    return;
  const bool isLine = form == Progress::Line;
  next = Clock::now() + (isLine ? betweenLines : betweenTexts);
  executor.askStatus([this, isLine](const WorldStatus &status) { show(status, isLine); });
}

void ProgressReport::tell(Executor &executor) {
  executor.askStatus([this](const WorldStatus &status) { show(status, false); });
}

void ProgressReport::stop() {
  MutexLock lock(mutex);
  isOver = true;
  errors.setStatus({});
}

static std::string secondsText(int64_t nanoseconds) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.1f s", static_cast<double>(nanoseconds) / 1e9);
  return text;
}

/// `12 done, 3 in flight, 5 wait for @gpt (4.2 s)`, and what was spent.
std::string ProgressReport::textOf(const WorldStatus &status) const {
  std::string text =
      std::to_string(status.finished) + " done, " + std::to_string(status.inFlight) + " in flight";
  if (status.retrying)
    text += ", " + std::to_string(status.retrying) + " will be tried again";
  for (const WorldStatus::Queue &queue : status.queues)
    text += ", " + std::to_string(queue.count) + (queue.count == 1 ? " waits for " : " wait for ") +
            queue.gate + " (" + secondsText(queue.longest) + ")";
  return text + spentText(plan, status.usage);
}

void ProgressReport::show(const WorldStatus &status, bool isLine) {
  const int64_t time = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began).count();
  MutexLock lock(mutex);
  if (isOver)
    return;
  const std::string text = "[" + secondsText(time) + "] " + visible(textOf(status));
  if (isLine)
    errors.setStatus(text);
  else
    errors << tool + ": " + text + "\n";
}
