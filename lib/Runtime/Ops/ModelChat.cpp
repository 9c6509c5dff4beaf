#include "Runtime/Access.h"
#include "Runtime/EventLoop.h"
#include "Runtime/Ops/ChatMessage.h"
#include "Runtime/RateHeaders.h"
#include "Runtime/Retry.h"
#include "Runtime/RowAttrs.h"
#include "Runtime/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include <random>

using namespace xcs;

static constexpr int64_t defaultTimeout = 600'000'000'000; // 10 min, attempts and waits included

namespace {

/// `model.chat`: asks an OpenAI-compatible endpoint, again when it is busy or broken. The operation is the
/// one owner of retries. The slot of the resource is given back while it waits for its next attempt.
class ChatOp final : public WorldOp {
public:
  explicit ChatOp(Site site)
      : WorldOp(std::move(site)), policy(retryPolicyOf(this->site.context.plan, planOp())) {}

  void start() override {
    const Limits &limits = site.context.options.limits;
    if (static_cast<uint64_t>(policy.most) > limits[Limit::Retries]) {
      fail(Diag::LimitExceeded, {"a `retry` of " + std::to_string(policy.most),
                                 std::to_string(limits[Limit::Retries]), "attempts", "retries"});
      return;
    }
    HttpRequest request;
    if (std::optional<AccessError> refused = prepare(request)) {
      fail(refused->id, {refused->first, refused->second});
      return;
    }
    usage.models.calls = 1;
    ++usage.models.requests;
    usage.models.retries += attempt > 1;
    ++usage.requests;
    mark = gate()->mark();
    transfer = site.context.loop->httpClient().start(std::move(request),
                                                     [this](HttpOutcome o) { ended(std::move(o)); });
  }
  void cancel() override {
    if (!transfer)
      return;
    site.context.loop->httpClient().cancel(std::exchange(transfer, nullptr));
    ++usage.models.abandoned;
  }
  Gate *gate() override { return &site.context.loop->gateOf(planOp().target); }
  double tokensWanted() override;
  int64_t timeoutNanoseconds() const override { return timeoutOf(site.context, planOp(), defaultTimeout); }

private:
  std::optional<AccessError> prepare(HttpRequest &request);
  void ended(HttpOutcome outcome);
  void answered(const HttpResponse &response);
  void again(int64_t asked, Diag id, const std::string &what);
  std::string_view resourceName() const {
    return site.context.plan.constants.text(site.context.plan.resources[planOp().target].symbol);
  }

  HttpClient::Transfer *transfer = nullptr;
  Gate::Mark mark{}; // of this attempt
  RetryPolicy policy;
  std::string shownUrl;
};

} // namespace

std::optional<AccessError> ChatOp::prepare(HttpRequest &request) {
  const PlanView &plan = site.context.plan;
  DictId resource = plan.resources[planOp().target].dict;
  auto base = resolveText(site.context, plan.constants.find(resource, "url"));
  if (!base)
    return base.error();
  request.url = shownUrl = joinUrl(*base, "chat/completions");
  auto url = openUrl(site.context, request.url);
  if (!url)
    return url.error();
  request.hostIsLiteral = isLiteralHost(url->host) || site.context.options.grants.isEverything();
  request.method = "POST";
  request.headers.push_back("Content-Type: application/json");
  if (AttrId key = plan.constants.find(resource, "key")) {
    auto secret = resolveSecret(site.context, key, *url, "Bearer ");
    if (!secret)
      return secret.error();
    request.headers.push_back("Authorization: " + *secret);
  }
  std::string_view system;
  if (site.operands.size() > 1)
    system = site.operands[1].text();
  else if (AttrId given = plan.attrsOf(planOp())[attrIndex(rowattrs::model_chat, "system")])
    system = plan.constants.textAttr(given);
  request.hasBody = true;
  request.body = chatRequestBody(plan, planOp(), site.operands[0].text(), system);
  return std::nullopt;
}

