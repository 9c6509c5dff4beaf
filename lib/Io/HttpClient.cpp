#include "xcs/Io/HttpClient.h"
#include "Io/Address.h"
#include "Io/CurlWords.h"
#include "Io/Proxy.h"
#include "Io/ReactorLoop.h"
#include "Io/SocketWatch.h"
#include "Io/TlsTrace.h"
#include "Io/Unpacker.h"
#include "xcs/Io/Url.h"
#include "xcs/Support/Descriptor.h"
#include "xcs/Support/Host.h"
#include "xcs/Support/HostPort.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <curl/curl.h>
#include <fcntl.h>
#include <numeric>
#include <optional>
#include <strings.h>
#include <sys/epoll.h>

using namespace xcs;

// One shard is filled before the next is used, so that connections are shared.
static constexpr size_t shardCount = 16; // 4,000 transfers are fast on this many
static constexpr size_t transfersPerShard = 256;
// Over TLS, the transfers of a shard to one server share a connection if it speaks HTTP/2. libcurl takes 100
// streams for what any server allows until that has told, and opens a connection for each transfer beyond
// them. So a shard takes no more, and there are as many shards as that needs.
static constexpr size_t securePerShard = 100, mostShards = 160;
static constexpr long connectTimeoutMilliseconds = 30000;
static constexpr size_t ratioCountsFrom = size_t(1) << 20; // small repetitive texts are harmless

static std::string environmentOr(const char *name, const char *second) {
  const ProcessHost host;
  std::string value = host.environment(name).value_or("");
  return value.empty() && second ? host.environment(second).value_or("") : value;
}

/// The environment's settings for connections. Loads and unloads libcurl with the client.
struct HttpClient::Settings {
  Settings() { curl_global_init(CURL_GLOBAL_ALL); }
  Settings(const Settings &) = delete;
  Settings &operator=(const Settings &) = delete;
  ~Settings() { curl_global_cleanup(); }

  ProxyRules proxies = ProxyRules::fromEnvironment();
  // Trusted certificates that replace the system's; empty: the system's.
  std::string authorities = environmentOr("CURL_CA_BUNDLE", "SSL_CERT_FILE");
  std::string authorityFolder = environmentOr("SSL_CERT_DIR", nullptr);
};

/// A request in flight. There may be tens of thousands, so it holds nothing that libcurl has a copy of.
struct HttpClient::Transfer {
  Shard *shard = nullptr;
  CURL *easy = nullptr;
  curl_slist *headerList = nullptr;
  std::string body; // of the request; libcurl sends it from here
  std::function<bool(const HttpResponse &head, std::string_view piece)> onPiece;
  HttpOutcome outcome;
  Done done;
  const HttpBounds *bounds = nullptr;
  size_t *socketsInUse = nullptr;
  uint32_t *lastBodyBytes = nullptr;      // of the answer to such a request (AnswerSizes)
  size_t headerBytes = 0, takenBytes = 0; // `takenBytes`: of the body, by `onPiece`
  uint64_t packedBytes = 0;               // of the body, as it came
  uint64_t timesSent = 0; // libcurl sends a request again by itself where a kept connection was dead
  std::unique_ptr<Unpacker> unpacker; // null: the body is not packed
  std::unique_ptr<char[]> detail;     // what libcurl records of a failure; null: it is not asked for
  std::string wrongAnswer;            // why no one can read the answer
  std::string proxy;                  // empty: connect directly to the host
  std::string deniedAddress;          // the denied address that the host resolved to
  std::optional<Limit> exceeded;
  bool wrongProxy = false; // the proxy's URL is invalid: nothing is sent, not even directly
  bool isSecure = false;   // by TLS
  bool isHead = false;     // the request: its answer has no body
  TlsTrace tls;
  bool hostIsLiteral = false, freshConnection = false; // as in HttpRequest
  bool addressRefused = false, sentAgain = false, lacksDescriptors = false, hasSocket = false;

