#include "xcs/Io/Children.h"
#include "Io/ReactorLoop.h"
#include "xcs/Io/Beneath.h"
#include "xcs/Io/Descriptors.h"
#include <algorithm>
#include <csignal>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace xcs;

/// One program. Its handles are closed one by one; it is freed when the last one is and its group is gone.
struct Children::Child {
  enum Stream { Input, Output, Errors, streamCount };
  explicit Child(Children &owner) : owner(owner) {}

  bool start(ChildSpec spec, std::string &why);
  void terminate();
  /// The grace ends then at the latest, if it was told to end.
  void shortenGrace(int64_t latest) { graceEnds = std::min(graceEnds, latest); }

  Children &owner;
  Done done; // null: nobody wants the outcome
  ChildOutcome outcome;
  uint64_t outputLimit = 0;
  std::string input;

private:
  bool openPipes(bool hasInput, std::string &why);
  bool spawn(ChildSpec &spec, std::string &why);
  void feed();
  void receive(Stream stream, ssize_t size, const char *bytes);
  void exited(int64_t status, int signal);
  void watchGroup();
  void killGroup();
  void forgetGroup();
  void close(uv_handle_t *handle);
  void closeAll();
  void closed();
  void settle();

  uv_process_t process{};
  uv_pipe_t pipes[streamCount]{};
  bool open[streamCount] = {};
  Descriptor theirs[streamCount]; // the program's ends
  uv_write_t writing{};
  std::vector<char> buffer;
  size_t handles = 0; // not closed yet
  int group = 0;
  bool reaped = false, terminating = false;
  uint64_t graceTimer = 0;
  int64_t graceEnds = 0;
};

Children::Children(Reactor &reactor) : reactor(reactor) {}
Children::~Children() = default;

void Children::remove(Child *child) {
  std::erase_if(children, [&](const std::unique_ptr<Child> &c) { return c.get() == child; });
  left.store(children.size(), std::memory_order_release);
}

Children::Child *Children::start(ChildSpec spec, Done done, std::string &why) {
  children.push_back(std::make_unique<Child>(*this));
  left.store(children.size(), std::memory_order_release);
  Child *child = children.back().get();
  child->outputLimit = spec.outputLimit;
  if (!child->start(std::move(spec), why))
    return nullptr; // frees itself when its handles are closed
  child->done = std::move(done);
  return child;
}

void Children::stop(Child *child) {
  child->done = nullptr;
  child->terminate();
}

void Children::hurry() {
  const int64_t latest = monotonicNanoseconds() + shortGrace;
  for (const auto &child : children)
    child->shortenGrace(latest);
}

/// Whatever is open in this process closes when a program starts: descriptors may have come from whoever
/// started us, or from a library.
static void closeAllOnExec() {
#ifdef CLOSE_RANGE_CLOEXEC
  if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
    return;
#endif
  DIR *list = opendir("/proc/self/fd");
  if (!list)
    return;
  while (const dirent *entry = readdir(list))
    if (int number = std::atoi(entry->d_name); number > 2)
      fcntl(number, F_SETFD, FD_CLOEXEC);
  closedir(list);
}

/// Pipes and not libuv's sockets: programs open /dev/stdout anew, which only works with the former.
bool Children::Child::openPipes(bool hasInput, std::string &why) {
  for (int s = hasInput ? Input : Output; s < streamCount; ++s) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      why = uv_strerror(-errno);
      return false;
    }
    const int ours = s == Input ? 1 : 0;
    theirs[s] = Descriptor(ends[1 - ours]);
    uv_pipe_init(ReactorLoop::of(owner.reactor), &pipes[s], 0);
    pipes[s].data = this;
    open[s] = true;
    ++handles;
    if (int error = uv_pipe_open(&pipes[s], ends[ours])) {
      ::close(ends[ours]);
      why = uv_strerror(error);
      return false;
    }
  }
  return true;
}