/// The time of day so far ahead, for people: whole seconds of UTC, rounded up.
static std::string utcIn(int64_t nanoseconds) {
  time_t when = time(nullptr) + (nanoseconds + 999'999'999) / 1'000'000'000;
  tm parts;
  char text[32];
  gmtime_r(&when, &parts);
  return {text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// Waits and tries again, or gives up: no attempts left, or the server wants a longer wait than the deadline
/// allows.
void ChatOp::again(int64_t asked, Diag id, const std::string &what) {
  int64_t deadline = startedAt + timeoutNanoseconds();
  std::minstd_rand random(
      static_cast<uint32_t>(site.op * 2654435761u + static_cast<uint64_t>(monotonicNanoseconds())));
  int64_t wait = asked >= 0 ? asked : backoff(policy, attempt, static_cast<double>(random() % 1024) / 1024);
  if (attempt > policy.most) {
    fail(id, {shownUrl, what});
  } else if (monotonicNanoseconds() + wait > deadline) {
    fail(Diag::RetryTooLate,
         {shownUrl, printDuration((wait + 999'999) / 1'000'000 * 1'000'000), utcIn(wait), what});
  } else {
    if (asked >= 0)
      gate()->hold(monotonicNanoseconds() + wait); // others would be sent away as well
    retryAfter(wait);
  }
}

/// A token is four bytes of English, or a little less (OpenAI's own rule of thumb); what comes back counts
/// with what it may be at most, as servers count it.
double ChatOp::tokensWanted() {
  double bytes = 0;
  for (const Value &operand : site.operands)
    bytes += static_cast<double>(operand.text().size());
  const PlanView &plan = site.context.plan;
  AttrId most = plan.attrsOf(planOp())[attrIndex(rowattrs::model_chat, "max_tokens")];
  return bytes / 4 + (most ? static_cast<double>(plan.constants.intAttr(most)) : 0);
}

void ChatOp::answered(const HttpResponse &response) {
  RateReport rates = rateReportOf(response);
  gate()->told(rates.requests, rates.tokens, mark, monotonicNanoseconds());
  if (site.context.secrets.echoedIn(response.body)) {
    fail(Diag::SecretEchoed, {shownUrl});
    return;
  }
  const Limits &limits = site.context.options.limits;
  if (response.status != 200) {
    std::string what =
        "status " + std::to_string(response.status) + ": " + errorMessageOf(response.body, limits);
    if (retryableStatus(response))
      again(retryAfterOf(response), Diag::ModelStatus, what);
    else
      fail(Diag::ModelStatus, {shownUrl, what});
    return;
  }
  TokenCount before = usage.models.prompt;
  before += usage.models.completion;
  ChatAnswer answer = readChatResponse(response.body, limits, resourceName(), usage.models);
  TokenCount after = usage.models.prompt;
  after += usage.models.completion;
  if (after.said == before.said + 2)
    gate()->settle(tokensWanted(), static_cast<double>(after.sum - before.sum));
  if (answer.ok)
    succeed(Value::str(answer.content));
  else
    fail(answer.problem, {answer.first, answer.second});
}

void ChatOp::ended(HttpOutcome outcome) {
  transfer = nullptr;
  usage.connections += outcome.newConnection;
  usage.models.abandoned += outcome.end != HttpOutcome::End::Answered && outcome.mayHaveArrived;
  switch (outcome.end) {
  case HttpOutcome::End::Answered:
    answered(outcome.response);
    return;
  case HttpOutcome::End::NotConnected:
    again(-1, Diag::HttpNotConnected, outcome.reason);
    return;
  case HttpOutcome::End::Broken:
    again(-1, Diag::HttpBroken, outcome.reason);
    return;
  case HttpOutcome::End::TooLarge:
    fail(Diag::ResponseTooLarge, {outcome.reason, shownUrl});
    return;
  case HttpOutcome::End::AddressRefused:
    fail(Diag::PrivateAddress, {shownUrl});
    return;
  }
}

std::unique_ptr<WorldOp> worldops::model_chat(WorldOp::Site site, ImmediateResult &) {
  return std::make_unique<ChatOp>(std::move(site));
}
