#pragma once
#include "Ops/JsonSupport.h"
#include <vector>

namespace xcs {

/// Puts a finished part into the innermost value that is being made, or, where there is none, into
/// `finished`. `Open` has `done`, its parts so far, and `bytes`, their size: it is checked as it grows, for
/// what is made may be larger than what it is made of. False with an error when the limit is exceeded or the
/// run was stopped.
template <class Open>
bool takePart(std::vector<Open> &open, Value part, Value &finished, const Limits &limits,
              std::string_view what, OpError &error) {
  if (limits.isStopped())
    return failStopped(error);
  const uint64_t bytes = part.byteSize() + (open.empty() ? 0 : open.back().bytes);
  if (bytes > limits[Limit::ValueBytes])
    return failWithLimit(error, limits, Limit::ValueBytes, what);
  if (open.empty()) {
    finished = std::move(part);
    return true;
  }
  open.back().bytes = bytes;
  open.back().done.push_back(std::move(part));
  return true;
}

} // namespace xcs
