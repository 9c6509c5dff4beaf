#pragma once
#include "World/WorldOp.h"

namespace xcs {

// A draw is one execution of an operation that samples or writes. Its name was assigned before any pass
// (Transforms/Draws.h). Together with the names of the calls that lead to it and the enclosing iterations, it
// identifies the same draw at every level, number of threads and schedule.

/// Random bits of one draw: a function of only the run's seed, the name of the draw, the names of the calls
/// that lead to it, and the enclosing iterations. Not for cryptography.
class DrawBits {
public:
  explicit DrawBits(const WorldOp::Site &site);

  uint64_t next();
  /// Uniform from 0 up to, but not including, `bound`, which must not be 0.
  uint64_t below(uint64_t bound);

private:
  uint64_t state;
};

/// Where an operation is executed, in names that are the same at every level: those of the calls that lead to
/// it and its own, and the enclosing iterations, from the outside in.
struct DrawPlace {
  std::string names; // joined by `/`
  std::vector<uint32_t> iterations;
};
DrawPlace drawPlace(const PlanView &plan, const WorldClient &client, const WorldRequest &request);

/// For people: `@grade/model.chat#1c:0[3.1]`.
std::string placeText(const DrawPlace &place);

/// Whether executions with this effect have names of their own (Transforms/Draws.h).
bool hasDrawName(Effect effect);

/// What a recording calls a request, as 32 hexadecimal digits: the request, and its place if it has a name of
/// its own. Reads and waits have none, so equal ones are called the same.
std::string answerIdentity(const PlanView &plan, const WorldClient &client, const WorldRequest &request);

/// The same for a named one, but that only the operations on the way count, not which of several they are
/// (the parts of names after `#`): of the same request at the same place in an edited program.
std::string unnamedIdentity(const PlanView &plan, const WorldClient &client, const WorldRequest &request);

/// The identity of an execution that reads, samples or writes, as 32 hexadecimal digits. It covers the
/// request itself (operation, request attributes of it and of its resource, operands, result types; secrets
/// by name) and, unless it is a read, its place, so that equal requests are different draws. Empty for
/// anything else.
std::string requestIdentity(const WorldOp::Site &site);

} // namespace xcs
