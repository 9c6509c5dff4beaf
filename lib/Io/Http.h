#pragma once
#include "Io/Proxy.h"
#include "Io/RequestHeaders.h"
#include "xcs/Runtime/Executor.h"
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace xcs {

class EventLoop;

/// A URL in parts, as grants see it.
struct Url {
  std::string scheme, host, path; // host without brackets; path with its query
  uint16_t port = 0, schemePort = 0;
  std::string origin() const;   // `http://host:port`
  std::string hostPort() const; // as a grant is written: `host:port`
};
/// Parses an absolute http or https URL; false with the reason. Credentials in a URL are refused.
bool parseUrl(std::string_view text, Url &out, std::string &reason);
/// Where a redirect leads: `location` as seen from `base` (RFC 3986, 5), without a fragment; false with the
/// reason.
bool resolveUrl(std::string_view base, std::string_view location, std::string &out, std::string &reason);

struct HttpRequest {
  std::string method = "GET", url, body;
  RequestHeaders headers;
  bool hasBody = false;
  bool freshConnection =
      false; // never repeat silently on a kept connection: for writes that must not happen twice
  bool hostIsLiteral =
      false; // an address or `localhost` was granted as such: loopback and private ones are allowed
  int64_t connectTimeout = 0; // nanoseconds; 0: 30 s
  /// Told whenever something of the answer comes: a piece of the body where that is an event stream (status
  /// 200), which is not kept then; else nothing. Must not start or cancel transfers.
  std::function<void(std::string_view piece)> onPiece;
};

struct HttpResponse {
  int64_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers; // in order; names as sent
  std::string body;
  /// The value of a header, whatever its case; empty when absent.
  std::string_view header(std::string_view name) const;
  /// Takes a line of the head as it came, with or without its line end. A status line begins a head anew:
  /// after an interim response (1xx) the real one follows.
  void addHeadLine(std::string_view line);
};

/// What a server wrote, as a `str` may hold it: itself where it is UTF-8, else read as Latin-1, which headers
/// are by tradition (RFC 9110, 5.5).
std::string readableText(std::string_view text);
/// At most so many bytes of a text, not cut within a character.
std::string_view beginningOf(std::string_view text, size_t most);

/// How a transfer ended.
struct HttpOutcome {
  enum class End : uint8_t {
    Answered,
    NotConnected,
    Broken,
    TooLarge, // the reason is the limit: `response-bytes=67108864`
    AddressRefused,
    AddressDenied, // the reason is the address as a grant is written: `127.0.0.1:8080`
    CertificateRefused,
  } end = End::Answered;
  HttpResponse response;       // Answered
  std::string reason;          // else
  bool mayHaveArrived = false; // the request may have reached the server
  bool newConnection = false;
};

/// HTTP over libcurl's multi interface on the event loop, on several multi handles: one slows down with its
/// size, a few hundred transfers each stay fast (docs/performance.md). Connections are kept and used again;
/// redirects are not followed. Thread safety: the event loop's thread only.
class HttpClient {
public:
  HttpClient(EventLoop &loop, const RunOptions &options);
  ~HttpClient();

  using Done = std::function<void(HttpOutcome)>;
  struct Transfer;
  /// Starts a request; `done` is called once, never from within `start`.
  Transfer *start(HttpRequest request, Done done);
  /// Closes the transfer's socket; `done` is not called any more. Whether the request may have reached the
  /// server.
  bool cancel(Transfer *transfer);

private:
  struct Shard;
  struct Library;
  Shard &shardForNext();
  EventLoop &loop;
  Limits limits;
  const Grants &grants;
  ProxyRules proxies;
  std::string authorities, authorityFolder; // certificates to trust in place of the system's; empty: those
  std::unique_ptr<Library> library;
  std::vector<std::unique_ptr<Shard>> shards;
};

} // namespace xcs
