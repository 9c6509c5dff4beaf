#include "World/Access.h"
#include "World/EventLoop.h"
#include "World/Retry.h"
#include "World/Secrets.h"
#include "xcs/Io/HttpClient.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <random>
#include <strings.h>

using namespace xcs;

static constexpr int64_t defaultTimeout = 60'000'000'000; // 60 s

namespace {

/// `http.request`: one attempt, or as many as its `retry` asks for where it may be repeated, and for a read
/// whatever it is redirected to; what to do about the last status is the program's business. A write that may
/// have reached the server without an answer has an unknown outcome, which nothing may hide.
class HttpOp final : public WorldOp {
public:
  explicit HttpOp(Site site) : WorldOp(std::move(site)), policy(ownPolicy()) {}

  void start() override {
    if (std::exchange(redirected, false)) {
      send();
      return;
    }
    const LimitRow &limit = limitRows[static_cast<size_t>(Limit::Retries)];
    if (uint64_t most = site.context.options.limits[Limit::Retries];
        static_cast<uint64_t>(policy.most) > most) {
      fail(Diag::LimitExceeded,
           {"a `retry` of " + std::to_string(policy.most), std::to_string(most), limit.unit, limit.name});
      return;
    }
    if (std::optional<AccessError> refused = prepare()) {
      fail(refused->id, {refused->first, refused->second});
      return;
    }
    send();
  }
  bool opensSocket() const override { return true; }
  void cancel() override {
    if (transfer)
      arrived = site.context.loop->httpClient().cancel(std::exchange(transfer, nullptr));
  }
  void abandon() override { cutOff(); }
  std::string mayHaveHappened() override { return arrived ? "the request to `" + request.url + "`" : ""; }
  Gate *gate() override {
    return planOp().target == UINT32_MAX ? nullptr : &site.context.loop->gateOf(planOp().target);
  }
  int64_t timeoutNanoseconds() const override { return timeoutOf(site.context, planOp(), defaultTimeout); }

private:
  RetryPolicy ownPolicy() const {
    return site.context.plan.constants.find(planOp().dict, Attribute::retry)
               ? retryPolicyOf(site.context.plan, planOp())
               : RetryPolicy{.most = 0};
  }
  bool triesAgain(int64_t asked);
  AttrId attr(size_t row) const { return site.context.plan.attrsOf(planOp())[row]; }
  std::optional<AccessError> prepare();
  std::optional<AccessError> addHeaders(AttrId dict, const Url &url);
  std::optional<AccessError> addHeader(std::string_view name, std::string_view value, bool isCredential);
  void send();
  void ended(HttpOutcome outcome);
  bool echoes(const HttpResponse &response);
  void answered(HttpResponse &response);
  bool follow(const HttpResponse &response);
  std::optional<AccessError> redirect(std::string_view location);

  RetryPolicy policy;
  HttpClient::Transfer *transfer = nullptr;
  HttpRequest request;
  Url url;                    // of the request at hand
  RequestHeaders credentials; // headers for the program's own origin alone
  int64_t hops = 0;
  bool redirected = false; // the next start is of a hop, and not of an attempt
  bool arrived = false;    // a cancelled request may have reached the server
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

std::optional<AccessError> HttpOp::addHeaders(AttrId dict, const Url &to) {
  const ConstantView &c = site.context.plan.constants;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(dict).payload)))) {
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
    request.url = joinUrl(*base, request.url);
    common = c.find(resource, Attribute::headers);
  }
  auto opened = openUrl(site.context, request.url);
  if (!opened)
    return opened.error();
  url = *opened;
  request.hostIsLiteral = isLiteralHost(url.host) || site.context.options.grants.isEverything();
  if (AttrId method = attr(attrIndex(rowattrs::http_request, "method")))
    request.method = c.textAttr(method);
  request.freshConnection = mayNotBeRepeated();
  if (site.operands.size() > 1) {
    request.hasBody = true;
    request.body = std::string(site.operands[1].text());
  }
  for (AttrId dict : {common, attr(attrIndex(rowattrs::http_request, "headers"))})
    if (dict)
      if (auto refused = addHeaders(dict, url))
        return refused;
  if (AttrId key = attr(attrIndex(rowattrs::http_request, "idempotency_key")))
    return addHeader("Idempotency-Key", c.textAttr(key), false);
  return std::nullopt;
}

void HttpOp::send() {
  ++usage.requests;
  HttpRequest next = request;
  next.headers.append(credentials);
  transfer =
      site.context.loop->httpClient().start(std::move(next), [this](HttpOutcome o) { ended(std::move(o)); });
}

