#include "xcs/Api/Session.h"
#include "Api/SessionRun.h"
#include <chrono>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace xcs;

const PlanView &ProgramRef::plan() const { return program->plan(); }

std::optional<uint32_t> ProgramRef::function(std::string_view name) const {
  const PlanView &view = plan();
  for (uint32_t f = 0; f < view.functions.size(); ++f)
    if (!view.functions[f].isPrivate && view.constants.text(view.functions[f].symbol) == name)
      return f;
  return std::nullopt;
}

bool RunRef::done() const { return run->isOver.load(std::memory_order_acquire); }
const RunReport &RunRef::report() const { return run->report; }
std::optional<Value> RunRef::result(uint32_t index) const { return run->resultOf(index); }
RunRef RunRef::failedRun() const { return run->failedRun ? run->failedRun : *this; }
uint64_t RunRef::number() const { return run->number; }

Session::Impl::Impl(SessionOptions given)
    : options(std::move(given)), process(getpid()), pool(std::make_unique<RunPool>(options.jobs)),
      grants(options.world.grants) {}

/// Nothing is in flight, but threads may still be on their way out. First the world's end, which pass
/// outcomes to the pool, then the pool's, which may still tell the world that the last ones have settled.
/// References to plans may keep the loop itself.
Session::Impl::~Impl() {
  MutexLock lock(grantsMutex);
  if (loop)
    loop->shutdown();
  pool.reset();
}

bool Session::Impl::isForked() const { return getpid() != process; }

bool Session::Impl::add(const std::shared_ptr<SessionRun> &run) {
  MutexLock lock(mutex);
  if (isClosing)
    return false;
  run->self = run;
  run->next = first;
  if (first)
    first->previous = run.get();
  first = run.get();
  return true;
}

void Session::Impl::remove(SessionRun &run) {
  (run.report.ok ? succeeded : failed).fetch_add(1, std::memory_order_relaxed);
  MutexLock lock(mutex);
  (run.previous ? run.previous->next : first) = run.next;
  if (run.next)
    run.next->previous = run.previous;
  run.self.reset(); // the caller holds another
  if (!first)
    emptied.notifyAll();
}

void Session::Impl::tell(RunEvent event) {
  MutexLock lock(eventsMutex);
  events.push_back(std::move(event));
  if (events.size() == 1 && eventDescriptor)
    eventfd_write(*eventDescriptor, 1);
}

std::vector<std::shared_ptr<SessionRun>> Session::Impl::inFlight() {
  std::vector<std::shared_ptr<SessionRun>> all;
  MutexLock lock(mutex);
  for (SessionRun *run = first; run; run = run->next)
    all.push_back(run->self);
  return all;
}

void Session::Impl::cancelAll() {
  for (const std::shared_ptr<SessionRun> &run : inFlight())
    run->abort(Diag::RunCancelled, std::string(rowOf(Diag::RunCancelled).text));
}

void Session::Impl::close() {
  {
    MutexLock lock(mutex);
    isClosing = true;
  }
  cancelAll();
  MutexLock lock(mutex);
  while (first)
    emptied.wait(mutex);
}

Session::Session(SessionOptions options) : impl(std::make_unique<Impl>(std::move(options))) {}

Session::~Session() {
  if (impl->isForked()) {
    // The threads it would join are those of the other process, and what it would free they may have been
    // changing when this one was made.
    (void)impl.release();
    return;
  }
  impl->close();
}

static OpError errorOf(Diag id) { return {id, std::string(rowOf(id).text), 1}; }

Result<void, OpError> Session::grant(const std::function<void(Grants &)> &change) {
  if (impl->isForked())
    return errorOf(Diag::SessionForked);
  MutexLock lock(impl->grantsMutex);
  if (impl->loop)
    return errorOf(Diag::GrantsFrozen);
  change(impl->grants);
  return {};
}

/// From the first plan on, the grants are what they are.
std::shared_ptr<SharedLoop> Session::Impl::freeze() {
  MutexLock lock(grantsMutex);
  if (!loop) {
    WorldOptions world = options.world;
    world.grants = grants;
    loop = std::make_shared<SharedLoop>(std::move(world));
  }
  return loop;
}

