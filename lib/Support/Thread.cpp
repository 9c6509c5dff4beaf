#include "xcs/Support/Thread.h"
#include <cassert>
#include <memory>
#include <utility>

using namespace xcs;

using Body = std::function<void()>;

static void *run(void *given) {
  std::unique_ptr<Body> body(static_cast<Body *>(given));
  (*body)();
  return nullptr;
}

Thread::~Thread() { assert(!joinable && "a thread outlives its owner"); }

int Thread::start(Body body) {
  assert(!joinable);
  auto given = std::make_unique<Body>(std::move(body));
  int error = pthread_create(&handle, nullptr, &run, given.get());
  if (error)
    return error;
  given.release(); // the thread owns it now
  joinable = true;
  return 0;
}

void Thread::join() {
  if (std::exchange(joinable, false))
    pthread_join(handle, nullptr);
}

void Thread::detach() {
  if (std::exchange(joinable, false))
    pthread_detach(handle);
}
