#include "World/EventLoop.h"
#include "World/GivenOptions.h"
#include "World/RequestOp.h"
#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <strings.h>

using namespace xcs;

static constexpr int64_t defaultTimeout = 60'000'000'000; // 60 s
static constexpr std::string_view idempotencyHeader = "Idempotency-Key";

namespace {

/// `http.request`: one attempt, or as many as its `retry` allows if it may be repeated, and for a read
/// whatever it is redirected to. The program decides about the last status. A write that may have reached the
/// server without an answer has an unknown outcome, which must always be reported.
class HttpOp final : public RequestOp {
public:
  explicit HttpOp(Site given) : RequestOp(std::move(given), policyOf(given)), options(site) {}

  void start() override {
    if (std::exchange(isPrepared, false)) {
      send();
      return;
    }
    if (!retriesRemain())
      return;
    if (std::optional<AccessError> refused = prepare()) {
      failWith(*refused);
      return;
    }
    send();
  }
  void cancel() override { stopAttempt(); }
  void abandon() override { cancelRunning(); }
  int64_t timeoutNanoseconds() const override {
    const int64_t given = bound(Attribute::timeout);
    return given > 0 ? given : defaultTimeout;
  }

private:
  static RetryPolicy policyOf(const Site &site) {
    const PlanOp &op = site.context.plan.ops[site.op];
    return site.context.plan.constants.find(op.dict, Attribute::retry) ? retryPolicyOf(site.context.plan, op)
                                                                       : RetryPolicy{.most = 0};
  }
  const std::string &target() const override { return request.url; }
  int64_t deadline() const override { return timeAfter(startedAt, timeoutNanoseconds()); }
  void received(HttpResponse &response) override;
  void cutShort(Diag id, const std::string &reason, bool mayHaveArrived) override;
  void attemptTakenBack() override { isPrepared = true; }
  void transferEnded(const HttpOutcome &) override { stopWatch(); }
  /// Says whether the request only asks for an answer, as that of a model does: it is sent again as one of
  /// those.
  bool isSample() const { return attr(attrIndex(rowattrs::http_request, "effect")).operator bool(); }
  bool heedsRejections() const override { return isSample() || RequestOp::heedsRejections(); }
  bool sharesBlame() const override { return isSample(); }
  /// A deadline by its name; 0: none.
  int64_t bound(Attribute attribute) const { return options.deadline(attribute); }
  void watch();
  void watched();
  void stopWatch() { site.context.loop->timers().remove(std::exchange(watchTimer, 0)); }
  void stopAttempt() {
    stopWatch();
    stopSending();
  }
  /// Sends the request again when attempts and time are left.
  bool triesAgain(int64_t asked) { return tryAgain(asked) == Again::Waits; }
  AttrId attr(size_t row) const { return site.context.plan.attrsOf(planOp())[row]; }
  std::optional<AccessError> prepare();
  std::optional<AccessError> addHeaders(AttrId dict, const Url &url, bool areCommon);
  std::optional<AccessError> readOptions();
  bool isOption(std::string_view header) const;
  bool sets(std::string_view header) const;
  std::optional<AccessError> addHeader(std::string_view name, std::string_view value, bool isCredential);
  void send();
  bool echoes(const HttpResponse &response);
  void answer(HttpResponse &response);
  bool follow(const HttpResponse &response);
  std::optional<AccessError> redirect(std::string_view location);

  const GivenOptions options;
  std::vector<std::string> optionNames; // of its headers, in small letters, sorted
  HttpRequest request;
  Url url;                    // of the current request
  RequestHeaders credentials; // headers only for the program's own origin
  int64_t hops = 0;
  int64_t attemptAt = 0, lastPieceAt = 0; // monotonic; 0: nothing has come
  uint64_t watchTimer = 0;
  bool isPrepared = false; // the next start sends the request as it is: to the next hop, or once more
};

} // namespace

static bool sameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

static bool isCredential(std::string_view name) {
  return sameName(name, "Authorization") || sameName(name, "Cookie") || sameName(name, "Proxy-Authorization");
}

std::optional<AccessError> HttpOp::addHeader(std::string_view name, std::string_view value, bool secret) {
  return xcs::addHeader(secret || isCredential(name) ? credentials : request.headers, name, value);
}

