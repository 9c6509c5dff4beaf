#pragma once
#include "HttpReader.h"
#include "RequestLog.h"
#include <deque>
#include <memory>
#include <string_view>
#include <uv.h>

namespace xcs::faults {

class Server;

/// One client's connection. Requests may be pipelined; answers go out in the order the requests came in, each
/// when it is due and the ones before it are out.
///
/// Thread safety: none. Ownership: the server's, which frees it once libuv has let go of the handle
/// (`onClosed`).
class Connection {
public:
  Connection(Server &server, std::uint64_t id);
  Connection(const Connection &) = delete;
  Connection &operator=(const Connection &) = delete;

  /// Takes the waiting client from `listener`. False: there was none, or no descriptor for it; the connection
  /// then only has to be closed.
  bool open(uv_loop_t *loop, uv_stream_t *listener);

  /// Sends every step that is due. `nowNs` is the time logged for answers that end here.
  void pump(std::uint64_t nowNs);

  /// Ends the connection; exchanges still pending are logged with `outcome`. A second call does nothing.
  void close(Outcome outcome, bool reset = false);

  std::uint64_t id() const { return number; }

private:
  bool onRequest(HttpRequest request);
  void onBytes(std::string_view bytes);
  /// Writes at once what the kernel takes and queues the rest; a client that is gone closes the connection.
  void send(std::string_view bytes);
  /// Answers bytes that are no request, and closes.
  void refuse(int status);
  void finishFirst(std::uint64_t nowNs);
  static void onRead(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

  Server &server;
  const std::uint64_t number;
  uv_tcp_t socket{};
  HttpReader reader;
  /// In order of arrival; the first one is being answered.
  std::deque<std::unique_ptr<Exchange>> pending;
  /// Requests so far.
  std::uint64_t carried = 0;
  /// Writes that the kernel could not take at once.
  std::size_t queuedWrites = 0;
  /// The last answer is on its way; the connection ends when the kernel has all of it.
  bool closeOnceSent = false;
  bool closing = false;
};

} // namespace xcs::faults
