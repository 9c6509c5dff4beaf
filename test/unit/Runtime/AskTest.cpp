// Questions to a person: by a virtual clock, and in the real world with people who take their time.
#include "Runtime/Stage.h"
#include "xcs/Runtime/RunPool.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/LiveWorld.h"
#include <deque>
#include <future>
#include <thread>

using namespace xcs;

namespace {

FakeWorld::Answer unanswered(const WorldRequest &request) {
  FakeWorld::Answer answer = FakeWorld::sleeps(request);
  answer.isUnanswered = true; // of questions alone
  return answer;
}

std::string askOf(const std::string &result, const std::string &attributes, const std::string &type) {
  return "  %" + result + " = ask.human(%prompt) {name = \"" + result + "\"" + attributes + "} : " + type +
         "\n";
}

const std::string prompt = "  %prompt = const {value = \"Now?\"} : str\n";

} // namespace

TEST(AskTest, AnAnswerIsTheResult) {
  Stage stage("func @main() -> bool {\n" + prompt + askOf("a", "", "bool") + "  return(%a)\n}\n");
  stage.script = [](const WorldRequest &) {
    FakeWorld::Answer answer;
    answer.duration = 3'600'000 * ms;
    answer.value = Value::boolean(true);
    return answer;
  };
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_TRUE(report.results[0].asBool());
}

