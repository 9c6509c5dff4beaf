#include "Runtime/Access.h"
#include "Runtime/EventLoop.h"
#include "Runtime/RowAttrs.h"
#include "Runtime/Secrets.h"
#include "xcs/Ops/Utf8.h"
#include <algorithm>

using namespace xcs;

static constexpr int64_t defaultTimeout = 60'000'000'000; // 60 s

namespace {

/// `http.request`: one attempt; what to do about a status is the program's business. A write that may have
/// reached the server without an answer has an unknown outcome, which nothing may hide.
class HttpOp final : public WorldOp {
public:
  using WorldOp::WorldOp;

  void start() override {
    HttpRequest request;
    if (std::optional<AccessError> refused = prepare(request)) {
      fail(refused->id, {refused->first, refused->second});
      return;
    }
    ++usage.requests;
    transfer = site.context.loop->httpClient().start(std::move(request),
                                                     [this](HttpOutcome o) { ended(std::move(o)); });
  }
  void cancel() override {
    if (transfer)
      site.context.loop->httpClient().cancel(std::exchange(transfer, nullptr));
  }
  Gate *gate() override {
    return planOp().target == UINT32_MAX ? nullptr : &site.context.loop->gateOf(planOp().target);
  }
  int64_t timeoutNanoseconds() const override { return timeoutOf(site.context, planOp(), defaultTimeout); }

private:
  AttrId attr(size_t row) const { return site.context.plan.attrsOf(planOp())[row]; }
  std::optional<AccessError> prepare(HttpRequest &request);
  std::optional<AccessError> addHeaders(HttpRequest &request, AttrId dict, const Url &url);
  void ended(HttpOutcome outcome);
  void answered(HttpResponse &response);

  HttpClient::Transfer *transfer = nullptr;
  std::string shownUrl;
};

} // namespace

static bool validHeader(std::string_view text) {
  for (char c : text)
    if (c == '\r' || c == '\n' || c == '\0')
      return false;
  return true;
}

/// Headers that are not UTF-8 are Latin-1 by tradition (RFC 9110, 5.5).
static std::string latin1ToUtf8(const std::string &text) {
  if (invalidUtf8At(text) == std::string_view::npos)
    return text;
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte >= 0x80)
      out += static_cast<char>(0xC0 | byte >> 6);
    out += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  return out;
}

std::optional<AccessError> HttpOp::addHeaders(HttpRequest &request, AttrId dict, const Url &url) {
  const ConstantView &c = site.context.plan.constants;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(dict).payload)))) {
    // Keys of a program have no `-`, names of headers have no `_`.
    std::string name(c.text(entry.key));
    std::replace(name.begin(), name.end(), '_', '-');
    auto value = c.attr(entry.value).kind == AttrKind::Secret
                     ? resolveSecret(site.context, entry.value, url, "")
                     : resolveText(site.context, entry.value);
    if (!value)
      return value.error();
    if (!validHeader(name) || !validHeader(*value))
      return AccessError{Diag::BadHeader, name, {}};
    request.headers.push_back(name + ": " + *value);
  }
  return std::nullopt;
}

std::optional<AccessError> HttpOp::prepare(HttpRequest &request) {
  const ConstantView &c = site.context.plan.constants;
  request.url = std::string(site.operands[0].text());
  AttrId common;
  if (planOp().target != UINT32_MAX) {
    DictId resource = site.context.plan.resources[planOp().target].dict;
    auto base = resolveText(site.context, c.find(resource, "url"));
    if (!base)
      return base.error();
    request.url = joinUrl(*base, request.url);
    common = c.find(resource, "headers");
  }
  shownUrl = request.url;
  auto url = openUrl(site.context, request.url);
  if (!url)
    return url.error();
  request.hostIsLiteral = isLiteralHost(url->host) || site.context.options.grants.isEverything();
  if (AttrId method = attr(attrIndex(rowattrs::http_request, "method")))
    request.method = c.textAttr(method);
  request.freshConnection = planOp().effect == Effect::WriteNever;
  if (site.operands.size() > 1) {
    request.hasBody = true;
    request.body = std::string(site.operands[1].text());
  }
  for (AttrId dict : {common, attr(attrIndex(rowattrs::http_request, "headers"))})
    if (dict)
      if (auto refused = addHeaders(request, dict, *url))
        return refused;
  if (AttrId key = attr(attrIndex(rowattrs::http_request, "idempotency_key"))) {
    if (!validHeader(c.textAttr(key)))
      return AccessError{Diag::BadHeader, "Idempotency-Key", {}};
    request.headers.push_back("Idempotency-Key: " + std::string(c.textAttr(key)));
  }
  return std::nullopt;
}

void HttpOp::answered(HttpResponse &response) {
  bool echoed = site.context.secrets.echoedIn(response.body);
  for (const auto &[name, value] : response.headers)
    echoed = echoed || site.context.secrets.echoedIn(value);
  if (echoed) {
    fail(Diag::SecretEchoed, {shownUrl});
    return;
  }
  std::vector<Value> headers;
  for (auto &[name, value] : response.headers) {
    Value fields[] = {Value::str(latin1ToUtf8(name)), Value::str(latin1ToUtf8(value))};
    headers.push_back(Value::record(fields));
  }
  if (size_t bad = invalidUtf8At(response.body); bad != std::string_view::npos) {
    fail(Diag::InvalidUtf8, {std::to_string(bad), "the response from " + shownUrl});
    return;
  }
  Value fields[] = {Value::i64(response.status), Value::list(headers), Value::str(response.body)};
  succeed(Value::record(fields));
}

void HttpOp::ended(HttpOutcome outcome) {
  transfer = nullptr;
  usage.connections += outcome.newConnection;
  switch (outcome.end) {
  case HttpOutcome::End::Answered:
    answered(outcome.response);
    return;
  case HttpOutcome::End::NotConnected:
    fail(Diag::HttpNotConnected, {shownUrl, outcome.reason});
    return;
  case HttpOutcome::End::Broken:
    if (isWrite() && outcome.mayHaveArrived && planOp().effect == Effect::WriteNever)
      fail(Diag::OutcomeUnknown, {shownUrl, outcome.reason});
    else
      fail(Diag::HttpBroken, {shownUrl, outcome.reason});
    return;
  case HttpOutcome::End::TooLarge:
    fail(Diag::ResponseTooLarge, {outcome.reason, shownUrl});
    return;
  case HttpOutcome::End::AddressRefused:
    fail(Diag::PrivateAddress, {shownUrl});
    return;
  }
}

std::unique_ptr<WorldOp> worldops::http_request(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<HttpOp>(std::move(site));
}
