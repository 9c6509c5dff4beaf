#include "xcs/Io/Children.h"
#include "Io/ReactorLoop.h"
#include "Io/Spawn.h"
#include "xcs/Io/Beneath.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace xcs;

namespace {

enum Stream { Input, Output, Errors, streamCount };

// One thread can start some 2,000 programs a second; more threads than this do not pay.
constexpr size_t mostStarters = 4;

std::vector<char *> pointersTo(std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  for (std::string &text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The start of a program, on its own thread: the request and its outcome.
struct Start {
  ChildSpec spec;
  std::optional<uint64_t> openFiles;
  std::shared_ptr<ProcessGroups> groups;
  Descriptor ours[streamCount]; // of the program's pipes
  Descriptor exit;              // readable when it has exited (a pidfd); none if the system has no pidfds
  Spawned spawned;

  void run();

private:
  bool openPipes(Descriptor (&theirs)[streamCount]);
};

/// Pipes and not sockets: programs reopen /dev/stdout, which only works with pipes.
bool Start::openPipes(Descriptor (&theirs)[streamCount]) {
  for (int s = spec.hasInput ? Input : Output; s < streamCount; ++s) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      return false;
    const int own = s == Input ? 1 : 0;
    theirs[s] = Descriptor(ends[1 - own]);
    ours[s] = Descriptor(ends[own]);
    if (fcntl(ends[own], F_SETFL, O_NONBLOCK) != 0)
      return false;
  }
  return true;
}

void Start::run() {
  Descriptor theirs[streamCount];
  if (!openPipes(theirs)) {
    spawned.error = errno;
    return;
  }
  if (!groups->beginStart()) {
    spawned.error = ECANCELED;
    return;
  }
  std::vector<char *> arguments = pointersTo(spec.arguments), environment = pointersTo(spec.environment);
  spawned = spawn({.program = spec.program.c_str(),
                   .directory = spec.directory.empty() ? nullptr : spec.directory.c_str(),
                   .arguments = arguments.data(),
                   .environment = environment.data(),
                   .streams = {*theirs[Input], *theirs[Output], *theirs[Errors]},
                   .openFiles = openFiles});
  groups->endStart(std::max(spawned.process, 0));
#ifdef SYS_pidfd_open
  if (spawned.process > 0)
    exit = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, spawned.process, 0)));
#endif
}

/// Why the program did not start, in the words of the system, with more detail where those are not enough.
ChildOutcome notStarted(const ChildSpec &spec, const Spawned &spawned) {
  ChildOutcome outcome;
  const bool lacks = spawned.error == EMFILE || spawned.error == ENFILE;
  outcome.end = lacks ? ChildOutcome::End::LacksDescriptors : ChildOutcome::End::NotStarted;
  outcome.reason = uvError(-spawned.error);
  if (lacks)
    outcome.reason = "this process has no file descriptor left for it; raise their number (`ulimit -n`)";
  else if (spawned.error == ENOEXEC)
    outcome.reason = "it is neither a binary of this machine nor a script that begins with `#!`";
  else if (spawned.ofDirectory)
    outcome.reason += ": its directory `" + spec.directory + "`";
  else if (spawned.error == ENOENT || spawned.error == EACCES)
    if (std::string interpreter = missingInterpreter(spec.program); !interpreter.empty())
      outcome.reason += ": its interpreter `" + interpreter + "`";
  return outcome;
}

} // namespace

/// One program. Its handles are closed one by one; it is freed once the last one is closed and its group no
/// longer exists.
struct Children::Child {
  Child(Children &owner, ChildSpec spec, Done done);

  void submit();
  bool withdraw();
  void stop();
  /// Moves the end of the grace forward, if the program was terminated.
  void shortenGrace(int64_t latest) { graceEnds = std::min(graceEnds, latest); }

private:
  enum class State : uint8_t { Starting, Running, Reaped } state = State::Starting;

  void started();
  void failed(ChildOutcome none);
  void lose(const char *why);
  bool adopt(Stream stream);
  void watchExit();
  void lookForExit();
  void read(Stream stream);
  void feed();
  void receive(Stream stream, ssize_t size, const char *bytes);
  void ended();
  void terminate();
  void watchGroup();
  void killGroup() { kill(-group, SIGKILL); }
  void forgetGroup() { owner.groups->remove(std::exchange(group, 0)); }
  void close(uv_handle_t *handle);
  void closeAll();
  void closed();
  void settle();

  Children &owner;
  Done done; // null: the outcome is not needed
  std::shared_ptr<Start> start;
  uint64_t ticket = 0; // of the start
  ChildOutcome outcome;
  const uint64_t outputLimit;
  std::string input;

