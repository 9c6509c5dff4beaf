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

/// What a client may do.
struct HttpBounds {
  Limits limits; // of a response
  SocketBudget sockets;
  /// Whether an address that a name has resolved to may be reached: the last word before a socket is made.
  std::function<bool(std::string_view address, uint16_t port)> mayReach;
};

/// HTTP over libcurl's multi interface on a reactor, on several multi handles: one slows down with its size,
/// a few hundred transfers each stay fast (docs/performance.md). Connections are kept and used again;
/// redirects are not followed. Proxies and certificates to trust come from the environment. Thread safety:
/// the reactor's thread only.
class HttpClient {
public:
  HttpClient(Reactor &reactor, HttpBounds bounds);
  ~HttpClient();

  using Done = std::function<void(HttpOutcome)>;
  struct Transfer;
  /// Starts a request; `done` is called once, never from within `start`.
  Transfer *start(HttpRequest request, Done done);
  /// Closes the transfer's socket; `done` is not called any more. Gives how far the request had come.
  HttpProgress cancel(Transfer *transfer);
  /// How many requests are under way.
  size_t size() const;
  /// How many of them have a socket.
  size_t sockets() const { return socketsInUse; }

private:
  struct Shard;
  struct Settings;
  Shard &shardForNext();

  Reactor &reactor;
  const HttpBounds bounds;
  size_t socketsInUse = 0;
  std::unique_ptr<Settings> settings;
  std::vector<std::unique_ptr<Shard>> shards;
};

} // namespace xcs