  /// It has a socket, of its own or a kept one.
  void gotSocket() { *socketsInUse += !std::exchange(hasSocket, true); }
  /// Notes which limit the response exceeds; what a callback returns to end the transfer.
  size_t exceed(Limit limit) {
    exceeded = limit;
    return 0;
  }
  bool mayHaveArrived() const;
  bool mayBeCutOff() const;
  bool wantsCertificate() const { return tls.wantsCertificate() && headerBytes == 0; }
  bool wasRefused() const;
  uint64_t timesResent() const { return timesSent ? timesSent - 1 : 0; }
  bool isTunnelled() const;
  long refusedTunnel() const;
  bool beginBody();
  bool takeBody(std::string_view piece);
  bool isDenied(const sockaddr &address);
  uint64_t limit(Limit which) const { return bounds->limits[which]; }
};

/// One multi handle, its sockets and its timer.
struct HttpClient::Shard final : SocketOwner {
  SocketWatch &watched;
  CURLM *multi = curl_multi_init();
  uv_timer_t *timer = new uv_timer_t;
  size_t active = 0, secure = 0; // transfers; those over TLS
  std::vector<CURL *> idle;      // easy handles for reuse

  /// `index`: among all shards.
  Shard(Reactor &reactor, SocketBudget budget, size_t index) : watched(ReactorLoop::socketsOf(reactor)) {
    uv_timer_init(ReactorLoop::of(reactor), timer);
    timer->data = this;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Shard::onSocket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Shard::onTimer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    // libcurl closes kept connections beyond this number, so it must not be below the number of transfers.
    uint64_t shardsUsed = std::min((budget.inFlight - 1) / transfersPerShard + 1, shardCount);
    uint64_t kept = std::clamp<uint64_t>(budget.keptIdle / shardsUsed, 1, 2 * transfersPerShard);
    if (index >= shardCount) // one for each of a few servers, of the descriptors that no one keeps
      kept = std::min<uint64_t>(kept, 2);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(kept));
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  }
  ~Shard() {
    for (CURL *easy : idle)
      curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    uv_close(reinterpret_cast<uv_handle_t *>(timer),
             [](uv_handle_t *h) { delete reinterpret_cast<uv_timer_t *>(h); });
  }

  static int onTimer(CURLM *, long milliseconds, void *self);
  static int onSocket(CURL *, curl_socket_t socket, int what, void *self, void *);
  void ready(int socket, uint32_t events) override;
  void act(curl_socket_t socket, int flags);
  void collect();
  void end(Transfer *transfer, CURLcode code);
  bool sendAgain(Transfer *transfer);
  void recycle(Transfer *transfer);
};

int HttpClient::Shard::onTimer(CURLM *, long milliseconds, void *self) {
  auto *shard = static_cast<Shard *>(self);
  if (milliseconds < 0)
    return uv_timer_stop(shard->timer);
  return uv_timer_start(
      shard->timer, [](uv_timer_t *t) { static_cast<Shard *>(t->data)->act(CURL_SOCKET_TIMEOUT, 0); },
      static_cast<uint64_t>(milliseconds), 0);
}

int HttpClient::Shard::onSocket(CURL *, curl_socket_t socket, int what, void *self, void *) {
  auto *shard = static_cast<Shard *>(self);
  if (what == CURL_POLL_REMOVE)
    shard->watched.forget(socket);
  else // one that cannot be watched ends by its deadline
    shard->watched.watch(*shard, socket,
                         (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u));
  return 0;
}

/// libcurl is never told of a failure as such: it would look at none of the bytes that a failed socket still
/// has, which are an answer, or the end of one. It also meets the failure by reading.
void HttpClient::Shard::ready(int socket, uint32_t events) {
  act(socket, (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0));
}

void HttpClient::Shard::act(curl_socket_t socket, int flags) {
  int running;
  curl_multi_socket_action(multi, socket, flags, &running);
  collect();
}

void HttpClient::Shard::collect() {
  int left;
  while (CURLMsg *message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    Transfer *transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    end(transfer, message->data.result);
  }
}

static HttpOutcome::End endOf(CURLcode code) {
  switch (code) {
  case CURLE_OK:
    return HttpOutcome::End::Answered;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_CONNECT:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
    return HttpOutcome::End::NotConnected;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
    return HttpOutcome::End::CertificateRefused;
  default: // an enumeration of libcurl; everything else happened after the connection was made
    return HttpOutcome::End::Broken;
  }
}

