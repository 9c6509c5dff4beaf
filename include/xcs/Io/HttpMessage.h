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

struct HttpResponse {
  int64_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers; // in order; names as sent
  std::string body;
  /// The value of a header, whatever the case of its name; empty if absent.
  std::string_view header(std::string_view name) const;
  /// Takes a line of the head as it came, with or without its line end. A status line begins a head anew:
  /// after an interim response (1xx) the real one follows. What follows the head are trailers, which are
  /// not headers (RFC 9110, 6.5.1).
  void addHeadLine(std::string_view line);
  /// Whether the whole head has arrived.
  bool isHeadComplete() const { return isOver; }
  /// Why the length of the body cannot be determined (RFC 9112, 6.3); empty if it can.
  std::string lengthError() const;

private:
  bool isInterim = false, isOver = false;
  bool foldsFraming = false; // a header that says where the body ends spans several lines
};

/// How far a request came that was cut short.
struct HttpProgress {
  bool mayHaveArrived = false; // it may have reached the server
  int64_t status = 0;          // of the answer, once that has begun; 0: it has not
  uint64_t resent = 0;         // how often it went out again because a kept connection was dead
};

struct HttpRequest {
  std::string method = "GET", url, body;
  RequestHeaders headers;
  bool hasBody = false;
  bool freshConnection =
      false; // never repeat silently on a kept connection: for writes that must not happen twice
  bool hostIsLiteral =
      false; // an address or `localhost` was granted as such: loopback and private ones are allowed
  bool isAnswerShort = false; // likely: while it is awaited it takes little memory; a long one is read slowly
  int64_t connectTimeout = 0; // nanoseconds; 0: 30 s
  /// Called whenever a part of the answer arrives, with its head so far: a line of the head (an empty piece),
  /// or a piece of the body, unpacked. True: it has consumed the piece, which is then not kept. Must not
  /// start or cancel transfers.
  std::function<bool(const HttpResponse &head, std::string_view piece)> onPiece;
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
    CertificateWanted, // of the client, which has none; the server has read nothing of the request
  } end = End::Answered;
  HttpResponse response;       // Answered; else as much as came, its status 0 where nothing did
  std::string reason;          // else
  bool mayHaveArrived = false; // the request may have reached the server
  bool newConnection = false;
  uint64_t resent = 0;           // how often it went out again because a kept connection was dead
  bool lacksDescriptors = false; // NotConnected, as this process has none left; nothing was sent
};

/// Parses a date as headers give it (RFC 9110, 5.6.7, and other forms that servers really send), in seconds
/// since 1970; none if it is not a date.
std::optional<int64_t> parseHttpDate(std::string_view text);

} // namespace xcs
