#pragma once
#include "xcs/Io/Reactor.h"
#include <uv.h>

namespace xcs {

/// libuv's loop of a reactor, for what lives on it.
struct ReactorLoop {
  static uv_loop_t *of(Reactor &reactor);
};

} // namespace xcs