/// Whether part of the request may have reached the server: something was written, or may have been.
bool HttpClient::Transfer::mayHaveArrived() const {
  long sent = 0;
  curl_off_t readyToSend = 0; // microseconds
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &readyToSend);
  // What a proxy is sent to open a tunnel is not part of the request.
  return (sent > 0 && !isTunnelled()) || readyToSend > 0;
}

/// Whether the server has refused each time to process the request: HTTP/2 can say so (RFC 9113, 8.7), and
/// libcurl then sends it again, 5 times at most. On a new connection it does that for no other reason, and
/// records that it has given up.
bool HttpClient::Transfer::wasRefused() const {
  return freshConnection && timesResent() && detail &&
         std::string_view(detail.get()).ends_with("times before giving up");
}

/// Whether the end of the connection is all that says where the body ends, and over TLS the server has not
/// said that it sends no more: then anyone on the way may have ended it (RFC 9112, 9.8).
bool HttpClient::Transfer::mayBeCutOff() const {
  if (!isSecure || isHead || tls.isClosed() || !TlsTrace::isKept())
    return false;
  long version = 0, status = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  const bool isOld = version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1;
  return isOld && status >= 200 && status != 204 && status != 304 &&
         outcome.response.header("content-length").empty() &&
         outcome.response.header("transfer-encoding").empty();
}

bool HttpClient::Transfer::isTunnelled() const { return !proxy.empty() && isSecure; }

/// With what status the proxy has refused a tunnel; 0: it has not.
long HttpClient::Transfer::refusedTunnel() const {
  long status = 0;
  if (isTunnelled())
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
  return status / 100 == 2 ? 0 : status;
}

static HttpOutcome::End endOf(HttpClient::Transfer &transfer, CURLcode code) {
  if (code == CURLE_OK && transfer.unpacker && !transfer.unpacker->isWhole()) {
    transfer.wrongAnswer = "its compressed body is truncated";
    return HttpOutcome::End::Broken;
  }
  if (code == CURLE_OK && transfer.mayBeCutOff()) {
    transfer.wrongAnswer =
        "it has no length, and ends without the end that TLS has (`close_notify`), so it may be "
        "cut off";
    return HttpOutcome::End::Broken;
  }
  if (code != CURLE_OK && transfer.wantsCertificate())
    return HttpOutcome::End::CertificateWanted;
  if (code == CURLE_FILESIZE_EXCEEDED)
    transfer.exceed(Limit::ResponseBytes);
  if (transfer.exceeded)
    return HttpOutcome::End::TooLarge;
  if (transfer.addressRefused)
    return HttpOutcome::End::AddressRefused;
  if (code != CURLE_OK && !transfer.deniedAddress.empty())
    return HttpOutcome::End::AddressDenied;
  HttpOutcome::End end = endOf(code);
  if (end == HttpOutcome::End::Broken && transfer.isTunnelled() && !transfer.mayHaveArrived())
    return HttpOutcome::End::NotConnected;
  // Some codes have two meanings; what was sent has been sent.
  return end == HttpOutcome::End::NotConnected && transfer.mayHaveArrived() ? HttpOutcome::End::Broken : end;
}

/// Whether the process has the descriptors that looking up a name takes: a pair to be told by, and a file or
/// sockets. libcurl does not say why a look-up failed.
static bool canLookUpNames() {
  Descriptor probes[5];
  for (Descriptor &probe : probes) {
    probe = Descriptor(open("/", O_PATH | O_CLOEXEC));
    if (!probe && (errno == EMFILE || errno == ENFILE))
      return false;
  }
  return true;
}

/// Whether there was no connection because the process had no descriptor for it.
static bool lackedDescriptors(const HttpClient::Transfer &transfer, CURLcode code) {
  if (transfer.mayHaveArrived() || transfer.hasSocket)
    return false;
  switch (code) {
  case CURLE_COULDNT_CONNECT:
    return transfer.lacksDescriptors;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
    return !canLookUpNames();
  default: // a foreign enumeration; what else ends a transfer needs no descriptor
    return false;
  }
}