/// Points the request at where a redirect leads, under the rules that every request keeps: granted, http or
/// https, and never from https down to http. What was meant for the program's own origin stays there.
std::optional<AccessError> HttpOp::redirect(std::string_view location) {
  auto refused = [&](std::string why) {
    return AccessError{Diag::RedirectRefused, request.url, std::string(location), std::move(why)};
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
  request.hostIsLiteral = isLiteralHost(url.host) || site.context.options.grants.isEverything();
  return std::nullopt;
}

/// Follows a redirect of a GET or HEAD without a body; every other one is an answer like any other. Whether
/// it took the response.
bool HttpOp::follow(const HttpResponse &response) {
  static constexpr int64_t statuses[] = {301, 302, 303, 307, 308};
  std::string_view location = response.header("location");
  AttrId own = attr(attrIndex(rowattrs::http_request, "redirects"));
  uint64_t limit = site.context.options.limits[Limit::Redirects];
  uint64_t most = own ? static_cast<uint64_t>(site.context.plan.constants.intAttr(own)) : limit;
  if (most == 0 || isWrite() || request.hasBody || location.empty() ||
      std::find(std::begin(statuses), std::end(statuses), response.status) == std::end(statuses))
    return false;
  if (hops == static_cast<int64_t>(std::min(most, limit))) {
    if (own && most <= limit)
      fail(Diag::RedirectRefused,
           {request.url, location, "there were " + std::to_string(hops) + " before it"});
    else
      fail(Diag::LimitExceeded, {"the chain of redirects to `" + request.url + "`", std::to_string(limit),
                                 "hops", limitRows[static_cast<size_t>(Limit::Redirects)].name});
    return true;
  }
  ++hops;
  if (auto refused = redirect(location)) {
    fail(refused->id, {refused->first, refused->second, refused->third});
  } else {
    redirected = true;
    site.context.loop->retry(this, 0); // a request like any other: it waits for its turn again
  }
  return true;
}

/// Sends the request again when attempts and time are left; the server may have asked for a wait, in
/// nanoseconds, -1 when not.
bool HttpOp::triesAgain(int64_t asked) {
  if (attempt > policy.most)
    return false;
  std::minstd_rand random(static_cast<uint32_t>(site.op * 2654435761u) +
                          static_cast<uint32_t>(monotonicNanoseconds()));
  int64_t wait = asked >= 0 ? asked : backoff(policy, attempt, static_cast<double>(random() % 1024) / 1024);
  if (timeAfter(monotonicNanoseconds(), wait) > timeAfter(startedAt, timeoutNanoseconds()))
    return false;
  if (asked >= 0 && gate())
    gate()->hold(timeAfter(monotonicNanoseconds(), wait)); // others would be sent away as well
  retryAfter(wait);
  return true;
}

/// Statuses of a server that is busy, restarts or is out of order: the same request may do better later.
static bool mayPass(int64_t status) { return status == 408 || status == 429 || status >= 500; }

/// Whether the answer, or what it redirects to, contains a secret; then the operation has failed.
bool HttpOp::echoes(const HttpResponse &response) {
  bool echoed = site.context.secrets.echoedIn(response.body);
  for (const auto &[name, value] : response.headers)
    echoed |= site.context.secrets.echoedIn(value) || site.context.secrets.echoedIn(name);
  if (echoed)
    fail(Diag::SecretEchoed, {request.url});
  return echoed;
}

void HttpOp::answered(HttpResponse &response) {
  std::vector<Value> headers;
  for (auto &[name, value] : response.headers) {
    Value fields[] = {Value::str(readableText(name)), Value::str(readableText(value))};
    headers.push_back(Value::record(fields));
  }
  if (size_t bad = invalidUtf8At(response.body); bad != std::string_view::npos) {
    fail(Diag::InvalidUtf8, {std::to_string(bad), "the response from " + request.url});
    return;
  }
  Value fields[] = {Value::i64(response.status), Value::list(headers), Value::str(response.body)};
  succeed(Value::record(fields));
}

void HttpOp::ended(HttpOutcome outcome) {
  transfer = nullptr;
  usage.connections += outcome.newConnection;
  bool once = mayNotBeRepeated(); // what may have arrived is never sent again
  switch (outcome.end) {
  case HttpOutcome::End::Answered:
    if (!once && mayPass(outcome.response.status) && triesAgain(retryAfterOf(outcome.response)))
      return;
    if (echoes(outcome.response))
      return;
    if (!follow(outcome.response))
      answered(outcome.response);
    return;
  case HttpOutcome::End::NotConnected:
    if (!triesAgain(-1))
      fail(Diag::HttpNotConnected, {request.url, outcome.reason});
    return;
  case HttpOutcome::End::Broken:
    if (outcome.mayHaveArrived && once)
      failUnknown("the request to `" + request.url + "`", outcome.reason);
    else if (!triesAgain(-1))
      fail(Diag::HttpBroken, {request.url, outcome.reason});
    return;
  case HttpOutcome::End::TooLarge:
    fail(Diag::ResponseTooLarge, {outcome.reason, request.url});
    return;
  case HttpOutcome::End::CertificateRefused:
    fail(Diag::CertificateRefused, {request.url, outcome.reason});
    return;
  case HttpOutcome::End::AddressRefused:
    fail(Diag::PrivateAddress, {request.url});
    return;
  case HttpOutcome::End::AddressDenied:
    failWith(denied("connect to `" + outcome.reason + "`", "net"));
    return;
  }
}

std::unique_ptr<WorldOp> worldops::http_request(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<HttpOp>(std::move(site));
}
