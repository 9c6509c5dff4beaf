#pragma once
#include "src/HostThread.h"
#include "xcs/Support/Limits.h"
#include "xcs/World/HostCallables.h"
#include <deque>
#include <map>
#include <set>
#include <string>

namespace xcs::python {

/// The callables that `xcs.load(plan, ops={..})` gives to a plan. Each is called with the GIL, on a thread of
/// the session's pool. Thread safety: `has` from any thread; the rest with the GIL.
class OpTable final : public HostCallables {
public:
  /// Raises TypeError for a name that is not a str, and for what cannot be called.
  OpTable(nb::handle ops, const Limits &limits);
  /// Before anything is called: whose threads they are called on.
  void belongTo(std::weak_ptr<Engine> given) { engine = std::move(given); }
  bool has(std::string_view function) const override;
  Result<Value, HostFailure> call(const HostCall &call) override;
  /// The exception that a function raised and whose text a failure shows; with the GIL. Empty if it is not
  /// known any more.
  nb::object exceptionOf(std::string_view failureMessage);
  /// For the collector of cycles: visits what this holds, and drops it. A function that is called afterwards
  /// is not there.
  int traverse(visitproc visit, void *arg) const;
  void clear();

private:
  struct Raised {
    std::string message;
    Kept exception;
  };
  static constexpr size_t mostKept = 64;

  std::set<std::string, std::less<>> names;
  std::map<std::string, Kept, std::less<>> functions; // none of them once it was cleared
  Limits limits;
  std::weak_ptr<Engine> engine;
  std::deque<Raised> raised;
};

/// `ValueError: text`: the exception in the words of a traceback's last line.
std::string exceptionText(nb::handle exception);

} // namespace xcs::python
