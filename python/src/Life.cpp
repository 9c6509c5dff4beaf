#include "src/Life.h"
#include "src/Errors.h"
#include "xcs/Support/Mutex.h"
#include "xcs/Support/Thread.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

using namespace xcs;
using namespace xcs::python;

namespace {

struct LiveSession {
  std::weak_ptr<void> token;
  std::function<void()> close;
};

/// What is true of the process that the interpreter lives in.
struct Process {
  std::atomic<bool> hadSession{false}, forked{false}, ending{false};
  std::atomic<int> inside{0}; // threads that have entered Python, or wait for a session
  Mutex mutex;
  Condition left; // somebody has
  std::vector<LiveSession> sessions XCS_GUARDED_BY(mutex);
  std::vector<const Bell *> waiting XCS_GUARDED_BY(mutex);

  bool enter() {
    inside.fetch_add(1);
    if (!ending.load())
      return true;
    leave();
    return false;
  }
  void leave() {
    if (inside.fetch_sub(1) == 1 && ending.load()) {
      MutexLock lock(mutex);
      left.notifyAll();
    }
  }
};

} // namespace

/// Never destroyed: threads of a session may outlive the static objects of the process.
static Process &process() {
  static Process &only = *new Process;
  return only;
}

PythonEntry::PythonEntry() : entered(process().enter()) {
  if (entered)
    state = PyGILState_Ensure();
}

PythonEntry::~PythonEntry() {
  if (!entered)
    return;
  PyGILState_Release(state);
  process().leave();
}

Kept::~Kept() {
  if (!object)
    return;
  if (PyGILState_GetThisThreadState()) { // a thread of Python's: with the GIL, or without it for a while
    const PyGILState_STATE state = PyGILState_Ensure();
    Py_DECREF(object);
    PyGILState_Release(state);
    return;
  }
  // At the end of the interpreter the object is left to the system, like all the rest.
  if (PythonEntry entry; entry)
    Py_DECREF(object);
}

Bell::Bell() : event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event) {
    PyErr_SetFromErrno(PyExc_OSError);
    throw nb::python_error();
  }
}

void Bell::ring() const {
  const uint64_t one = 1;
  // Fails only when it has rung 2^64 times unheard.
  [[maybe_unused]] ssize_t written = ::write(*event, &one, sizeof one);
}

void Bell::clear() const {
  uint64_t count = 0;
  [[maybe_unused]] ssize_t taken = ::read(*event, &count, sizeof count);
}

namespace {

/// Counts a thread that waits, and lets the end of the interpreter wake it.
class Waiting {
public:
  explicit Waiting(const Bell &bell) : bell(bell), counted(process().enter()) {
    MutexLock lock(process().mutex);
    process().waiting.push_back(&bell);
  }
  ~Waiting() {
    {
      MutexLock lock(process().mutex);
      std::erase(process().waiting, &bell);
    }
    if (counted)
      process().leave();
  }
  Waiting(const Waiting &) = delete;

private:
  const Bell &bell;
  bool counted;
};

} // namespace

void python::waitFor(const Bell &bell, const std::function<bool()> &ready, Cleared cleared) {
  if (ready())
    return;
  Waiting waiting(bell);
  while (!ready()) {
    {
      nb::gil_scoped_release released;
      // A signal interrupts it. One that comes just before is seen when the time is over.
      static constexpr int longestMs = 250;
      pollfd wanted{bell.descriptor(), POLLIN, 0};
      if (::poll(&wanted, 1, longestMs) > 0 && cleared == Cleared::Here)
        bell.clear();
    }
    if (PyErr_CheckSignals() != 0)
      throw nb::python_error();
    if (process().ending.load() && !ready())
      raise(exceptions().stopped, "the interpreter ends");
  }
}

bool python::isForked() { return process().forked.load(); }

void python::requireUsable() {
  if (process().forked.load())
    raise(PyExc_RuntimeError, "this process was forked from one with a session of xcs, whose threads it does "
                              "not have; start it afresh, as with "
                              "multiprocessing.get_context(\"spawn\"), or fork before the first use of xcs");
  if (process().ending.load())
    raise(PyExc_RuntimeError, "the interpreter ends, so that no session of xcs can begin");
}

void python::noteSession(std::weak_ptr<void> token, std::function<void()> close) {
  Process &here = process();
  here.hadSession.store(true);
  MutexLock lock(here.mutex);
  std::erase_if(here.sessions, [](const LiveSession &live) { return live.token.expired(); });
  here.sessions.push_back({std::move(token), std::move(close)});
}

void python::runApart(std::function<void()> work) {
  process().inside.fetch_add(1);
  // Shared by the copies of a std::function: what `work` holds goes when it has run.
  auto whole = [shared = std::make_shared<std::function<void()>>(std::move(work))] {
    (*shared)();
    *shared = nullptr;
    process().leave();
  };
  nb::gil_scoped_release released;
  Thread thread;
  if (thread.start(whole) == 0)
    thread.detach();
  else
    whole();
}

/// An interrupt while functions of sessions end: their threads cannot continue without the interpreter, so
/// the process ends here.
static void leaveNow() {
  PyErr_Clear();
  for (const char *name : {"stdout", "stderr"})
    if (nb::object stream = nb::borrow(PySys_GetObject(name)); stream.is_valid() && !stream.is_none())
      if (nb::object flushed = nb::steal(PyObject_CallMethod(stream.ptr(), "flush", nullptr));
          !flushed.is_valid())
        PyErr_Clear();
  ::_exit(128 + SIGINT);
}

/// Before the interpreter ends: ends all sessions, once no thread of theirs is in Python.
static void endSessions() {
  Process &here = process();
  here.ending.store(true);
  if (here.forked.load())
    return;
  std::vector<LiveSession> live;
  {
    MutexLock lock(here.mutex);
    live.swap(here.sessions);
    for (const Bell *bell : here.waiting)
      bell->ring();
  }
  for (const LiveSession &session : live)
    if (auto held = session.token.lock())
      session.close();
  while (here.inside.load() != 0) {
    {
      nb::gil_scoped_release released;
      static constexpr auto slice = std::chrono::milliseconds(100);
      MutexLock lock(here.mutex);
      if (here.inside.load() != 0)
        here.left.waitUntil(here.mutex, std::chrono::steady_clock::now() + slice);
    }
    if (PyErr_CheckSignals() != 0)
      leaveNow();
  }
}

void python::defineLife(nb::module_ &module) {
  module.def("_end_sessions", &endSessions);
  module.def("_after_fork_in_child", [] {
    if (process().hadSession.load())
      process().forked.store(true);
  });
  nb::module_::import_("atexit").attr("register")(module.attr("_end_sessions"));
  nb::object fork = nb::module_::import_("os").attr("register_at_fork");
  nb::dict when;
  when["after_in_child"] = module.attr("_after_fork_in_child");
  fork(**when);
}
