#include "World/ModelRequest.h"
#include "World/EventLoop.h"
#include "World/RateHeaders.h"
#include "World/RequestGroup.h"
#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Utf8.h"
#include <strings.h>

using namespace xcs;

static constexpr int64_t defaultTimeout = 600'000'000'000; // 10 min, attempts and waits included
// How long a connection may stay open after an answer that is whole: after `[DONE]` nothing is awaited any
// more, else the tokens it took. A body is looked at when nothing has come for as long.
static constexpr int64_t graceAfterDone = 1'000'000'000, graceAfterAnswer = 5'000'000'000;
// So long before the operation's own deadline an answer that is whole is taken.
static constexpr int64_t lastCall = 20'000'000;

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

static bool isSuccess(int64_t status) { return status >= 200 && status < 300; }

/// Media types have no case, and may have parameters (RFC 9110, 8.3.1).
static bool isEventStream(std::string_view type) {
  static constexpr std::string_view stream = "text/event-stream";
  return type.size() >= stream.size() && strncasecmp(type.data(), stream.data(), stream.size()) == 0;
}

/// The headers that the model's resource gives.
std::optional<AccessError> ModelRequest::addGivenHeaders(RequestHeaders &to, AttrId headers,
                                                         const Url &target) {
  const ConstantView &c = plan().constants;
  for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(headers).payload)))) {
    auto value = c.attr(entry.value).kind == AttrKind::Secret
                     ? resolveSecret(site.context, entry.value, target, "")
                     : resolveText(site.context, entry.value);
    if (!value)
      return value.error();
    if (auto refused = addHeader(to, c.text(entry.key), *value))
      return refused;
  }
  return std::nullopt;
}

/// All headers of a request to `target`. Those that the resource gives take the place of ours.
std::optional<AccessError> ModelRequest::addHeaders(RequestHeaders &to, const Url &target) {
  const ConstantView &c = plan().constants;
  const DictId resource = plan().resources[planOp().target].dict;
  if (AttrId given = c.find(resource, Attribute::headers))
    if (auto refused = addGivenHeaders(to, given, target))
      return refused;
  if (!to.has("Content-Type"))
    if (auto refused = addHeader(to, "Content-Type", "application/json"))
      return refused;
  if (isStreamed() && !to.has("Accept"))
    if (auto refused = addHeader(to, "Accept", "text/event-stream"))
      return refused;
  AttrId key = c.find(resource, Attribute::key);
  if (!key || to.has("Authorization"))
    return std::nullopt;
  auto secret = resolveSecret(site.context, key, target, "Bearer ");
  return secret ? addHeader(to, "Authorization", *secret) : secret.error();
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
  shownHost = target->host();
  request.hostIsLiteral = isLiteralHost(target->host()) || site.context.options.grants.isEverything();
  request.method = "POST";
  request.isAnswerShort = isAnswerShort();
  if (auto refused = addHeaders(request.headers, *target))
    return refused;
  request.connectTimeout = bound(Attribute::connect_timeout);
  request.onPiece = [this](const HttpResponse &head, std::string_view bytes) {
    bool isFirst = !lastPieceAt;
    lastPieceAt = monotonicNanoseconds();
    const bool isTaken = !bytes.empty() && isSuccess(head.status);
    if (isTaken) {
      status = head.status;
      piece(bytes, isEventStream(head.header("content-type")));
    }
    bool isNews = isFirst || !watchTimer;
    for (auto [at, isIt] : {std::pair(&wholeAt, isEnded()), std::pair(&doneAt, isComplete())})
      if (isIt && !*at) {
        *at = lastPieceAt;
        isNews = true;
      }
    if (isNews)
      watch();
    return isTaken;
  };
  return std::nullopt;
}

/// Counts the attempt that begins, by `one`, or takes that back.
void ModelRequest::countAttempt(int one) {
  modelRequests += one;
  retries += next == Next::Retry ? one : 0;
  reasks += next == Next::Reask ? one : 0;
}

ModelUsage ModelRequest::usedSoFar() {
  ModelUsage all = used().models;
  all.calls += hasCalled;
  all.requests += modelRequests;
  all.retries += retries;
  all.reasks += reasks;
  all.abandoned += abandoned;
  return all;
}

std::unique_ptr<WorldUsage> ModelRequest::takeUsage() {
  used().models = usedSoFar();
  return RequestOp::takeUsage();
}

void ModelRequest::attemptTakenBack() {
  countAttempt(-1);
  bill = {};
}

void ModelRequest::countResent(uint64_t times) {
  RequestOp::countResent(times);
  modelRequests += static_cast<uint32_t>(times);
  bill.calls += times;
}

void ModelRequest::start() {
  bill = {};
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
  hasCalled = true;
  countAttempt(1);
  mark = gate()->mark();
  attemptAt = monotonicNanoseconds();
  lastPieceAt = lookedAt = wholeAt = doneAt = status = 0;
  askedWait = -1;
  bill.calls = 1;
  bill.resource = planOp().target;
  bill.cost = BudgetBill::Cost::Unknown;
  send(std::move(request));
  watch();
}

void ModelRequest::cancel() {
  if (!isSending())
    return;
  stopAttempt();
  countAbandoned();
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
  if (lastPieceAt != lookedAt)
    consider(lastPieceAt, graceAfterAnswer);
  if (wholeAt)
    consider(wholeAt, graceAfterAnswer);
  if (doneAt)
    consider(doneAt, graceAfterDone);
  if (lastPieceAt && !isLate())
    consider(deadline() - lastCall, 1);
  site.context.loop->timers().remove(std::exchange(watchTimer, 0));
  if (earliest != INT64_MAX)
    watchTimer = site.context.loop->timers().add(earliest, [this] {
      watchTimer = 0;
      watched();
    });
}

