#pragma once
#include "src/Errors.h"
#include "src/Life.h"
#include "xcs/Api/Session.h"
#include "xcs/Frontend/ExecutionTracer.h"
#include <atomic>
#include <memory>

namespace xcs::python {

/// Why an operation failed: an exception that a function of the program raised, or what one is made of when
/// it is asked for.
class Reason {
public:
  explicit Reason(Kept raised) : exception(std::move(raised)) {}
  Reason(PyObject *type, FailureText text) : type(type), text(std::move(text)) {}
  /// The same object each time; with the GIL.
  nb::object get();

private:
  PyObject *type = nullptr;
  FailureText text;
  Kept exception;
};

struct HostJob;
class Recording;

enum class NodeState : uint8_t { Pending, Done, Failed };

/// The result of one recorded operation. Written before `state` leaves Pending: value, program, type,
/// failure. All else is used with the GIL alone.
struct Node {
  Node(const Recording *owner, uint64_t number) : owner(owner), number(number) {}

  const Recording *const owner; // which lives while a Deferred of the node does
  const uint64_t number;        // in program order
  std::atomic<NodeState> state{NodeState::Pending};
  std::atomic<int> waiting{0}; // threads that wait for it
  std::atomic<bool> isWatched{false};

  Value value;
  ProgramRef program; // whose type is `type`
  TypeId type;
  std::shared_ptr<Reason> failure;

  std::shared_ptr<HostJob> host; // of a call of a function: its value is the object that it gave
  Kept object;                   // the value as an object, once somebody has asked for it
  Recorded recorded;
  RunRef run; // none while its segment is not submitted, and when it is over
  uint32_t result = 0;
  bool isDoomed = false; // it needs what has failed: it fails once it is known which failure counts
  bool isOpen = false;   // of a segment that was not ended yet
  std::weak_ptr<class Segment> segment;

  bool isDone() const { return state.load() != NodeState::Pending; }
  bool hasFailed() const { return state.load() == NodeState::Failed; }
  /// The value as an object, the same each time; only when done and not failed.
  nb::object get(const Limits &limits);
};

using NodeRef = std::shared_ptr<Node>;

} // namespace xcs::python