Result<ProgramRef> Session::load(std::string_view bytes, std::string_view name, DiagnosticEngine &diagnostics,
                                 const Grants *ownGrants) {
  if (impl->isForked()) {
    diagnostics.reportFile(Diag::SessionForked, name);
    return Failure{};
  }
  const Limits &limits = impl->options.world.limits;
  Result<std::unique_ptr<PlanFile>> opened = PlanFile::fromBytes(bytes, name, diagnostics, limits);
  if (!opened)
    return Failure{};
  std::shared_ptr<SharedLoop> loop = impl->freeze();
  WorldOptions world = loop->options;
  if (ownGrants)
    world.grants = *ownGrants;
  RunOptions run;
  run.limits = limits;
  run.host = world.host;
  auto made = std::make_shared<SessionProgram>();
  made->session = impl->token;
  made->file = std::move(*opened);
  made->prepared =
      impl->pool->prepare(made->plan(), run, liveWorld(made->plan(), std::move(world), loop), made->file);
  impl->programs.fetch_add(1, std::memory_order_relaxed);
  return ProgramRef(std::move(made));
}

RunRef Session::submit(const ProgramRef &program, uint32_t function, std::vector<RunInput> inputs,
                       RunSettings settings) {
  const uint64_t number = impl->submitted.fetch_add(1, std::memory_order_relaxed) + 1;
  auto run = std::make_shared<SessionRun>(number, program.program, function, std::move(settings));
  if (impl->isForked()) {
    run->failAtOnce(Diag::SessionForked, {}, nullptr);
  } else if (!impl->add(run)) {
    run->failAtOnce(Diag::BadSubmit, {"the session is closing"}, nullptr);
    impl->failed.fetch_add(1, std::memory_order_relaxed);
  } else if (std::string why = run->whyBad(impl->token, inputs); !why.empty()) {
    run->failAtOnce(Diag::BadSubmit, {why}, impl.get());
  } else {
    run->start(*impl, std::move(inputs));
  }
  return RunRef(std::move(run));
}

void Session::cancel(const RunRef &run) {
  if (run && !impl->isForked())
    run.run->abort(Diag::RunCancelled, std::string(rowOf(Diag::RunCancelled).text));
}

void Session::cancelAll() {
  if (!impl->isForked())
    impl->cancelAll();
}

void Session::abandonAll() {
  if (!impl->isForked())
    for (const std::shared_ptr<SessionRun> &run : impl->inFlight())
      run->abandon();
}

bool Session::wait(const RunRef &run) {
  if (impl->isForked())
    return run.done();
  run.run->wait();
  return true;
}

bool Session::waitFor(const RunRef &run, int64_t nanoseconds) {
  if (impl->isForked())
    return run.done();
  return run.run->waitUntil(std::chrono::steady_clock::now() + std::chrono::nanoseconds(nanoseconds));
}

int Session::completedDescriptor() {
  if (impl->isForked())
    return -1;
  MutexLock lock(impl->eventsMutex);
  if (!impl->eventDescriptor)
    impl->eventDescriptor = Descriptor(eventfd(impl->events.empty() ? 0 : 1, EFD_CLOEXEC | EFD_NONBLOCK));
  return *impl->eventDescriptor;
}

std::vector<RunEvent> Session::takeCompleted() {
  std::vector<RunEvent> out;
  if (impl->isForked())
    return out;
  MutexLock lock(impl->eventsMutex);
  out.swap(impl->events);
  eventfd_t count;
  if (!out.empty() && impl->eventDescriptor)
    eventfd_read(*impl->eventDescriptor, &count);
  return out;
}

SessionStats Session::stats() const {
  SessionStats out;
  out.programs = impl->programs.load(std::memory_order_relaxed);
  out.succeeded = impl->succeeded.load(std::memory_order_relaxed);
  out.failed = impl->failed.load(std::memory_order_relaxed);
  out.submitted = impl->submitted.load(std::memory_order_relaxed);
  out.pendingInputs = impl->pendingInputs.load(std::memory_order_relaxed);
  out.threads = impl->pool->threads();
  return out;
}