/// The reason in words.
static std::string reasonOf(const HttpClient::Transfer &transfer, HttpOutcome::End end, CURLcode code) {
  long systemError = 0, verified = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_OS_ERRNO, &systemError);
  curl_easy_getinfo(transfer.easy, CURLINFO_SSL_VERIFYRESULT, &verified);
  std::string words = wordsOf(code, static_cast<int>(systemError));
  if (transfer.tls.asksForCertificate() && transfer.headerBytes == 0)
    words += "; it asks for a certificate of its client, and there is none";
  switch (end) {
  case HttpOutcome::End::Answered:
  case HttpOutcome::End::AddressRefused:
  case HttpOutcome::End::CertificateWanted:
    return {};
  case HttpOutcome::End::TooLarge:
    return std::string(limitRows[static_cast<size_t>(*transfer.exceeded)].name) + "=" +
           std::to_string(transfer.limit(*transfer.exceeded));
  case HttpOutcome::End::CertificateRefused:
    return certificateWords(code, verified, transfer.detail ? transfer.detail.get() : "");
  case HttpOutcome::End::Broken:
    if (!transfer.wrongAnswer.empty())
      return transfer.wrongAnswer;
    if (transfer.wasRefused())
      return "the server refused to process it, " + std::to_string(transfer.timesSent) + " times";
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
      return "the answer is not HTTP";
    if (code == CURLE_WEIRD_SERVER_REPLY) // what it takes for no length itself
      return "its `Content-Length` is no length";
    if (code == CURLE_OUT_OF_MEMORY) // libcurl's word for a line of the head beyond its own bound
      return "a header is longer than 100 KiB";
    return words;
  case HttpOutcome::End::NotConnected:
    if (transfer.wrongProxy)
      return "the proxy that the environment names is not a usable url";
    if (transfer.outcome.lacksDescriptors && code != CURLE_COULDNT_CONNECT)
      return "its host name could not be looked up, since this process is short of file descriptors; raise "
             "the "
             "limit (`ulimit -n`)";
    if (transfer.outcome.lacksDescriptors)
      return "this process has run out of file descriptors; raise the limit (`ulimit -n`), or bound the "
             "requests in flight with `max_in_flight`";
    if (long status = transfer.refusedTunnel())
      return "the proxy `" + withoutCredentials(transfer.proxy) +
             "` of the environment refuses a tunnel with status " + std::to_string(status);
    if (!transfer.proxy.empty() && (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_PROXY ||
                                    endOf(code) == HttpOutcome::End::Broken))
      return "the proxy `" + withoutCredentials(transfer.proxy) + "` of the environment: " + words;
    return words;
  case HttpOutcome::End::AddressDenied:
    return transfer.deniedAddress;
  }
  return {};
}

/// Retries a request once if its kept connection turned out to be dead before any byte of an answer. (libcurl
/// does this itself if it notices while reading, but not while writing.)
bool HttpClient::Shard::sendAgain(Transfer *transfer) {
  long connects = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
  if (transfer->freshConnection || transfer->sentAgain || connects > 0 || transfer->headerBytes > 0)
    return false;
  transfer->sentAgain = true;
  curl_multi_remove_handle(multi, transfer->easy);
  curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_multi_add_handle(multi, transfer->easy);
  return true;
}

void HttpClient::Shard::end(Transfer *transfer, CURLcode code) {
  HttpOutcome &outcome = transfer->outcome;
  outcome.end = endOf(*transfer, code);
  if (outcome.end == HttpOutcome::End::Broken && sendAgain(transfer))
    return;
  outcome.lacksDescriptors =
      outcome.end == HttpOutcome::End::NotConnected && lackedDescriptors(*transfer, code);
  outcome.reason = reasonOf(*transfer, outcome.end, code);
  long status = 0, connects = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
  outcome.response.status = status;
  outcome.newConnection = connects > 0;
  outcome.resent = transfer->timesResent();
  outcome.mayHaveArrived = transfer->mayHaveArrived() && !transfer->wasRefused() &&
                           outcome.end != HttpOutcome::End::CertificateWanted;
  if (outcome.end == HttpOutcome::End::Answered)
    *transfer->lastBodyBytes = static_cast<uint32_t>(std::min<uint64_t>(transfer->packedBytes, UINT32_MAX));
  Done done = std::move(transfer->done);
  HttpOutcome result = std::move(outcome);
  recycle(transfer);
  done(std::move(result));
}

