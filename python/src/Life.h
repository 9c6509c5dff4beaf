#pragma once
#include "src/Python.h"
#include "xcs/Support/Descriptor.h"
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

// The border to the life of the interpreter: its end, forks, signals in waits, and entering it from a thread
// of a session.
namespace xcs::python {

/// Holds the GIL on a thread that Python does not know, unless the interpreter is about to end: then nothing
/// of Python may be touched. The end waits for all that have entered.
class PythonEntry {
public:
  PythonEntry();
  ~PythonEntry();
  PythonEntry(const PythonEntry &) = delete;
  explicit operator bool() const { return entered; }

private:
  bool entered;
  PyGILState_STATE state{};
};

/// An object of Python that may be dropped on any thread.
class Kept {
public:
  Kept() = default;
  explicit Kept(nb::object given) : object(given.release().ptr()) {}
  Kept(Kept &&other) noexcept : object(std::exchange(other.object, nullptr)) {}
  Kept &operator=(Kept &&other) noexcept {
    std::swap(object, other.object);
    return *this;
  }
  ~Kept();
  explicit operator bool() const { return object != nullptr; }
  /// With the GIL.
  nb::object get() const { return nb::borrow(object); }
  /// For the collector of cycles: the reference that this holds.
  PyObject *held() const { return object; }

private:
  PyObject *object = nullptr;
};

/// Wakes a thread that waits for something of a session. Thread safety: all members.
class Bell {
public:
  /// Raises OSError where the system gives no descriptor.
  Bell();
  void ring() const;
  void clear() const;
  int descriptor() const { return *event; }

private:
  Descriptor event;
};

/// Waits without the GIL until `ready`, which is asked again after each ring. Signals are handled meanwhile:
/// what a handler raises, such as KeyboardInterrupt, is thrown. At the end of the interpreter it raises
/// Stopped.
enum class Cleared : uint8_t { Here, ByOwner };
void waitFor(const Bell &bell, const std::function<bool()> &ready, Cleared cleared = Cleared::Here);

/// Raises RuntimeError in the child of a fork whose parent had a session, and while the interpreter ends.
void requireUsable();
/// Tells that a session begins, which a forked child will not have. `close` is called at the end of the
/// interpreter, with the GIL, unless `token` is gone by then.
void noteSession(std::weak_ptr<void> token, std::function<void()> close);
bool isForked();
/// Runs `work` on a thread of its own, or here where the system gives none; without the GIL. The end of the
/// interpreter waits for it.
void runApart(std::function<void()> work);

void defineLife(nb::module_ &module);

} // namespace xcs::python
