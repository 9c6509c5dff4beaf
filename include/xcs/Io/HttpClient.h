#pragma once
#include "xcs/Io/Descriptors.h"
#include "xcs/Io/HttpMessage.h"
#include "xcs/Io/Reactor.h"
#include "xcs/Support/Limits.h"
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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
  /// Closes the transfer's socket; `done` is not called any more. Gives how far the request had come.
  HttpProgress cancel(Transfer *transfer);
  /// How many requests are in flight.
  size_t size() const;
  /// How many of them have a socket.
  size_t sockets() const { return socketsInUse; }

private:
  struct Shard;
  struct Settings;
  Shard &shardForNext(bool isSecure);

  /// The size of the last answer from each place, by which the next one gets its buffer. Two places may share
  /// an entry: then a buffer is larger or smaller than it could be.
  struct AnswerSizes {
    uint32_t &lastOf(std::string_view url);
    std::array<uint32_t, 256> bytes{};
  };

  Reactor &reactor;
  const HttpBounds bounds;
  size_t socketsInUse = 0;
  AnswerSizes answerSizes;
  std::unique_ptr<Settings> settings;
  std::vector<std::unique_ptr<Shard>> shards;
};

} // namespace xcs
