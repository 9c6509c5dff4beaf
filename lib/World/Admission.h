#pragma once
#include "World/Gate.h"
#include "llvm/ADT/SmallVector.h"
#include <functional>
#include <span>
#include <vector>

namespace xcs {

/// A gate, and how many of its slots an operation takes.
struct GateUse {
  Gate *gate;
  uint64_t slots = 1;
};
using GateUses = llvm::SmallVector<GateUse, 3>; // a resource, a limit, the sockets

/// Something to be admitted through its gates, all at once.
struct Applicant {
  GateUses gates;               // each once
  double tokens = 0;            // the estimated tokens, for a gate that paces by them
  Gate::Place queuePlace{};     // the same in every queue
  Gate *waitingGate = nullptr;  // the gate it waits for, in whose queue it is
  bool isInAllQueues = false;   // not only in that one
  unsigned timesPassedOver = 0; // one gate had slots for it, but another had none
  bool holdsSlots = false;      // of all its gates
};

/// Admits operations through gates: the longest remaining path first, then the earliest arrival.
/// An applicant waits in the queue of one gate at a time, so that it holds no one up at its others. When it
/// has been passed over a few times, it waits in the queues of all its gates: then none that comes after it
/// starts at any of them, and they empty for it. While it is only the pace of a gate that keeps it, it is in
/// that queue alone.
/// If a gate is full, an operation that has ended keeps its slots until its outcome has been settled: what it
/// makes ready applies first, and then the slots go to the longest path of all that wait. Thread safety: one
/// thread.
class Admission {
public:
  using LetIn = std::function<void(Applicant &)>;
  using WakeAt = std::function<void(Gate &, int64_t when)>;
  /// How often an applicant is passed over before it waits in all its queues.
  static constexpr unsigned mostPassedOver = 8;

  /// `admit` is called by `pump` with each applicant that may start, whose slots are taken; `wakeAt` with a
  /// gate and the time at which it must be checked again (`scheduleCheck`).
  Admission(LetIn admit, WakeAt wakeAt);

  /// Queues an applicant, whose gates, tokens and priority are set; false if it has no gate to pass.
  bool enqueue(Applicant &applicant);
  void withdraw(Applicant &applicant);
  /// Releases the slots at once.
  void release(Applicant &applicant);
  /// Takes a gate from those of an operation, and releases its slots there, which it holds; returns how many.
  uint64_t remove(Applicant &applicant, Gate &gate);
  /// An operation that waits takes another number of slots of one of its gates.
  void resize(Applicant &applicant, Gate &gate, uint64_t slots);
  /// The same as `release` once `settled` is called. If the first in the queue goes first anyway, because
  /// nothing this operation can make ready has a higher priority (`nextPriority`), or if no gate was full,
  /// releases the slots at once and returns 0. Otherwise returns the token for `settled`; the slots are
  /// reserved until `until` at most (`endHolds`).
  uint64_t releaseWhenSettled(Applicant &applicant, double nextPriority, int64_t until);
  void settled(std::span<const uint64_t> tokens);
  /// Frees the slots that were reserved until now.
  void endHolds(int64_t now);
  /// When the next of these is due; 0: no slot is reserved.
  int64_t nextRelease() const;

  /// The gate may have opened: the next `pump` asks it.
  void scheduleCheck(Gate &gate);
  /// Admits every applicant that may start now.
  void pump(int64_t now);

private:
  struct Held {
    GateUses gates;
    int64_t until;
  };
  void waitAt(Applicant &applicant, GateUse use);
  void leaveQueues(Applicant &applicant);
  void keepOut(Applicant &applicant, GateUse closed);
  void start(Applicant &applicant, int64_t now);
  void free(const GateUses &gates);

  const LetIn admit;
  const WakeAt wakeAt;
  std::vector<Gate *> toPump;    // each once: it may be open, and its queue is not empty
  std::map<uint64_t, Held> held; // by token
  uint64_t lastToken = 0;
};

} // namespace xcs
