#include "World/ModelRequest.h"
#include "World/EventLoop.h"
#include "World/RateHeaders.h"
#include "World/RequestGroup.h"
#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"

using namespace xcs;

static constexpr int64_t defaultTimeout = 600'000'000'000; // 10 min, including attempts and waits
static constexpr int64_t graceAfterDone =
    1'000'000'000; // 1 s for a server that keeps the connection open after `[DONE]`

ModelRequest::ModelRequest(Site site)
    : RequestOp(std::move(site), retryPolicyOf(site.context.plan, site.context.plan.ops[site.op])) {}

int64_t ModelRequest::ownTimeout() const { return timeoutOf(site.context, planOp(), defaultTimeout); }

int64_t ModelRequest::deadline() const {
  return group ? group->deadline() : timeAfter(startedAt, ownTimeout());
}

std::string_view ModelRequest::resourceName() const {
  return plan().constants.text(plan().resources[planOp().target].symbol);
}

/// A deadline by its name, of the operation or else of its resource; 0: none.
int64_t ModelRequest::bound(Attribute attribute) const {
  AttrId given = plan().attrOf(planOp(), attribute);
  return given ? plan().constants.intAttr(given) : 0;
}

std::optional<AccessError> ModelRequest::prepare(HttpRequest &request) {
  DictId resource = plan().resources[planOp().target].dict;
  auto base = resolveText(site.context, plan().constants.find(resource, Attribute::url));
  if (!base)
    return base.error();
  request.url = shownUrl = joinUrl(*base, path());
  auto target = openUrl(site.context, request.url);
  if (!target)
    return target.error();
  shownHost = target->host;
  request.hostIsLiteral = isLiteralHost(target->host) || site.context.options.grants.isEverything();
  request.method = "POST";
  if (auto refused = addHeader(request.headers, "Content-Type", "application/json"))
    return refused;
  if (isStreamed())
    if (auto refused = addHeader(request.headers, "Accept", "text/event-stream"))
      return refused;
  if (AttrId key = plan().constants.find(resource, Attribute::key)) {
    auto secret = resolveSecret(site.context, key, *target, "Bearer ");
    if (!secret)
      return secret.error();
    if (auto refused = addHeader(request.headers, "Authorization", *secret))
      return refused;
  }
  request.connectTimeout = bound(Attribute::connect_timeout);
  request.onPiece = [this](std::string_view bytes) {
    bool isFirst = !lastPieceAt;
    lastPieceAt = monotonicNanoseconds();
    piece(bytes);
    if (isFirst || isComplete())
      watch();
  };
  return std::nullopt;
}

void ModelRequest::start() {
  if (!retriesRemain())
    return;
  HttpRequest request;
  if (std::optional<AccessError> refused = prepare(request)) {
    fail(refused->id, {refused->first, refused->second});
    return;
  }
  request.hasBody = true;
  OpError error;
  if (!body(request.body, error)) {
    fail(std::move(error));
    return;
  }
  if (group)
    group->partStarts();
  beforeAttempt();
  usage.models.calls = 1;
  ++usage.models.requests;
  usage.models.retries += next == Next::Retry;
  usage.models.reasks += next == Next::Reask;
  mark = gate()->mark();
  attemptAt = monotonicNanoseconds();
  lastPieceAt = 0;
  send(std::move(request));
  watch();
}

void ModelRequest::cancel() {
  if (!isSending())
    return;
  stopAttempt();
  ++usage.models.abandoned;
}

/// Closes the socket.
void ModelRequest::stopAttempt() {
  site.context.loop->timers().remove(std::exchange(watchTimer, 0));
  stopSending();
}

/// Sets the alarm for the earliest deadline of the attempt. Later pieces only move what `watched` compares
/// with: a timer for each would cost more than the piece.
void ModelRequest::watch() {
  int64_t earliest = INT64_MAX;
  auto consider = [&](int64_t from, int64_t length) {
    if (length > 0)
      earliest = std::min(earliest, timeAfter(from, length));
  };
  consider(attemptAt, bound(Attribute::attempt_timeout));
  if (!lastPieceAt)
    consider(attemptAt, bound(Attribute::first_byte_timeout));
  else
    consider(lastPieceAt, bound(Attribute::idle_timeout));
  if (isComplete())
    consider(lastPieceAt, graceAfterDone);
  site.context.loop->timers().remove(std::exchange(watchTimer, 0));
  if (earliest != INT64_MAX)
    watchTimer = site.context.loop->timers().add(earliest, [this] {
      watchTimer = 0;
      watched();
    });
}

