#pragma once
#include "World/CacheKey.h"
#include "World/ProgramFiles.h"
#include <atomic>

namespace xcs {

/// Requests of the engine that wait for one answer.
struct Flight {
  enum class Stage : uint8_t {
    Looking, // in the cache
    Waiting, // for another process
    Asking,  // the inner world
    Keeping, // the answer in the cache
    Over,
  };
  struct Member {
    WorldRequest request;
    int64_t since; // by the clock of the world
  };

  CacheRequest identity;
  std::string joinKey; // of those that may share it
  uint32_t op = 0;     // index in PlanView::ops
  uint32_t region = 0;
  bool isWrite = false;
  bool isAnew = false;     // the cache is not looked into: the run may have changed the answer
  bool isAlone = false;    // it waits for no equal request
  uint64_t writes = 0;     // CachedWorld::writes when it began
  int64_t timeout = 0;     // of its members, in nanoseconds; 0: none
  std::string whyNotGiven; // an entry that is there; of the thread that has the flight
  RequestPlace place;      // of the first member
  std::optional<ProgramRun> program;
  std::atomic<bool> isWanted{true}; // by a member; it is never again once it is not
  // The following are guarded by the mutex of the world.
  uint64_t number = 0;
  Stage stage = Stage::Looking;
  std::vector<Member> members; // the first one is asking
  bool hasClaim = false;
  int64_t giveUpAt = 0, delay = 0; // of the wait for another process; nanoseconds
};

/// The node of the tickets of flights, which no operation of a plan has.
inline constexpr uint32_t flightNode = UINT32_MAX;

inline Ticket ticketOf(Flight &flight) { return {&flight, flightNode}; }
inline Flight *flightOf(Ticket ticket) {
  return ticket.node == flightNode ? static_cast<Flight *>(ticket.activation) : nullptr;
}

} // namespace xcs