/// Removes a transfer from the multi handle, which closes the connection of an unfinished one.
void HttpClient::Shard::recycle(Transfer *transfer) {
  curl_multi_remove_handle(multi, transfer->easy);
  curl_slist_free_all(transfer->headerList);
  idle.push_back(transfer->easy);
  --active;
  secure -= transfer->isSecure;
  *transfer->socketsInUse -= transfer->hasSocket;
  delete transfer;
}

HttpClient::HttpClient(Reactor &reactor, HttpBounds bounds)
    : reactor(reactor), bounds(std::move(bounds)), settings(std::make_unique<Settings>()) {}

HttpClient::~HttpClient() = default;

/// The first shard with room; if all are full, the emptiest.
HttpClient::Shard &HttpClient::shardForNext(bool isSecure) {
  for (auto &shard : shards)
    if (isSecure ? shard->secure < securePerShard : shard->active < transfersPerShard)
      return *shard;
  if (shards.size() < (isSecure ? mostShards : shardCount)) {
    shards.push_back(std::make_unique<Shard>(reactor, bounds.sockets, shards.size()));
    return *shards.back();
  }
  return **std::min_element(shards.begin(), shards.end(),
                            [](auto &a, auto &b) { return a->active < b->active; });
}

/// Hands a piece of the body on; false when it is to be kept.
static bool deliver(HttpClient::Transfer *transfer, std::string_view piece) {
  if (!transfer->onPiece)
    return false;
  long status = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  transfer->outcome.response.status = status;
  if (!transfer->onPiece(transfer->outcome.response, piece))
    return false;
  transfer->takenBytes += piece.size();
  return true;
}

/// Appends an unpacked piece of the body; false if a limit is exceeded.
bool HttpClient::Transfer::takeBody(std::string_view piece) {
  std::string &body = outcome.response.body;
  size_t whole = body.size() + takenBytes + piece.size();
  if (whole > limit(Limit::ResponseBytes))
    return exceed(Limit::ResponseBytes);
  if (!deliver(this, piece))
    body.append(piece);
  if (whole >= ratioCountsFrom && whole / std::max<uint64_t>(limit(Limit::CompressionRatio), 1) > packedBytes)
    return exceed(Limit::CompressionRatio);
  return true;
}

/// The head is complete: determines how the body is packed. False if the coding is unknown.
bool HttpClient::Transfer::beginBody() {
  std::string codings;
  for (const auto &[name, value] : outcome.response.headers)
    if (strcasecmp(name.c_str(), "content-encoding") == 0)
      codings += (codings.empty() ? "" : ",") + value;
  if (codings.empty())
    return true;
  unpacker = Unpacker::of(codings, limit(Limit::ResponseBytes),
                          [this](std::string_view piece) { return takeBody(piece); });
  if (!unpacker)
    wrongAnswer = "its body is compressed as `" + std::string(beginningOf(codings, 100)) +
                  "`, which is neither gzip nor deflate";
  return unpacker != nullptr;
}

static size_t onBody(char *data, size_t, size_t size, void *self) {
  auto *transfer = static_cast<HttpClient::Transfer *>(self);
  if (!transfer->packedBytes && size && !transfer->beginBody())
    return 0;
  transfer->packedBytes += size;
  if (!transfer->unpacker)
    return transfer->takeBody({data, size}) ? size : 0;
  if (transfer->packedBytes > transfer->limit(Limit::ResponseBytes))
    return transfer->exceed(Limit::ResponseBytes); // many empty gzip members in a row
  if (transfer->unpacker->feed({data, size}))
    return size;
  if (transfer->unpacker->isTooLarge())
    transfer->exceed(Limit::ResponseBytes);
  if (!transfer->exceeded)
    transfer->wrongAnswer = "its body is not compressed as its `Content-Encoding` says";
  return 0;
}

