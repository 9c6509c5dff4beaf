#pragma once
#include "src/Life.h"
#include "xcs/Api/Session.h"
#include "xcs/Support/Mutex.h"
#include <map>
#include <memory>
#include <string>

namespace xcs::python {

/// What sessions get from the process: its environment as it was when last looked at with the GIL (another
/// thread may change it at any time), its clock, and standard error for `log.print`. Thread safety: all
/// members.
class PythonHost final : public ProcessHost {
public:
  PythonHost() { lookAgain(); }
  /// Copies the environment; with the GIL.
  void lookAgain();
  /// Sets a variable that plans of this host see in place of the process's own, which does not change.
  void set(std::string name, std::string value);
  std::optional<std::string> environment(std::string_view name) const override;
  void log(std::string_view lines, const std::function<bool()> &wanted) override;

private:
  mutable Mutex mutex;
  std::map<std::string, std::string, std::less<>> variables XCS_GUARDED_BY(mutex), own XCS_GUARDED_BY(mutex);
};

/// An xcs::Session that ends with the interpreter, and is not there in a forked child.
class Engine : public std::enable_shared_from_this<Engine> {
public:
  /// Members of `options` but for `world.host` are taken as they are. With the GIL.
  static std::shared_ptr<Engine> start(SessionOptions options);
  ~Engine();
  Engine(const Engine &) = delete;

  /// Raises RuntimeError once it is closed, and in a forked child. Who holds it delays its end.
  std::shared_ptr<xcs::Session> session();
  PythonHost &host() { return *processHost; }
  const Limits &limits() const { return bounds; }
  /// Cancels what runs, and lets a thread of its own wait for that and end the session. With the GIL. Returns
  /// at once.
  void letGo();
  /// The same, and waits until it has ended: what a signal's handler raises is thrown.
  void close();
  bool isOpen() const { return open != nullptr; }
  /// Cancels what runs, if it is open. Raises nothing.
  void cancelAll();
  /// How many functions it may call at once, and how many of those wait for calls of it; with the GIL.
  unsigned functionThreads() const { return threads; }
  unsigned functionsThatWait = 0;

private:
  Engine() = default;
  struct Ending;
  std::shared_ptr<PythonHost> processHost;
  std::shared_ptr<xcs::Session> open;
  Limits bounds;
  unsigned threads = 0;
  std::shared_ptr<Ending> ended; // of what was let go
};

} // namespace xcs::python
