#pragma once
#include "xcs/Io/Descriptors.h"
#include "xcs/Io/HttpMessage.h"
#include "xcs/Io/Reactor.h"
#include "xcs/Support/Limits.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace xcs {

/// The bounds of a client.
struct HttpBounds {
  Limits limits; // of a response
  SocketBudget sockets;
  /// Whether an address that a name resolved to may be reached. The last check before a socket is created.
  std::function<bool(std::string_view address, uint16_t port)> mayReach;
};

/// HTTP over libcurl's multi interface on a reactor, on several multi handles: one handle slows down as it
/// grows, with a few hundred transfers each stays fast (docs/performance.md). Connections are kept and
/// reused; redirects are not followed. Proxies and trusted certificates come from the environment. Thread
/// safety: the reactor's thread only.
class HttpClient {
public:
  HttpClient(Reactor &reactor, HttpBounds bounds);
  ~HttpClient();

  using Done = std::function<void(HttpOutcome)>;
  struct Transfer;
  /// Starts a request; `done` is called once, never from within `start`.
  Transfer *start(HttpRequest request, Done done);
  /// Closes the transfer's socket; `done` is not called any more. Returns whether the request may have
  /// reached the server.
  bool cancel(Transfer *transfer);
  /// The number of requests in flight.
  size_t size() const;

private:
  struct Shard;
  struct Settings;
  Shard &shardForNext();

  Reactor &reactor;
  const HttpBounds bounds;
  std::unique_ptr<Settings> settings;
  std::vector<std::unique_ptr<Shard>> shards;
};

} // namespace xcs
