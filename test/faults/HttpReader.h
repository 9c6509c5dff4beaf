#pragma once
#include "HttpRequest.h"
#include <functional>
#include <memory>
#include <string_view>

namespace xcs::faults {

/// Cuts one connection's bytes into requests; pipelined requests and any split of the bytes are fine.
///
/// Thread safety: none; one reader belongs to one connection.
/// Invariants: after `feed` has said anything but `Ok` the connection is lost for HTTP and must be closed.
class HttpReader {
public:
  enum class Outcome { Ok, Malformed, BodyTooLarge };

  struct Events {
    /// A whole request. Returns false to stop reading this connection.
    std::function<bool(HttpRequest)> request;
    /// The client waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
    std::function<void()> expectsContinue;
  };

  explicit HttpReader(Events events);
  ~HttpReader();
  HttpReader(const HttpReader &) = delete;
  HttpReader &operator=(const HttpReader &) = delete;

  Outcome feed(std::string_view bytes);

  struct State;

private:
  std::unique_ptr<State> state;
};

} // namespace xcs::faults