static size_t onHeader(char *data, size_t, size_t size, void *self) {
  auto *transfer = static_cast<HttpClient::Transfer *>(self);
  std::string_view line(data, size);
  transfer->headerBytes += size;
  if (transfer->headerBytes > transfer->limit(Limit::ResponseHeaderBytes))
    return transfer->exceed(Limit::ResponseHeaderBytes);
  if (transfer->onPiece)
    transfer->onPiece(transfer->outcome.response, {});
  HttpResponse &response = transfer->outcome.response;
  const bool wasOver = response.isHeadComplete();
  response.addHeadLine(line);
  if (!wasOver && response.isHeadComplete())
    transfer->wrongAnswer = response.lengthError();
  return transfer->wrongAnswer.empty() ? size : 0;
}

/// Whether an address must not be reached, whatever name led to it; if so, records it.
bool HttpClient::Transfer::isDenied(const sockaddr &address) {
  const HostPort place = addressAndPort(address);
  if (bounds->mayReach(place.host, place.port))
    return false;
  deniedAddress = place.text();
  return true;
}

/// Checks the address that a name resolved to when the socket is created: a granted name must not lead into
/// the private network. A proxy may be there, because the user chooses it, not the program.
static curl_socket_t onOpenSocket(void *self, curlsocktype, curl_sockaddr *address) {
  auto *transfer = static_cast<HttpClient::Transfer *>(self);
  if (transfer->wrongProxy)
    return CURL_SOCKET_BAD;
  if (transfer->proxy.empty() && !transfer->hostIsLiteral && isPrivateAddress(address->addr)) {
    transfer->addressRefused = true;
    return CURL_SOCKET_BAD;
  }
  if (transfer->proxy.empty() && transfer->isDenied(address->addr))
    return CURL_SOCKET_BAD;
  int made = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  transfer->lacksDescriptors |= made < 0 && (errno == EMFILE || errno == ENFILE);
  if (made >= 0)
    transfer->gotSocket();
  return made;
}

static int onTrace(CURL *, curl_infotype kind, char *text, size_t size, void *self) {
  if (kind == CURLINFO_TEXT)
    static_cast<HttpClient::Transfer *>(self)->tls.note({text, size});
  return 0;
}

/// A connection is open, a new one or one that was kept, and the request is about to be sent.
static int onConnected(void *self, char *, char *, int, int) {
  auto *transfer = static_cast<HttpClient::Transfer *>(self);
  transfer->gotSocket();
  ++transfer->timesSent;
  return CURL_PREREQFUNC_OK;
}

/// The size of the buffer for an answer, where the last body of its kind had so many bytes: it is held while
/// nothing comes, and the more is read at once the fewer turns a large body takes.
static long receiveBufferBytes(uint64_t lastBody, bool isShort) {
  static constexpr uint64_t least = 1024, usual = 16 << 10, most = 64 << 10; // `least`: that of libcurl
  return static_cast<long>(std::clamp(std::bit_ceil(lastBody / 4), isShort ? least : usual, most));
}

