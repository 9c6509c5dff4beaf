#pragma once
#include "xcs/Io/Reactor.h"
#include <string>
#include <uv.h>

namespace xcs {

class SocketWatch;

/// The libuv loop of a reactor and its sockets, for what runs on it.
struct ReactorLoop {
  static uv_loop_t *of(Reactor &reactor);
  static SocketWatch &socketsOf(Reactor &reactor);
};

/// The text of libuv's `error`. uv_strerror leaks the text of an error that it does not know, such as
/// ENOEXEC.
std::string uvError(int error);

} // namespace xcs