TEST(AskTest, TheDefaultIsTheAnswerWhenTheTimeHasPassed) {
  Stage stage("func @main() -> bool, str, json {\n" + prompt +
              askOf("a", ", timeout = 5m, default = true", "bool") +
              askOf("b", ", timeout = 7m, default = \"none\"", "str") +
              askOf("c", ", timeout = 1s, default = [1, {a = \"x\"}]", "json") + "  return(%a, %b, %c)\n}\n");
  stage.script = unanswered;
  RunReport report = stage.run();
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_TRUE(report.results[0].asBool());
  EXPECT_EQ(report.results[1].text(), "none");
  EXPECT_EQ(report.stats.wallNanoseconds, 7 * 60'000 * ms);
}

TEST(AskTest, WithoutADefaultItFailsThen) {
  Stage stage("func @main() -> bool {\n" + prompt + askOf("a", ", timeout = 5m", "bool") +
              "  return(%a)\n}\n");
  stage.script = unanswered;
  RunReport report = stage.run();
  EXPECT_EQ(report.failure.id, Diag::QuestionTimeout);
  EXPECT_EQ(report.failure.message, "the question `a` was not answered within 5m; raise `timeout`, or say in "
                                    "`default` what the answer is then");
  EXPECT_EQ(exitCodeOf(report), ExitCode::ProgramFailed);
  EXPECT_EQ(report.stats.wallNanoseconds, 5 * 60'000 * ms);
}

TEST(AskTest, AllElseIsDoneBeforeARunFailsForWantOfAnswers) {
  for (unsigned jobs : {1u, 3u}) {
    Stage stage("func @main() -> bool, bool {\n" + prompt + askOf("a", "", "bool") + askOf("b", "", "bool") +
                    sleepOf("s", 100) +
                    "  %t = time.sleep(%ts) after(%s) : none\n  return(%a, %b) after(%t)\n}\n",
                0, jobs);
    stage.options.timeoutNanoseconds = 60'000 * ms; // never passes: nothing is waited for
    stage.script = unanswered;
    for (int run = 0; run < 3; ++run) {
      RunReport report = stage.run();
      EXPECT_EQ(report.failure.id, Diag::QuestionWaiting);
      EXPECT_EQ(report.failure.message, "the question `a` waits for a person's answer (yes or no): Now?");
      EXPECT_EQ(exitCodeOf(report), ExitCode::Waiting);
      EXPECT_EQ(report.stats.wallNanoseconds, 200 * ms);
      EXPECT_EQ(stage.count(WorldOutcome::Kind::Done), 2u);
    }
  }
}

namespace {

/// Answers each question on a thread of its own, or leaves it, after a moment.
class SlowPeople final : public People {
public:
  using Reply = std::function<void(AskedQuestion &)>;
  explicit SlowPeople(Reply reply) : reply(std::move(reply)), thread([this] { work(); }) {}
  ~SlowPeople() override {
    {
      MutexLock lock(mutex);
      isOver = true;
      changed.notifyAll();
    }
    thread.join();
  }
  void ask(std::shared_ptr<AskedQuestion> question) override {
    MutexLock lock(mutex);
    questions.push_back(std::move(question));
    changed.notifyAll();
  }
  void withdraw(const AskedQuestion &question) override {
    MutexLock lock(mutex);
    withdrawn.push_back(question.text.name);
  }
  std::vector<std::string> allWithdrawn() const {
    MutexLock lock(mutex);
    return withdrawn;
  }

private:
  void work() {
    mutex.lock();
    while (!isOver) {
      if (questions.empty()) {
        changed.wait(mutex);
        continue;
      }
      std::shared_ptr<AskedQuestion> next = questions.front();
      questions.pop_front();
      mutex.unlock();
      reply(*next);
      mutex.lock();
    }
    mutex.unlock();
  }

  const Reply reply;
  mutable Mutex mutex;
  Condition changed;
  std::deque<std::shared_ptr<AskedQuestion>> questions XCS_GUARDED_BY(mutex);
  std::vector<std::string> withdrawn XCS_GUARDED_BY(mutex);
  bool isOver XCS_GUARDED_BY(mutex) = false;
  std::thread thread;
};

/// Questions of a `map`, beside branches that wait and compute.
const std::string manyQuestions = R"(
func @main(%n: i64) -> list<bool>, i64 {
  %zero = const {value = 0} : i64
  %one = const {value = 1} : i64
  %all = list.range(%zero, %n) : list<i64>
  %asked = map(%all) : list<bool> {
  ^(%i: i64)
    %prompt = str.from(%i) : str
    %ok = ask.human(%prompt) {name = "q"} : bool
    yield(%ok)
  }
  %count = for(%all, %zero) : i64 {
  ^(%i: i64, %sum: i64)
    %short = const {value = 50us} : duration
    %slept = time.sleep(%short) : none
    %next = i64.add(%sum, %one) after(%slept) : i64
    yield(%next)
  }
  %path = const {value = "count"} : str
  %text = str.from(%count) : str
  log.print(%text) : none
  return(%asked, %count)
}
)";

struct LogHost final : ProcessHost {
  void log(std::string_view lines, const std::function<bool()> &) override {
    MutexLock lock(mutex);
    logged += lines;
  }
  Mutex mutex;
  std::string logged XCS_GUARDED_BY(mutex);
};

} // namespace

/// However late it turns out that no one answers: the other branch is always finished.
TEST(AskTest, NothingIsLeftUndoneInTheRealWorld) {
  Stage stage(manyQuestions);
  ASSERT_TRUE(stage.file) << stage.messages;
  WorldOptions world;
  auto host = std::make_shared<LogHost>();
  world.host = host;
  world.people = std::make_shared<SlowPeople>([](AskedQuestion &question) { question.leave(); });
  RunOptions options;
  options.jobs = 3;
  options.host = host;
  Executor executor(stage.file->view(), options, liveWorld(stage.file->view(), world));
  for (int run = 0; run < 100; ++run) {
    const int64_t questions = 1 + run % 7;
    const RunReport report = executor.run(0, {Value::i64(questions)});
    ASSERT_EQ(report.failure.id, Diag::QuestionWaiting) << report.failure.message;
    ASSERT_EQ(report.failure.message, "the question `q[0]` waits for a person's answer (yes or no): 0");
    MutexLock lock(host->mutex);
    ASSERT_EQ(std::exchange(host->logged, {}), std::to_string(questions) + "\n");
  }
}

TEST(AskTest, PeopleAnswerWhenTheyLike) {
  Stage stage(manyQuestions);
  ASSERT_TRUE(stage.file) << stage.messages;
  WorldOptions world;
  std::atomic<int> refused{0};
  world.people = std::make_shared<SlowPeople>([&refused](AskedQuestion &question) {
    refused += question.answer("perhaps") == "it is neither `yes` nor `no`";
    EXPECT_EQ(question.answer(question.text.prompt == "3" ? "no" : "yes"), "");
    question.answer("no"); // it is answered already
    question.leave();
  });
  Executor executor(stage.file->view(), {}, liveWorld(stage.file->view(), world));
  const RunReport report = executor.run(0, {Value::i64(20)});
  ASSERT_TRUE(report.ok) << report.failure.message;
  EXPECT_EQ(refused, 20);
  for (size_t i = 0; i < 20; ++i)
    EXPECT_EQ(report.results[0].items()[i].asBool(), i != 3);
}

TEST(AskTest, AQuestionIsWithdrawnWhenItIsNoLongerNeeded) {
  Stage stage("func @main() -> bool, bool {\n" + prompt + sleepOf("s", 20) + "  fail(%prompt) after(%s)\n" +
              askOf("a", "", "bool") + askOf("b", ", timeout = 1ms", "bool") + "  return(%a, %b)\n}\n");
  ASSERT_TRUE(stage.file) << stage.messages;
  WorldOptions world;
  auto people = std::make_shared<SlowPeople>([](AskedQuestion &) {}); // who say nothing
  world.people = people;
  Executor executor(stage.file->view(), {}, liveWorld(stage.file->view(), world));
  EXPECT_EQ(executor.run(0, {}).failure.id, Diag::Failed);
  executor.shutdown();
  std::vector<std::string> withdrawn = people->allWithdrawn();
  std::ranges::sort(withdrawn);
  EXPECT_EQ(withdrawn, (std::vector<std::string>{"a", "b"}));
}

namespace {

struct Owner final : RunOwner {
  void began(RunInFlight &run) override { inFlight = &run; }
  void resultKnown(uint32_t, Value) override {}
  void ended(RunReport report) override { done.set_value(std::move(report)); }
  RunInFlight *inFlight = nullptr;
  std::promise<RunReport> done;
};

} // namespace

/// In a shared pool as well; a parameter that is still to come may bring more to do.
TEST(AskTest, RunsOfAPoolWaitForTheirInputs) {
  Stage stage("func @main(%s: str) -> bool {\n" + prompt + askOf("a", "", "bool") +
              "  log.print(%s) : none\n  return(%a)\n}\n");
  ASSERT_TRUE(stage.file) << stage.messages;
  auto host = std::make_shared<LogHost>();
  WorldOptions world;
  world.host = host;
  auto loop = std::make_shared<SharedLoop>(world);
  RunPool pool(2);
  auto plan = pool.prepare(stage.file->view(), {}, liveWorld(stage.file->view(), world, loop), nullptr);
  for (int i = 0; i < 20; ++i) {
    Owner open, closed;
    RunSetup setup;
    setup.arguments = {Value()};
    setup.isMissing = {true};
    pool.start(plan, std::move(setup), open);
    RunSetup whole;
    whole.arguments = {Value::str("whole")};
    pool.start(plan, std::move(whole), closed);
    EXPECT_EQ(closed.done.get_future().get().failure.id, Diag::QuestionWaiting);
    std::future<RunReport> late = open.done.get_future();
    EXPECT_EQ(late.wait_for(std::chrono::milliseconds(5)), std::future_status::timeout);
    open.inFlight->setInput(0, Value::str("late"));
    EXPECT_EQ(late.get().failure.id, Diag::QuestionWaiting);
    MutexLock lock(host->mutex);
    EXPECT_EQ(std::exchange(host->logged, {}), "whole\nlate\n");
  }
  loop->shutdown();
}
