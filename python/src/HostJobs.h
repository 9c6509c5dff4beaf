#pragma once
#include "src/HostThread.h"
#include "src/Node.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/HostCallables.h"
#include <unordered_map>
#include <vector>

namespace xcs::python {

/// One call of a function of the program. Its operation has the operands (number of the job, results that it
/// waits for).
struct HostJob {
  Kept function, arguments, keywords; // until it is called
  std::vector<NodeRef>
      needs;   // Deferreds within the arguments that were pending, in the order of the operands
  Kept result; // what it returned
  std::shared_ptr<Reason> failure;      // what it raised
  std::weak_ptr<class Segment> segment; // that ends with it

  // Decided with the GIL: whether an operation of the engine takes the result, and whether it is too late for
  // that.
  bool isWanted = false, isOver = false;
};

/// The functions that a session calls, as one that is named `python`. Thread safety: all members.
class HostJobs final : public HostCallables {
public:
  static constexpr std::string_view functionName = "python";
  explicit HostJobs(const Limits &limits) : limits(limits) {}
  /// Before anything is called: whose threads they are called on.
  void belongTo(std::weak_ptr<Engine> given) { engine = std::move(given); }
  bool has(std::string_view function) const override { return function == functionName; }
  Result<Value, HostFailure> call(const HostCall &call) override;
  /// Keeps a job until it is called, and gives its number.
  int64_t add(std::shared_ptr<HostJob> job);
  /// Drops a job that will not be called.
  void drop(int64_t number);

private:
  std::shared_ptr<HostJob> take(int64_t number);
  Value run(HostJob &job, const HostCall &call);

  Limits limits;
  std::weak_ptr<Engine> engine;
  Mutex mutex;
  int64_t last XCS_GUARDED_BY(mutex) = 0;
  std::unordered_map<int64_t, std::shared_ptr<HostJob>> jobs XCS_GUARDED_BY(mutex);
};

/// The JSON value that operations of the engine see of an object: itself, or an object that no operation
/// takes for a text.
Value visibleValue(nb::handle object, const Limits &limits);

} // namespace xcs::python
