#pragma once
#include "xcs/Api/Session.h"
#include "xcs/Plan/PlanFile.h"
#include "xcs/Runtime/RunPool.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/Mutex.h"
#include <atomic>
#include <sys/types.h>

namespace xcs {

/// A loaded plan. Immutable.
struct SessionProgram {
  std::shared_ptr<const void> session; // tells sessions apart, also when one of them is gone
  std::shared_ptr<const PlanFile> file;
  std::shared_ptr<PreparedPlan> prepared;

  const PlanView &plan() const { return file->view(); }
};

/// What a session keeps. Thread safety: all members.
struct Session::Impl {
  explicit Impl(SessionOptions given);
  ~Impl();

  /// Whether this is another process than that of the session's threads, for which nothing here is valid but
  /// `token`: a lock may be held for ever.
  bool isForked() const;
  std::shared_ptr<SharedLoop> freeze();

  /// Lists a run as in flight, and owns it; false: the session is closing.
  bool add(const std::shared_ptr<SessionRun> &run);
  /// It is over, and all have heard of it.
  void remove(SessionRun &run);
  void tell(RunEvent event);
  std::vector<std::shared_ptr<SessionRun>> inFlight();
  void cancelAll();
  void close();

  const SessionOptions options; // but for `grants`
  const pid_t process;
  const std::shared_ptr<const void> token = std::make_shared<int>(0); // SessionProgram::session
  std::unique_ptr<RunPool> pool;

  std::atomic<uint64_t> programs{0}, submitted{0}, succeeded{0}, failed{0}, pendingInputs{0};

  Mutex grantsMutex;
  Grants grants XCS_GUARDED_BY(grantsMutex);
  std::shared_ptr<SharedLoop> loop XCS_GUARDED_BY(grantsMutex); // there once the grants are frozen

  Mutex mutex;
  Condition emptied;
  SessionRun *first XCS_GUARDED_BY(mutex) = nullptr; // of the runs in flight, the latest
  bool isClosing XCS_GUARDED_BY(mutex) = false;

  Mutex eventsMutex;
  std::vector<RunEvent> events XCS_GUARDED_BY(eventsMutex);
  Descriptor eventDescriptor XCS_GUARDED_BY(eventsMutex); // none until asked for
};

} // namespace xcs