static std::string inSmallLetters(std::string_view name) {
  std::string small(name);
  for (char &c : small)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

/// Headers of the options: they win over all others.
std::optional<AccessError> HttpOp::readOptions() {
  optionNames.clear();
  if (auto wrong = options.wrong())
    return wrong;
  const Value *given = options.find("headers");
  if (!given)
    return std::nullopt;
  for (size_t i = 0; i + 1 < given->size(); i += 2) {
    const std::string_view name = given->items()[i].text();
    optionNames.push_back(inSmallLetters(name));
    if (auto refused = addHeader(name, given->items()[i + 1].text(), false))
      return refused;
  }
  std::sort(optionNames.begin(), optionNames.end());
  const auto twice = std::adjacent_find(optionNames.begin(), optionNames.end());
  if (twice != optionNames.end())
    return AccessError{Diag::HeaderName, *twice, "the options have it twice, in other letter case"};
  return std::nullopt;
}

bool HttpOp::isOption(std::string_view header) const {
  return !optionNames.empty() &&
         std::binary_search(optionNames.begin(), optionNames.end(), inSmallLetters(header));
}

/// Whether the operation has a header of that name itself: then it wins over its resource's.
bool HttpOp::sets(std::string_view header) const {
  const ConstantView &c = site.context.plan.constants;
  if (attr(attrIndex(rowattrs::http_request, "idempotency_key")) && sameName(header, idempotencyHeader))
    return true;
  AttrId own = attr(attrIndex(rowattrs::http_request, "headers"));
  if (!own)
    return false;
  const auto entries = c.entries(DictId(static_cast<uint32_t>(c.attr(own).payload)));
  return std::any_of(entries.begin(), entries.end(),
                     [&](const DictEntry &entry) { return sameName(c.text(entry.key), header); });
}

/// `areCommon`: of the resource, so that those of the operation take their places.
std::optional<AccessError> HttpOp::addHeaders(AttrId dict, const Url &to, bool areCommon) {
  const ConstantView &c = site.context.plan.constants;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(dict).payload)))) {
    if (isOption(c.text(entry.key)) || (areCommon && sets(c.text(entry.key))))
      continue;
    bool secret = c.attr(entry.value).kind == AttrKind::Secret;
    auto value =
        secret ? resolveSecret(site.context, entry.value, to, "") : resolveText(site.context, entry.value);
    if (!value)
      return value.error();
    if (auto refused = addHeader(c.text(entry.key), *value, secret))
      return refused;
  }
  return std::nullopt;
}

std::optional<AccessError> HttpOp::prepare() {
  const ConstantView &c = site.context.plan.constants;
  request = {};
  credentials.clear();
  hops = 0;
  request.url = std::string(site.operands[0].text());
  AttrId common;
  if (planOp().target != UINT32_MAX) {
    DictId resource = site.context.plan.resources[planOp().target].dict;
    auto base = resolveText(site.context, c.find(resource, Attribute::url));
    if (!base)
      return base.error();
    if (escapesBase(request.url))
      return AccessError{Diag::BadUrl, request.url, "its dot segments lead out of the resource's url"};
    request.url = joinUrl(*base, request.url);
    common = c.find(resource, Attribute::headers);
  }
  auto opened = openUrl(site.context, request.url);
  if (!opened)
    return opened.error();
  url = *opened;
  request.hostIsLiteral = isLiteralHost(url.host()) || site.context.options.grants.isEverything();
  if (AttrId method = attr(attrIndex(rowattrs::http_request, "method")))
    request.method = c.textAttr(method);
  request.freshConnection = isNotRepeatable();
  if (const Value *body = options.content()) {
    request.hasBody = true;
    request.body = std::string(body->text());
  }
  if (auto wrong = readOptions())
    return wrong;
  if (common)
    if (auto refused = addHeaders(common, url, true))
      return refused;
  if (AttrId own = attr(attrIndex(rowattrs::http_request, "headers")))
    if (auto refused = addHeaders(own, url, false))
      return refused;
  if (AttrId key = attr(attrIndex(rowattrs::http_request, "idempotency_key"));
      key && !isOption(idempotencyHeader))
    return addHeader(idempotencyHeader, c.textAttr(key), false);
  return std::nullopt;
}

void HttpOp::send() {
  HttpRequest next = request;
  next.headers.append(credentials);
  next.connectTimeout = bound(Attribute::connect_timeout);
  attemptAt = monotonicNanoseconds();
  lastPieceAt = 0;
  if (bound(Attribute::first_byte_timeout) || bound(Attribute::idle_timeout))
    next.onPiece = [this](const HttpResponse &, std::string_view) {
      if (!std::exchange(lastPieceAt, monotonicNanoseconds()))
        watch();
      return false;
    };
  watch();
  RequestOp::send(std::move(next));
}

/// Sets the alarm for the earliest deadline of the attempt. Later pieces only move what `watched` compares
/// with.
void HttpOp::watch() {
  int64_t earliest = INT64_MAX;
  auto consider = [&](int64_t from, Attribute attribute) {
    if (int64_t length = bound(attribute))
      earliest = std::min(earliest, timeAfter(from, length));
  };
  consider(attemptAt, Attribute::attempt_timeout);
  consider(lastPieceAt ? lastPieceAt : attemptAt,
           lastPieceAt ? Attribute::idle_timeout : Attribute::first_byte_timeout);
  stopWatch();
  if (earliest != INT64_MAX)
    watchTimer = site.context.loop->timers().add(earliest, [this] {
      watchTimer = 0;
      watched();
    });
}

void HttpOp::watched() {
  const int64_t now = monotonicNanoseconds();
  auto isOver = [&](Attribute attribute, int64_t from) {
    const int64_t length = bound(attribute);
    return length > 0 && now - from >= length;
  };
  const Attribute awaited = lastPieceAt ? Attribute::idle_timeout : Attribute::first_byte_timeout;
  Attribute missed = awaited;
  if (isOver(Attribute::attempt_timeout, attemptAt))
    missed = Attribute::attempt_timeout;
  else if (!isOver(awaited, lastPieceAt ? lastPieceAt : attemptAt))
    return watch();
  stopAttempt();
  cutShort(Diag::HttpBroken, "its `" + std::string(nameOf(missed)) + "` of " + printDuration(bound(missed)),
           true);
}

