#include "World/EventLoop.h"
#include "World/Questions.h"
#include "World/Secrets.h"
#include "xcs/Support/Mutex.h"
#include <utility>

using namespace xcs;

namespace {

class AskHuman;

/// The question of an operation, as people see it: it may outlive the operation.
class OpenQuestion final : public AskedQuestion, public std::enable_shared_from_this<OpenQuestion> {
public:
  OpenQuestion(QuestionText text, const Limits &limits, EventLoop &loop, AskHuman &asking)
      : AskedQuestion(std::move(text)), asking(&asking), limits(limits), loop(&loop) {}

  std::string answer(std::string_view given) override;
  void leave() override;
  /// The operation ends: no answer reaches it any more. On the loop's thread.
  void close();

private:
  void later(std::function<void(AskHuman &)> step);

  AskHuman *asking; // null once it is closed; the loop's thread alone reads it
  const Limits limits;
  Mutex mutex; // held while a step is handed to the loop, which lives as long as it has the operation
  EventLoop *loop XCS_GUARDED_BY(mutex);
};

class AskHuman final : public WorldOp {
public:
  using WorldOp::WorldOp;

  void start() override;
  void cancel() override {
    if (std::shared_ptr<OpenQuestion> asked = end())
      site.context.options.people->withdraw(*asked);
  }
  void giveUp() override {
    const QuestionText text = question->text;
    end();
    fail(waitingError(text));
  }

  // Once it is asked.
  void answered(Value value);
  /// Its own time may still give it an answer.
  void left() {
    if (!question->text.timeout)
      site.context.loop->waitInVain(this);
  }

private:
  void expired();
  /// Nothing reaches it any more. The question, if there is anyone to tell that it needs no answer.
  std::shared_ptr<OpenQuestion> end();

  std::shared_ptr<OpenQuestion> question;
  uint64_t timer = 0;
};

} // namespace

void OpenQuestion::later(std::function<void(AskHuman &)> step) {
  MutexLock lock(mutex);
  if (loop)
    loop->runLater([self = shared_from_this(), step = std::move(step)] {
      if (self->asking)
        step(*self->asking);
    });
}

std::string OpenQuestion::answer(std::string_view given) {
  Value value;
  std::string why = readAnswer(text.form, given, limits, value);
  if (why.empty())
    later([value = std::move(value)](AskHuman &op) { op.answered(value); });
  return why;
}

void OpenQuestion::leave() {
  later([](AskHuman &op) { op.left(); });
}

void OpenQuestion::close() {
  asking = nullptr;
  MutexLock lock(mutex);
  loop = nullptr;
}

/// Its time runs from here on, and it holds no slot of anything.
void AskHuman::start() {
  const WorldContext &context = site.context;
  question = std::make_shared<OpenQuestion>(questionOf(context.plan, context.client, site),
                                            context.options.limits, *context.loop, *this);
  if (const int64_t timeout = question->text.timeout)
    timer = context.loop->timers().add(timeAfter(startedAt, timeout), [this] { expired(); });
  if (context.options.people)
    context.options.people->ask(question);
  else
    question->leave();
}

std::shared_ptr<OpenQuestion> AskHuman::end() {
  site.context.loop->timers().remove(std::exchange(timer, 0));
  std::shared_ptr<OpenQuestion> asked = std::exchange(question, nullptr);
  if (asked)
    asked->close();
  return site.context.options.people ? asked : nullptr;
}

void AskHuman::answered(Value value) {
  const std::string name = question->text.name;
  end();
  if (site.context.secrets.echoedIn(value))
    return fail(Diag::SecretEchoed, {"the person who was asked `" + name + "`"});
  succeed(std::move(value));
}

void AskHuman::expired() {
  timer = 0;
  const QuestionText text = question->text;
  cancel();
  Value value = defaultAnswer(site.context.plan, site);
  if (value.empty())
    fail(timeoutError(text));
  else
    succeed(std::move(value));
}

std::unique_ptr<WorldOp> worldops::ask_human(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<AskHuman>(std::move(site));
}