  uv_pipe_t pipes[streamCount]{};
  bool open[streamCount] = {};
  Descriptor exitFile;
  uv_poll_t exit{};
  uv_write_t writing{};
  std::vector<char> buffer;
  size_t handles = 0; // not closed yet
  int group = 0;
  bool terminating = false; // SIGTERM was sent
  uint64_t timer = 0, graceTimer = 0;
  int64_t graceEnds = 0;
};

Children::Children(Reactor &reactor, std::optional<uint64_t> openFiles)
    : reactor(reactor), openFiles(openFiles), starters(reactor, mostStarters) {}
Children::~Children() = default;

void Children::remove(Child *child) {
  std::erase_if(children, [&](const std::unique_ptr<Child> &c) { return c.get() == child; });
  left.store(children.size(), std::memory_order_release);
}

Children::Child *Children::start(ChildSpec spec, Done done) {
  children.push_back(std::make_unique<Child>(*this, std::move(spec), std::move(done)));
  left.store(children.size(), std::memory_order_release);
  Child *child = children.back().get();
  child->submit();
  return child;
}

bool Children::withdraw(Child *child) {
  if (!child->withdraw())
    return false;
  remove(child);
  return true;
}

bool Children::stop(Child *child) {
  if (withdraw(child))
    return false;
  child->stop();
  return true;
}

void Children::shortenGrace() {
  const int64_t latest = monotonicNanoseconds() + shortGrace;
  for (const auto &child : children)
    child->shortenGrace(latest);
}

Children::Child::Child(Children &owner, ChildSpec spec, Done done)
    : owner(owner), done(std::move(done)), start(std::make_shared<Start>()), outputLimit(spec.outputLimit) {
  start->spec = std::move(spec);
  start->openFiles = owner.openFiles;
  start->groups = owner.groups;
}

void Children::Child::submit() {
  ticket = owner.starters.submit([mine = start] { mine->run(); }, [this] { started(); });
  if (!ticket)
    timer = owner.reactor.timers().add(monotonicNanoseconds(), [this] {
      timer = 0;
      ChildOutcome none;
      none.end = ChildOutcome::End::NotStarted;
      none.reason = "the system gives this process no thread";
      failed(std::move(none));
    });
}

bool Children::Child::withdraw() {
  if (state != State::Starting || (ticket && !owner.starters.withdraw(ticket)))
    return false;
  owner.reactor.timers().remove(timer);
  return true;
}

/// The program has started, or failed to.
void Children::Child::started() {
  if (start->spawned.process < 0)
    return failed(notStarted(start->spec, start->spawned));
  state = State::Running;
  group = start->spawned.process;
  exitFile = std::move(start->exit);
  bool good = true;
  for (Stream s : {Input, Output, Errors})
    good &= adopt(s);
  input = std::move(start->spec.input);
  start = nullptr;
  if (!good)
    lose("the system does not let this process read what it prints");
  if (done) {
    if (open[Input])
      feed();
    buffer.resize(1 << 16);
    for (Stream s : {Output, Errors})
      read(s);
  } else {
    terminate();
  }
  watchExit(); // last: it may free this
}

void Children::Child::failed(ChildOutcome none) {
  Done tell = std::move(done);
  owner.remove(this); // frees it
  if (tell)
    tell(std::move(none));
}

/// The program runs, but its outcome will not be known.
void Children::Child::lose(const char *why) {
  outcome.end = ChildOutcome::End::Lost;
  outcome.reason = why;
  closeAll();
  if (Done tell = std::exchange(done, nullptr))
    tell(std::move(outcome));
}

/// Takes over this process's end of a pipe; false if it cannot be used.
bool Children::Child::adopt(Stream stream) {
  if (!start->ours[stream])
    return true;
  uv_pipe_init(ReactorLoop::of(owner.reactor), &pipes[stream], 0);
  pipes[stream].data = this;
  open[stream] = true;
  ++handles;
  if (uv_pipe_open(&pipes[stream], *start->ours[stream]) != 0)
    return false;
  start->ours[stream].release();
  return true;
}

/// Watches for the exit; without a pidfd, polls for it.
void Children::Child::watchExit() {
  if (exitFile && uv_poll_init(ReactorLoop::of(owner.reactor), &exit, *exitFile) == 0) {
    exit.data = this;
    ++handles;
    if (uv_poll_start(&exit, UV_READABLE,
                      [](uv_poll_t *p, int, int) { static_cast<Child *>(p->data)->lookForExit(); }) == 0)
      return;
    close(reinterpret_cast<uv_handle_t *>(&exit));
  }
  exitFile = Descriptor();
  lookForExit();
}

