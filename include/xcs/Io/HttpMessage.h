#pragma once
#include "xcs/Io/RequestHeaders.h"
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs {

struct HttpRequest {
  std::string method = "GET", url, body;
  RequestHeaders headers;
  bool hasBody = false;
  bool freshConnection =
      false; // never retry silently on a kept connection: for writes that must not happen twice
  bool hostIsLiteral =
      false; // an address or `localhost` was granted as such: loopback and private ones are allowed
  int64_t connectTimeout = 0; // nanoseconds; 0: 30 s
  /// Called whenever part of the answer arrives. If the body is an event stream (status 200), each piece is
  /// passed and not kept; else the piece is empty. Must not start or cancel transfers.
  std::function<void(std::string_view piece)> onPiece;
};

struct HttpResponse {
  int64_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers; // in order; names as sent
  std::string body;
  /// The value of a header, whatever the case of its name; empty if absent.
  std::string_view header(std::string_view name) const;
  /// Adds a line of the head as received, with or without its line end. A status line starts a new head:
  /// after an interim response (1xx) the real one follows.
  void addHeadLine(std::string_view line);
};

/// How a transfer ended.
struct HttpOutcome {
  enum class End : uint8_t {
    Answered,
    NotConnected,
    Broken,
    TooLarge, // the reason is the limit: `response-bytes=67108864`
    AddressRefused,
    AddressDenied, // the reason is the address in the form of a grant: `127.0.0.1:8080`
    CertificateRefused,
  } end = End::Answered;
  HttpResponse response;       // Answered
  std::string reason;          // every other end
  bool mayHaveArrived = false; // the request may have reached the server
  bool newConnection = false;
};

/// Parses a date as headers give it (RFC 9110, 5.6.7, and other forms that servers really send), in seconds
/// since 1970; none if it is not a date.
std::optional<int64_t> parseHttpDate(std::string_view text);

} // namespace xcs
