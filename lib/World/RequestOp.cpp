#include "World/RequestOp.h"
#include "World/EventLoop.h"
#include <algorithm>
#include <charconv>
#include <random>

using namespace xcs;

Gate *RequestOp::gate() {
  return planOp().target == UINT32_MAX ? nullptr : &site.context.gates->gateOf(planOp().target);
}

bool RequestOp::retriesRemain() {
  const Limits &limits = site.context.options.limits;
  if (static_cast<uint64_t>(policy.most) <= limits[Limit::Retries])
    return true;
  failWith(exceeded(limits, Limit::Retries, "a `retry` of " + std::to_string(policy.most),
                    static_cast<uint64_t>(policy.most)));
  return false;
}

void RequestOp::send(HttpRequest request) {
  if (std::exchange(waitsForRate, false)) {
    attempt += static_cast<int64_t>(gate()->foundRate().vainPauses() - vainPausesSeen);
    ++madeRetries;
  }
  ++sentRequests;
  sentAt = monotonicNanoseconds();
  hadCompany = gate() && (hadCompany || gate()->isShared());
  wasSentAway = false;
  transfer = site.context.loop->httpClient().start(
      std::move(request), [this](HttpOutcome outcome) { ended(std::move(outcome)); });
}

void RequestOp::stopSending() {
  if (!transfer)
    return;
  const HttpProgress progress = site.context.loop->httpClient().cancel(std::exchange(transfer, nullptr));
  countResent(progress.resent);
  note(progress);
}

/// What is known of a write from how far its request came.
void RequestOp::note(const HttpProgress &progress) {
  if (!isWrite())
    return;
  const std::string what = "the request to `" + target() + "`";
  if (progress.status >= 200) // before that, the server has only begun
    fate.answered(what, "was answered with status " + std::to_string(progress.status),
                  progress.status >= 400);
  else if (progress.mayHaveArrived)
    fate.mayHaveHappened(what);
}

/// Between 0 and 1, different for each operation and moment, so that requests that failed together do not
/// return together.
static double jitter(uint32_t op) {
  std::minstd_rand random(
      static_cast<uint32_t>(op * 2654435761u + static_cast<uint64_t>(monotonicNanoseconds())));
  return static_cast<double>(random() % 1024) / 1024;
}

int64_t RequestOp::waitBeforeNext(int64_t asked) {
  const int64_t backedOff = backoff(policy, attempt, jitter(site.op));
  // A wait of 0 is rounded down, or of a clock that is ahead: who comes back at once is sent away once more.
  if (asked <= 0)
    return backedOff;
  // Who waited for as long as was asked, and in vain, waits for longer.
  const bool wasInVain = wasSentAway && gate() && gate()->foundRate().isInVain();
  return wasInVain ? std::max(asked, backedOff) : asked;
}

/// Whether the gate answers for an attempt that was rejected: it finds the rate, and knows when to continue.
static bool answersFor(const Gate *gate, bool wasSentAway) {
  return wasSentAway && gate && !gate->foundRate().hasGivenUp();
}

RequestOp::Again RequestOp::tryAgain(int64_t &wait) {
  const bool isAsked = wait > 0;
  wait = waitBeforeNext(wait);
  if (policy.most == 0 && !heedsRejections())
    return Again::NoAttempts;
  Gate *const toPass = gate();
  const int64_t now = monotonicNanoseconds(), then = timeAfter(now, wait);
  if (wasSentAway && toPass)
    toPass->rejected(sentAt, now, then);
  const bool gateAnswers = answersFor(toPass, wasSentAway);
  const bool isOthersFault = gateAnswers && sharesBlame() && (hadCompany || toPass->isShared());
  if (attempt > policy.most && !isOthersFault)
    return Again::NoAttempts;
  if (then > deadline())
    return Again::TooLate;
  if (gateAnswers) {
    waitsForRate = true;
    vainPausesSeen = toPass->foundRate().vainPauses();
    site.context.loop->retry(this, 0); // the gate knows when
    return Again::Waits;
  }
  if (isAsked && toPass)
    toPass->hold(then); // others would be sent away as well
  ++madeRetries;
  retryAfter(wait);
  return Again::Waits;
}

std::unique_ptr<WorldUsage> RequestOp::takeUsage() {
  WorldUsage &all = used();
  all.requests += sentRequests;
  all.retries += madeRetries;
  all.connections += newConnections;
  return WorldOp::takeUsage();
}

/// Whether the server had too many requests is all that a gate wants to know of an answer.
void RequestOp::tellGate(const HttpResponse &response) {
  if (!gate())
    return;
  const bool isBusy = response.status == 503 && !response.header("retry-after").empty();
  wasSentAway = (response.status == 429 || isBusy) && !saysQuotaIsUsedUp(response);
  if (response.status < 500 && response.status != 429 && !maySayNoWith(response.status))
    accepted();
}

void RequestOp::accepted() { gate()->accepted(sentAt); }

/// `response-bytes=2000` for what exceeds `response-bytes=1000`: what the answer declares, or else twice the
/// limit.
static std::string largerLimit(const std::string &limit, const HttpResponse &response) {
  const size_t equals = limit.find('=') + 1;
  uint64_t now = 0, declared = 0;
  std::from_chars(limit.data() + equals, limit.data() + limit.size(), now);
  const std::string_view length = response.header("content-length");
  if (limit.starts_with("response-bytes"))
    std::from_chars(length.data(), length.data() + length.size(), declared);
  const uint64_t twice = now > UINT64_MAX / 2 ? UINT64_MAX : now * 2;
  return limit.substr(0, equals) + std::to_string(declared > now ? declared : std::max<uint64_t>(twice, 1));
}

void RequestOp::ended(HttpOutcome outcome) {
  transfer = nullptr;
  sentSomething |= outcome.mayHaveArrived;
  newConnections += outcome.newConnection;
  countResent(outcome.resent);
  transferEnded(outcome);
  if (outcome.lacksDescriptors && site.context.loop->waitForDescriptors(this)) {
    --sentRequests;
    attemptTakenBack();
    return;
  }
  note({outcome.mayHaveArrived, outcome.response.status, outcome.resent});
  switch (outcome.end) {
  case HttpOutcome::End::Answered:
    tellGate(outcome.response);
    received(outcome.response);
    return;
  case HttpOutcome::End::NotConnected:
    cutShort(Diag::HttpNotConnected, outcome.reason, outcome.mayHaveArrived);
    return;
  case HttpOutcome::End::Broken:
    if (hasAll()) {
      received(outcome.response);
      return;
    }
    cutShort(Diag::HttpBroken, outcome.reason, outcome.mayHaveArrived);
    return;
  case HttpOutcome::End::TooLarge:
    fail(Diag::ResponseTooLarge, {outcome.reason, target(), largerLimit(outcome.reason, outcome.response)});
    return;
  case HttpOutcome::End::CertificateRefused:
    fail(Diag::CertificateRefused, {target(), outcome.reason});
    return;
  case HttpOutcome::End::CertificateWanted:
    fail(Diag::ClientCertificate, {target()});
    return;
  case HttpOutcome::End::AddressRefused:
    fail(Diag::PrivateAddress, {target()});
    return;
  case HttpOutcome::End::AddressDenied:
    failWith(denied("connect to `" + outcome.reason + "`", "net"));
    return;
  }
}