void ModelRequest::watched() {
  int64_t now = monotonicNanoseconds();
  auto exceeded = [&](Attribute deadline, int64_t from) {
    int64_t length = bound(deadline);
    return length > 0 && now - from >= length;
  };
  const Attribute awaited = lastPieceAt ? Attribute::idle_timeout : Attribute::first_byte_timeout;
  std::optional<Attribute> missed;
  if (exceeded(Attribute::attempt_timeout, attemptAt))
    missed = Attribute::attempt_timeout;
  else if (exceeded(awaited, lastPieceAt ? lastPieceAt : attemptAt))
    missed = awaited;
  if (isComplete() && now >= lastPieceAt + graceAfterDone) {
    stopAttempt();
    answered({});
  } else if (!missed) {
    watch();
  } else {
    stopAttempt();
    ++usage.models.abandoned;
    tryAgain(-1, Diag::ModelSilent,
             "its `" + std::string(nameOf(*missed)) + "` of " + printDuration(bound(*missed)));
  }
}

void ModelRequest::askAgain() {
  next = Next::Reask;
  site.context.loop->retry(this, 0);
}

/// The UTC time after `nanoseconds`, for people: whole seconds, rounded up.
static std::string utcIn(int64_t now, int64_t nanoseconds) {
  time_t when = now / 1'000'000'000 + (nanoseconds + 999'999'999) / 1'000'000'000;
  tm parts;
  char text[32];
  gmtime_r(&when, &parts);
  return {text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void ModelRequest::tryAgain(int64_t asked, Diag id, const std::string &what) {
  int64_t wait = asked;
  switch (RequestOp::tryAgain(wait)) {
  case Again::Waits:
    next = Next::Retry;
    return;
  case Again::NoAttempts:
    fail(id, {shownUrl, what});
    return;
  case Again::TooLate:
    fail(Diag::RetryTooLate, {shownUrl, printDuration((wait + 999'999) / 1'000'000 * 1'000'000),
                              utcIn(site.context.options.host->timeOfDay(), wait), what});
    return;
  }
}

void ModelRequest::count(const ReportedUsage &reported) {
  countAnswer(usage.models, reported);
  if (reported.prompt)
    gate()->settle(estimatedTokens(),
                   static_cast<double>(*reported.prompt + reported.completion.value_or(0)));
}

bool ModelRequest::echoes(std::string_view text) {
  if (!site.context.secrets.echoedIn(text))
    return false;
  fail(Diag::SecretEchoed, {shownUrl});
  return true;
}

bool ModelRequest::echoes(const Value &value) {
  if (!site.context.secrets.echoedIn(value))
    return false;
  fail(Diag::SecretEchoed, {shownUrl});
  return true;
}

void ModelRequest::refused(const HttpResponse &response) {
  ErrorReport report = errorReportOf(response.body, limits());
  if (echoes(report.message)) // its escapes may have hidden a secret
    return;
  std::string what = "status " + std::to_string(response.status) + ": " + report.message;
  if (!report.isQuota && retryableStatus(response))
    tryAgain(retryAfterOf(response), Diag::ModelStatus, what);
  else
    fail(Diag::ModelStatus, {shownUrl, what});
}

void ModelRequest::transferEnded(const HttpOutcome &outcome) {
  site.context.loop->timers().remove(std::exchange(watchTimer, 0));
  usage.models.abandoned += outcome.end != HttpOutcome::End::Answered && outcome.mayHaveArrived;
}

void ModelRequest::received(HttpResponse &response) {
  RateReport rates = rateReportOf(response);
  gate()->told(rates.requests, rates.tokens, mark, monotonicNanoseconds());
  if (echoes(response.body))
    return;
  if (response.status == 200)
    answered(response.body);
  else
    refused(response);
}