void Children::Child::lookForExit() {
  siginfo_t found{};
  const bool isLost =
      waitid(P_PID, static_cast<id_t>(group), &found, WEXITED | WNOHANG | WNOWAIT) != 0 && errno != EINTR;
  if (isLost)
    lose("this process ignores SIGCHLD, or waits for programs that are not its own");
  if (isLost || found.si_pid == group)
    return ended();
  if (!exitFile)
    timer = owner.reactor.timers().add(monotonicNanoseconds() + Children::groupInterval, [this] {
      timer = 0;
      lookForExit();
    });
}

/// The program has exited, but its children may still run. Its id, and so that of its group, is not reused
/// until it is reaped.
void Children::Child::ended() {
  const int process = group;
  if (!terminating) { // else the group has its grace
    killGroup();
    forgetGroup();
  }
  int status = 0;
  waitpid(process, &status, 0);
  state = State::Reaped;
  outcome.exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (exitFile)
    close(reinterpret_cast<uv_handle_t *>(&exit));
  settle();
}

void Children::Child::read(Stream stream) {
  int error = uv_read_start(
      reinterpret_cast<uv_stream_t *>(&pipes[stream]),
      [](uv_handle_t *h, size_t, uv_buf_t *into) {
        std::vector<char> &room = static_cast<Child *>(h->data)->buffer;
        *into = uv_buf_init(room.data(), static_cast<unsigned>(room.size()));
      },
      [](uv_stream_t *h, ssize_t size, const uv_buf_t *bytes) {
        auto *child = static_cast<Child *>(h->data);
        bool isOutput = reinterpret_cast<uv_pipe_t *>(h) == &child->pipes[Output];
        child->receive(isOutput ? Output : Errors, size, bytes->base);
      });
  if (error)
    receive(stream, error, nullptr);
}

/// A program need not read its input, so a broken pipe is not an error.
void Children::Child::feed() {
  uv_buf_t bytes = uv_buf_init(input.data(), static_cast<unsigned>(input.size()));
  writing.data = this;
  int error =
      uv_write(&writing, reinterpret_cast<uv_stream_t *>(&pipes[Input]), &bytes, 1, [](uv_write_t *w, int) {
        auto *child = static_cast<Child *>(w->data);
        if (std::exchange(child->open[Input], false))
          child->close(reinterpret_cast<uv_handle_t *>(&child->pipes[Input]));
      });
  if (error && std::exchange(open[Input], false))
    close(reinterpret_cast<uv_handle_t *>(&pipes[Input]));
}

void Children::Child::receive(Stream stream, ssize_t size, const char *bytes) {
  if (size == 0)
    return;
  if (size < 0) {
    open[stream] = false;
    close(reinterpret_cast<uv_handle_t *>(&pipes[stream]));
    return settle();
  }
  std::string &text = stream == Output ? outcome.out : outcome.err;
  text.append(bytes, static_cast<size_t>(size));
  if (text.size() <= outputLimit || !done)
    return;
  outcome.end = ChildOutcome::End::TooMuchOutput;
  Done tell = std::exchange(done, nullptr);
  terminate();
  tell(std::move(outcome));
}

void Children::Child::stop() {
  done = nullptr;
  if (state != State::Starting) // else `started` sees that the outcome is not needed
    terminate();
}

void Children::Child::terminate() {
  if (terminating)
    return;
  closeAll();
  if (state == State::Reaped) // a process that left the group kept its outputs open
    return settle();
  terminating = true;
  kill(-group, SIGTERM);
  graceEnds = monotonicNanoseconds() + grace;
  watchGroup();
}

/// The system reports when the program has exited, but not when the last of its group has: that is polled
/// until the grace is over.
void Children::Child::watchGroup() {
  int64_t look = std::min(monotonicNanoseconds() + Children::groupInterval, graceEnds);
  graceTimer = owner.reactor.timers().add(look, [this] {
    graceTimer = 0;
    if (monotonicNanoseconds() >= graceEnds)
      killGroup();
    else
      watchGroup();
    settle();
  });
}

void Children::Child::close(uv_handle_t *handle) {
  uv_close(handle, [](uv_handle_t *h) { static_cast<Child *>(h->data)->closed(); });
}

void Children::Child::closeAll() {
  for (int s = 0; s < streamCount; ++s)
    if (std::exchange(open[s], false))
      close(reinterpret_cast<uv_handle_t *>(&pipes[s]));
}

void Children::Child::closed() {
  --handles;
  settle();
}

/// Delivers the outcome once the program is reaped and both outputs are closed; frees the program once
/// nothing is left of it.
void Children::Child::settle() {
  if (state != State::Reaped)
    return;
  if (!terminating && done && !open[Output] && !open[Errors]) {
    closeAll();
    Done tell = std::exchange(done, nullptr);
    tell(std::move(outcome));
  }
  if (handles)
    return;
  if (graceTimer && kill(-group, 0) == 0)
    return;
  owner.reactor.timers().remove(graceTimer);
  forgetGroup();
  owner.remove(this); // frees it
}