/// `request` has all but the body.
static void setUp(HttpClient::Transfer *transfer, const HttpRequest &request) {
  CURL *easy = transfer->easy;
  auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PRIVATE, transfer);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, transfer->detail.get());
  set(CURLOPT_BUFFERSIZE, receiveBufferBytes(*transfer->lastBodyBytes, request.isAnswerShort));
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, transfer->proxy.c_str()); // empty means none, whatever the environment says
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_PIPEWAIT, transfer->isSecure ? 1L : 0L);
  set(CURLOPT_CONNECTTIMEOUT_MS,
      request.connectTimeout ? static_cast<long>(std::max<int64_t>(request.connectTimeout / 1'000'000, 1))
                             : connectTimeoutMilliseconds);
  set(CURLOPT_FRESH_CONNECT, request.freshConnection ? 1L : 0L);
  set(CURLOPT_OPENSOCKETFUNCTION, &onOpenSocket);
  set(CURLOPT_OPENSOCKETDATA, transfer);
  set(CURLOPT_PREREQFUNCTION, &onConnected);
  set(CURLOPT_PREREQDATA, transfer);
  if (transfer->isSecure) {
    set(CURLOPT_VERBOSE, 1L); // or nothing is traced
    set(CURLOPT_DEBUGFUNCTION, &onTrace);
    set(CURLOPT_DEBUGDATA, transfer);
  }
  set(CURLOPT_WRITEFUNCTION, &onBody);
  set(CURLOPT_WRITEDATA, transfer);
  set(CURLOPT_HEADERFUNCTION, &onHeader);
  set(CURLOPT_HEADERDATA, transfer);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); // of a proxy: the answer has a head of its own
  if (request.hasBody) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer->body.size()));
    set(CURLOPT_POSTFIELDS, transfer->body.c_str());
  }
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else {
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    // Does not wait for an answer that announces an excessive size.
    set(CURLOPT_MAXFILESIZE_LARGE,
        static_cast<curl_off_t>(std::min<uint64_t>(transfer->limit(Limit::ResponseBytes), INT64_MAX)));
  }
  if (!request.hasBody && (request.method == "POST" || request.method == "PUT" || request.method == "PATCH"))
    transfer->headerList = curl_slist_append(transfer->headerList, "Content-Length: 0"); // RFC 9110, 8.6
  for (const std::string &header : request.headers.lines())
    transfer->headerList = curl_slist_append(transfer->headerList, header.c_str());
  if (request.hasBody && !request.headers.has("Content-Type")) // libcurl would call it a form
    transfer->headerList = curl_slist_append(transfer->headerList, "Content-Type:");
  if (!request.headers.has("User-Agent")) // RFC 9110, 10.1.5
    transfer->headerList = curl_slist_append(transfer->headerList, "User-Agent: xcs/" XCS_VERSION);
  if (!request.headers.has("Accept-Encoding"))
    transfer->headerList = curl_slist_append(transfer->headerList, "Accept-Encoding: gzip, deflate");
  transfer->headerList =
      curl_slist_append(transfer->headerList, "Expect:"); // avoids an extra round trip before a body
  set(CURLOPT_HTTPHEADER, transfer->headerList);
}

HttpClient::Transfer *HttpClient::start(HttpRequest request, Done done) {
  request.url = encodedUrl(request.url);
  const bool isSecure = request.url.starts_with("https:");
  Shard &shard = shardForNext(isSecure);
  auto *transfer = new Transfer;
  transfer->shard = &shard;
  transfer->body = std::move(request.body);
  transfer->onPiece = std::move(request.onPiece);
  transfer->hostIsLiteral = request.hostIsLiteral;
  transfer->freshConnection = request.freshConnection;
  transfer->isSecure = isSecure;
  transfer->isHead = request.method == "HEAD";
  transfer->done = std::move(done);
  transfer->bounds = &bounds;
  transfer->socketsInUse = &socketsInUse;
  transfer->lastBodyBytes = &answerSizes.lastOf(request.url);
  if (auto url = readUrl(request.url))
    transfer->proxy = settings->proxies.proxyFor(url->scheme, url->host());
  transfer->wrongProxy = !transfer->proxy.empty() && !isUsableProxy(transfer->proxy);
  if (transfer->isSecure || !transfer->proxy.empty()) // a certificate may be refused
    transfer->detail = std::make_unique<char[]>(CURL_ERROR_SIZE);
  if (shard.idle.empty()) {
    transfer->easy = curl_easy_init();
  } else {
    transfer->easy = shard.idle.back();
    shard.idle.pop_back();
    curl_easy_reset(transfer->easy);
  }
  setUp(transfer, request);
  if (!settings->authorities.empty())
    curl_easy_setopt(transfer->easy, CURLOPT_CAINFO, settings->authorities.c_str());
  if (!settings->authorityFolder.empty())
    curl_easy_setopt(transfer->easy, CURLOPT_CAPATH, settings->authorityFolder.c_str());
  ++shard.active;
  shard.secure += isSecure;
  curl_multi_add_handle(shard.multi, transfer->easy);
  return transfer;
}

uint32_t &HttpClient::AnswerSizes::lastOf(std::string_view url) {
  return bytes[std::hash<std::string_view>()(url.substr(0, url.find('?'))) % bytes.size()];
}

size_t HttpClient::size() const {
  return std::accumulate(shards.begin(), shards.end(), size_t(0),
                         [](size_t sum, const auto &shard) { return sum + shard->active; });
}

HttpProgress HttpClient::cancel(Transfer *transfer) {
  long status = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  HttpProgress progress{transfer->mayHaveArrived(), status, transfer->timesResent()};
  transfer->shard->recycle(transfer);
  return progress;
}