bool ModelRequest::isLate() const { return monotonicNanoseconds() >= deadline() - lastCall; }

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
  const bool isSilent = lastPieceAt != lookedAt && now >= lastPieceAt + graceAfterAnswer;
  const bool isOver =
      (wholeAt && now >= wholeAt + graceAfterAnswer) || (doneAt && now >= doneAt + graceAfterDone);
  if (isSilent)
    lookedAt = lastPieceAt;
  if ((isSilent || isOver || missed || isLate()) && hasAll()) {
    stopAttempt();
    concluded();
  } else if (!missed) {
    watch();
  } else {
    stopAttempt();
    countAbandoned();
    tryAgain(-1, Diag::ModelSilent,
             "its `" + std::string(nameOf(*missed)) + "` of " + printDuration(bound(*missed)));
  }
}

void ModelRequest::askAgain() {
  next = Next::Reask;
  site.context.loop->retry(this, 0);
}

void ModelRequest::tryAgain(int64_t asked, Diag id, const std::string &what) {
  int64_t wait = asked;
  switch (RequestOp::tryAgain(wait)) {
  case Again::Waits:
    next = Next::Retry;
    return;
  case Again::NoAttempts:
    // Of an answer the row names the model, of anything else where it was sent to.
    fail(id, {id == Diag::ModelAnswer || id == Diag::ModelFinish ? resourceName() : shownUrl, what});
    return;
  case Again::TooLate:
    fail(Diag::RetryTooLate,
         {shownUrl, shownWait(wait), utcAfter(site.context.options.host->timeOfDay(), wait), what});
    return;
  }
}

void ModelRequest::count(const ReportedUsage &reported, size_t answers) {
  accepted();
  countAnswer(used().models, reported);
  bill.prompt = reported.prompt.value_or(0);
  bill.completion = reported.completion.value_or(0);
  bill.answers = answers;
  if (reported.prompt && reported.completion)
    bill.cost = BudgetBill::Cost::Reported;
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
  ErrorReport report = errorReportOf(isSuccess(response.status) ? wholeBody() : response.body);
  std::string what = "status " + std::to_string(response.status) + ": " + report.message;
  if (std::string_view location = response.header("location"); !location.empty())
    what += "; its `Location` is `" + shortened(readableText(location)) + "`";
  if (echoes(what)) // its escapes may have hidden it
    return;
  if (!report.isQuota && retryableStatus(response))
    tryAgain(askedWait, Diag::ModelStatus, what);
  else
    fail(Diag::ModelStatus, {shownUrl, what});
}

/// Some endpoints say 200 and send an error: its code counts as the status. A stream that breaks off with an
/// error without a code is asked for again, as one that breaks off without a word.
void ModelRequest::reported(const ErrorReport &report, bool isStream) {
  const bool isTransient =
      !report.isQuota && (isTransientStatus(report.status) || (isStream && report.status == 0));
  std::string code = std::to_string(report.status);
  if (report.status == 429 && !report.isQuota)
    rejected();
  if (!isStream && isTurnedAway(report.status))
    bill.cost = BudgetBill::Cost::Nothing;
  if (isTransient && isStream)
    tryAgain(askedWait, Diag::ModelStream, report.message);
  else if (isTransient)
    tryAgain(askedWait, Diag::ModelStatus,
             "status " + std::to_string(status) + " and the error " + code + ": " + report.message);
  else if (isStream)
    fail(Diag::ModelStream, {shownUrl, report.message});
  else
    fail(Diag::ModelAnswer, {resourceName(), "it is an error: " + report.message});
}

void ModelRequest::unusable(AnswerFault fault, bool isStream) {
  if (echoes(fault.what) || echoes(fault.report.message))
    return;
  switch (fault.kind) {
  case AnswerFault::Kind::Limit:
    fail(std::move(fault.limit));
    return;
  case AnswerFault::Kind::Wrong:
    fail(Diag::ModelAnswer, {resourceName(), fault.what});
    return;
  case AnswerFault::Kind::Transient:
    tryAgain(askedWait, isStream ? Diag::ModelStream : Diag::ModelAnswer, fault.what);
    return;
  case AnswerFault::Kind::Reported:
    reported(fault.report, isStream);
    return;
  }
}

bool ModelRequest::hasAll() const { return isSuccess(status) && isWhole() && (status == 200 || hasAnswer()); }

void ModelRequest::transferEnded(const HttpOutcome &outcome) {
  site.context.loop->timers().remove(std::exchange(watchTimer, 0));
  const bool isLost =
      outcome.end != HttpOutcome::End::Answered && !(outcome.end == HttpOutcome::End::Broken && hasAll());
  abandoned += isLost && outcome.mayHaveArrived;
  const bool hasAnswered = outcome.end == HttpOutcome::End::Answered;
  if (hasAnswered ? isTurnedAway(outcome.response.status) : !outcome.mayHaveArrived)
    bill.cost = BudgetBill::Cost::Nothing;
}

void ModelRequest::received(HttpResponse &response) {
  RateReport rates = rateReportOf(response, site.context.options.host->timeOfDay());
  gate()->updateFromServer(rates.requests, rates.tokens, mark, monotonicNanoseconds());
  askedWait = retryAfterOf(response, site.context.options.host->timeOfDay());
  if (response.status == 200 || (isSuccess(response.status) && hasAnswer())) {
    status = response.status;
    concluded();
    return;
  }
  if (!echoes(response.body) && !echoes(wholeBody()))
    refused(response);
}

void ModelRequest::concluded() {
  if (!echoes(wholeBody()))
    answered();
}