/// Applies a redirect to the request, under the same rules as every request: granted, http or https, and
/// never from https to http. Credentials for the program's own origin are not sent elsewhere.
std::optional<AccessError> HttpOp::redirect(std::string_view location) {
  auto refused = [&](std::string why) {
    return AccessError{Diag::RedirectRefused, request.url, withoutCredentials(location), std::move(why)};
  };
  std::string target, reason;
  Url next;
  if (!resolveUrl(request.url, location, target, reason) || !parseUrl(target, next, reason))
    return refused(reason);
  if (url.scheme == "https" && next.scheme == "http")
    return refused("it leads from https to http");
  auto opened = openUrl(site.context, target);
  if (!opened)
    return opened.error();
  if (opened->origin() != url.origin())
    credentials.clear();
  url = *opened;
  request.url = target;
  request.hostIsLiteral = isLiteralHost(url.host()) || site.context.options.grants.isEverything();
  return std::nullopt;
}

/// Follows a redirect of a GET or HEAD without a body; every other redirect is an ordinary answer. Returns
/// whether it handled the response.
bool HttpOp::follow(const HttpResponse &response) {
  static constexpr int64_t statuses[] = {301, 302, 303, 307, 308};
  std::string_view location = response.header("location");
  AttrId own = attr(attrIndex(rowattrs::http_request, "redirects"));
  uint64_t limit = site.context.options.limits[Limit::Redirects];
  uint64_t most = own ? static_cast<uint64_t>(site.context.plan.constants.intAttr(own)) : limit;
  // What asks with a body keeps method and body where the server says so (RFC 9110, 15.4.8).
  const bool repeatsBody = isSample() && (response.status == 307 || response.status == 308);
  if (most == 0 || isWrite() || (request.hasBody && !repeatsBody) || location.empty() ||
      std::find(std::begin(statuses), std::end(statuses), response.status) == std::end(statuses))
    return false;
  if (hops == static_cast<int64_t>(std::min(most, limit))) {
    if (own && most <= limit)
      fail(Diag::RedirectRefused,
           {request.url, withoutCredentials(location), "there were " + std::to_string(hops) + " before it"});
    else
      failWith(exceeded(site.context.options.limits, Limit::Redirects,
                        "the chain of redirects to `" + request.url + "`"));
    return true;
  }
  ++hops;
  if (auto refused = redirect(location)) {
    fail(refused->id, {refused->first, refused->second, refused->third});
  } else {
    isPrepared = true;
    site.context.loop->retry(this, 0); // a request like any other: it waits for its turn again
  }
  return true;
}

/// Statuses of a server that is busy, restarting or out of order: a retry may succeed.
static bool mayPass(int64_t status) { return status == 408 || status == 429 || status >= 500; }

/// Whether the answer, or its redirect, contains a secret; then the operation has failed.
bool HttpOp::echoes(const HttpResponse &response) {
  bool echoed = site.context.secrets.echoedIn(response.body);
  for (const auto &[name, value] : response.headers)
    echoed |= site.context.secrets.echoedIn(value) || site.context.secrets.echoedIn(name);
  if (echoed)
    fail(Diag::SecretEchoed, {request.url});
  return echoed;
}

/// Finishes with the answer as a value.
void HttpOp::answer(HttpResponse &response) {
  std::vector<Value> headers;
  for (auto &[name, value] : response.headers) {
    Value fields[] = {Value::str(readableText(name)), Value::str(readableText(value))};
    headers.push_back(Value::record(fields));
  }
  const bool isBytes = resultFieldKind(2) == TypeKind::Bytes;
  if (size_t bad = isBytes ? std::string_view::npos : invalidUtf8At(response.body);
      bad != std::string_view::npos) {
    fail(Diag::InvalidUtf8, {std::to_string(bad), "the response from " + request.url});
    return;
  }
  Value fields[] = {Value::i64(response.status), Value::list(headers),
                    isBytes ? Value::bytes(response.body) : Value::str(response.body)};
  succeed(Value::record(fields));
}

/// A request that may have arrived is never sent again if it may not be repeated.
void HttpOp::received(HttpResponse &response) {
  const bool isWorthIt = isSample() ? retryableStatus(response) : mayPass(response.status);
  if (!isNotRepeatable() && isWorthIt &&
      triesAgain(retryAfterOf(response, site.context.options.host->timeOfDay())))
    return;
  if (!echoes(response) && !follow(response))
    answer(response);
}

void HttpOp::cutShort(Diag id, const std::string &reason, bool mayHaveArrived) {
  const bool mayNotGoAgain = isNotRepeatable() && mayHaveArrived;
  if (mayNotGoAgain || !triesAgain(-1))
    fail(id, {request.url, reason}, reason);
}

std::unique_ptr<WorldOp> worldops::http_request(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<HttpOp>(std::move(site));
}
