#include "src/Engine.h"
#include "src/Errors.h"
#include "xcs-run/Memory.h"
#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

using namespace xcs;
using namespace xcs::python;

void PythonHost::lookAgain() {
  MutexLock lock(mutex);
  variables.clear();
  for (char **entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    if (size_t equals = text.find('='); equals != text.npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
}

void PythonHost::set(std::string name, std::string value) {
  MutexLock lock(mutex);
  own.insert_or_assign(std::move(name), std::move(value));
}

std::optional<std::string> PythonHost::environment(std::string_view name) const {
  MutexLock lock(mutex);
  if (auto set = own.find(name); set != own.end())
    return set->second;
  auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

void PythonHost::log(std::string_view lines, const std::function<bool()> &wanted) {
  static constexpr int sliceMs = 100;
  while (!lines.empty() && wanted()) {
    ssize_t written = ::write(STDERR_FILENO, lines.data(), lines.size());
    if (written >= 0)
      lines.remove_prefix(static_cast<size_t>(written));
    else if (errno == EAGAIN) {
      pollfd room{STDERR_FILENO, POLLOUT, 0};
      ::poll(&room, 1, sliceMs);
    } else if (errno != EINTR)
      return;
  }
}

std::shared_ptr<Engine> Engine::start(SessionOptions options) {
  requireUsable();
  std::shared_ptr<Engine> engine(new Engine);
  engine->processHost = std::make_shared<PythonHost>();
  // As xcs-run does, unless the caller has said something else.
  Limits &limits = options.world.limits;
  if (limits[Limit::RunBytes] == Limits()[Limit::RunBytes])
    limits.set(Limit::RunBytes, runner::usableMemory() / 4 * 3);
  engine->bounds = limits;
  engine->threads = std::max(options.world.hostThreads, 1u);
  options.world.host = engine->processHost;
  // It waits for its runs when it ends, and these may wait for the GIL.
  engine->open =
      std::shared_ptr<xcs::Session>(new xcs::Session(std::move(options)), [](xcs::Session *ending) {
        if (!PyGILState_GetThisThreadState()) { // no thread of Python's
          delete ending;
          return;
        }
        const PyGILState_STATE state = PyGILState_Ensure(); // it may be without the GIL already
        {
          nb::gil_scoped_release released;
          delete ending;
        }
        PyGILState_Release(state);
      });
  Engine *raw = engine.get();
  noteSession(std::weak_ptr<void>(engine), [raw] { raw->letGo(); });
  return engine;
}

/// A session that a thread of its own ends.
struct Engine::Ending {
  Bell bell;
  std::atomic<bool> isOver{false};
};

Engine::~Engine() { letGo(); }

std::shared_ptr<xcs::Session> Engine::session() {
  requireUsable();
  if (!open)
    raise(PyExc_RuntimeError, "the session is closed");
  return open;
}

void Engine::cancelAll() {
  if (open && !isForked())
    open->cancelAll();
}

void Engine::letGo() {
  if (!open)
    return;
  cancelAll();
  if (isForked()) { // it has no threads here
    open.reset();
    return;
  }
  ended = std::make_shared<Ending>();
  runApart([session = std::move(open), ended = ended]() mutable {
    session.reset();
    ended->isOver.store(true);
    ended->bell.ring();
  });
}

void Engine::close() {
  letGo();
  if (ended)
    waitFor(ended->bell, [ended = ended] { return ended->isOver.load(); });
}
