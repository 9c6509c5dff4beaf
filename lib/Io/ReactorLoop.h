#pragma once
#include "xcs/Io/Reactor.h"
#include <uv.h>

namespace xcs {

/// The libuv loop of a reactor, for what runs on it.
struct ReactorLoop {
  static uv_loop_t *of(Reactor &reactor);
};

} // namespace xcs