static std::vector<char *> pointersTo(std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  for (std::string &text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool Children::Child::spawn(ChildSpec &spec, std::string &why) {
  std::vector<char *> arguments = pointersTo(spec.arguments), environment = pointersTo(spec.environment);
  uv_stdio_container_t streams[streamCount];
  for (int s = 0; s < streamCount; ++s) {
    streams[s].flags = theirs[s] ? UV_INHERIT_FD : UV_IGNORE; // ignored ones are /dev/null
    streams[s].data.fd = *theirs[s];
  }
  uv_process_options_t options{};
  options.exit_cb = [](uv_process_t *p, int64_t status, int signal) {
    static_cast<Child *>(p->data)->exited(status, signal);
  };
  options.file = spec.program.c_str();
  options.args = arguments.data();
  options.env = environment.data();
  options.cwd = spec.directory.empty() ? nullptr : spec.directory.c_str();
  options.flags = UV_PROCESS_DETACHED; // a session, and so a group, of its own
  options.stdio_count = streamCount;
  options.stdio = streams;
  closeAllOnExec();
  process.data = this;
  ++handles;
  int error = uv_spawn(ReactorLoop::of(owner.reactor), &process, &options);
  for (Descriptor &end : theirs)
    end = Descriptor();
  if (!error) {
    restoreDescriptorLimit(process.pid);
    group = process.pid;
    owner.groups.add(group);
    return true;
  }
  why = uv_strerror(error);
  struct stat found;
  if (options.cwd && stat(options.cwd, &found) != 0) // the system does not say which of the two is missing
    why += ": its directory `" + spec.directory + "`";
  return false;
}

bool Children::Child::start(ChildSpec spec, std::string &why) {
  bool started = openPipes(spec.hasInput, why);
  if (started && !spawn(spec, why)) {
    started = false;
    close(reinterpret_cast<uv_handle_t *>(&process));
  }
  if (!started) {
    reaped = true;
    closeAll();
    settle();
    return false;
  }
  buffer.resize(1 << 16);
  input = std::move(spec.input);
  if (spec.hasInput)
    feed();
  for (Stream s : {Output, Errors})
    uv_read_start(
        reinterpret_cast<uv_stream_t *>(&pipes[s]),
        [](uv_handle_t *h, size_t, uv_buf_t *into) {
          std::vector<char> &room = static_cast<Child *>(h->data)->buffer;
          *into = uv_buf_init(room.data(), static_cast<unsigned>(room.size()));
        },
        [](uv_stream_t *h, ssize_t size, const uv_buf_t *bytes) {
          auto *child = static_cast<Child *>(h->data);
          bool isOutput = reinterpret_cast<uv_pipe_t *>(h) == &child->pipes[Output];
          child->receive(isOutput ? Output : Errors, size, bytes->base);
        });
  return true;
}

/// A program need not read its input: a broken pipe is no error.
void Children::Child::feed() {
  uv_buf_t bytes = uv_buf_init(input.data(), static_cast<unsigned>(input.size()));
  writing.data = this;
  int error =
      uv_write(&writing, reinterpret_cast<uv_stream_t *>(&pipes[Input]), &bytes, 1, [](uv_write_t *w, int) {
        auto *child = static_cast<Child *>(w->data);
        if (child->open[Input]) {
          child->open[Input] = false;
          child->close(reinterpret_cast<uv_handle_t *>(&child->pipes[Input]));
        }
      });
  if (error) {
    open[Input] = false;
    close(reinterpret_cast<uv_handle_t *>(&pipes[Input]));
  }
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
  Done tell = std::move(done);
  done = nullptr;
  terminate();
  tell(std::move(outcome));
}

void Children::Child::killGroup() { kill(-group, SIGKILL); }

void Children::Child::forgetGroup() { owner.groups.remove(std::exchange(group, 0)); }

void Children::Child::terminate() {
  if (terminating)
    return;
  closeAll();
  if (reaped) // something that left the group held its outputs open
    return settle();
  terminating = true;
  kill(-group, SIGTERM);
  graceEnds = monotonicNanoseconds() + grace;
  watchGroup();
}

/// The system tells when the program has ended, but not when the last of its group has: that is looked for
/// now and then, until the grace is over.
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

void Children::Child::exited(int64_t status, int signal) {
  reaped = true;
  outcome.exit = signal ? 128 + signal : status;
  close(reinterpret_cast<uv_handle_t *>(&process));
  // The group's number is taken for as long as it has members. Those of a program that was told to end have
  // the grace, too.
  if (!terminating) {
    killGroup();
    forgetGroup();
  }
  settle();
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

/// Gives the outcome once the program was reaped and both outputs have ended; frees the program when nothing
/// is left of it.
void Children::Child::settle() {
  if (!reaped)
    return;
  if (!terminating && done && !open[Output] && !open[Errors]) {
    closeAll();
    Done tell = std::move(done);
    done = nullptr;
    tell(std::move(outcome));
  }
  if (handles)
    return;
  if (graceTimer && kill(-group, 0) == 0)
    return;
  if (graceTimer)
    owner.reactor.timers().remove(graceTimer);
  if (group)
    forgetGroup();
  owner.remove(this); // frees it
}
