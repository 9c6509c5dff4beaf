#pragma once
#include "World/Gate.h"
#include "xcs/Plan/Plan.h"
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace xcs {

/// Something that wants to be let in through up to three gates, all at once.
struct Applicant {
  std::array<Gate *, 3> gates{}; // null: none
  double tokens = 0;             // how many it is thought to take, for a gate that paces by them
  Gate::Place waitsIn{};         // the same in every queue
  Gate *waitsAt = nullptr;       // in whose queue it is
  bool holdsSlots = false;       // of all its gates
};

/// Who is let in through the gates of a run, and in which order: the longest remaining path first, then the
/// earliest to come. An operation that has ended keeps its slots until its outcome has been settled, where a
/// gate is full: what it makes ready asks first, and the slots go to whoever has the longest path of all that
/// wait then. Thread safety: one thread.
class Admission {
public:
  using LetIn = std::function<void(Applicant &)>;
  using WakeAt = std::function<void(Gate &, int64_t when)>;
  /// `admit` is called by `pump` with each that may start, whose slots are taken; `wakeAt` with a gate that
  /// is to be looked at again then (`lookAt`).
  Admission(const PlanView &plan, LetIn admit, WakeAt wakeAt);

  /// The gate of a resource, made when first asked for.
  Gate &gateOf(uint32_t resource);
  /// That of `limit = @l` of an operation; null: it has none.
  Gate *limitOf(const PlanOp &op);

  /// Queues someone, whose gates, tokens and priority are known; false: there is no gate to pass.
  bool apply(Applicant &someone);
  void withdraw(Applicant &someone);
  /// Gives the slots back at once.
  void leave(Applicant &someone);
  /// The same once `settled` says so, unless whoever waits goes first anyhow, because nothing that it can
  /// make ready has a higher priority (`nextPriority`); returns what it will say, or 0 when no gate was full,
  /// and the slots are free. They are held back until `until` at most (`endHolds`).
  uint64_t releaseWhenSettled(Applicant &someone, double nextPriority, int64_t until);
  void settled(std::span<const uint64_t> tokens);
  /// Frees what was to be held back until now.
  void endHolds(int64_t now);
  /// When that is due next; 0: nothing is held back.
  int64_t nextRelease() const;

  void lookAt(Gate &gate);
  /// Lets in whoever may start now.
  void pump(int64_t now);

private:
  struct Held {
    std::array<Gate *, 3> gates;
    int64_t until;
  };
  bool takeSlots(Applicant &someone, int64_t now);
  void free(const std::array<Gate *, 3> &gates);

  const PlanView &plan;
  const LetIn admit;
  const WakeAt wakeAt;
  std::map<uint32_t, std::unique_ptr<Gate>> gates; // by resource
  std::vector<Gate *> toPump;                      // each once: it may be open, and somebody waits
  std::map<uint64_t, Held> held;                   // by token
  uint64_t lastToken = 0;
};

} // namespace xcs
