#include "Common/Process.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <string>
#include <thread>
#include <unistd.h>

using namespace xcs;

void tools::openStandardDescriptors() {
  // `open` returns the lowest free number: one beyond the three means that none was missing.
  int opened;
  do
    opened = ::open("/dev/null", O_RDWR);
  while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened > STDERR_FILENO)
    ::close(opened);
}

void tools::reportLostOutput() {
  // Made before the handler is registered, so that both are there when that is called.
  llvm::outs();
  llvm::errs();
  std::atexit([] {
    llvm::raw_fd_ostream &out = llvm::outs();
    out.flush();
    if (!out.has_error())
      return;
    const std::string why = out.error().message();
    out.clear_error();
    DiagnosticEngine(&llvm::errs()).reportFile(Diag::CannotWrite, {}, {"standard output", why});
    ::_exit(static_cast<int>(ExitCode::ProgramFailed));
  });
}

namespace {

/// Built in advance, because it is needed when there is no memory.
struct LastWords {
  std::string message;
  std::atomic<ExitCode (*)()> before{nullptr};
  std::atomic<std::thread::id> speaker{}; // the thread that ends the process
};

} // namespace

/// Lives as long as the process: threads may allocate until its very end.
static LastWords &lastWords() {
  static LastWords &words = *new LastWords;
  return words;
}

/// If several threads run out of memory, the first ends the process; one that runs out while doing so ends it
/// at once.
[[noreturn]] static void exitAtOnce() {
  LastWords &words = lastWords();
  std::thread::id none, self = std::this_thread::get_id();
  ExitCode exit = ExitCode::LimitExceeded;
  if (words.speaker.compare_exchange_strong(none, self)) {
    // There is no way left to report that the message was lost.
    [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, words.message.data(), words.message.size());
    if (ExitCode(*before)() = words.before.load())
      exit = before();
    llvm::sys::RunInterruptHandlers(); // removes temporary files
  } else if (none != self) {
    while (true)
      ::pause();
  }
  ::_exit(static_cast<int>(exit));
}

void tools::exitOutOfMemory(DiagnosticFormat form) {
  LastWords &words = lastWords();
  words.message.clear();
  llvm::raw_string_ostream out(words.message);
  DiagnosticEngine(&out, form)
      .reportFinished(Diag::LimitExceeded, {},
                      "the system gives this process no more memory; allow it more (`ulimit -v`), or have it "
                      "hold less at once");
  std::set_new_handler(exitAtOnce);
  // For memory that LLVM itself takes from malloc.
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { exitAtOnce(); });
}

void tools::beforeEndWithoutMemory(ExitCode (*what)()) { lastWords().before.store(what); }
