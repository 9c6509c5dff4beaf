#include "World/RequestOp.h"
#include "World/EventLoop.h"
#include <random>

using namespace xcs;

Gate *RequestOp::gate() {
  return planOp().target == UINT32_MAX ? nullptr : &site.context.loop->gateOf(planOp().target);
}

bool RequestOp::retriesRemain() {
  const Limits &limits = site.context.options.limits;
  if (static_cast<uint64_t>(policy.most) <= limits[Limit::Retries])
    return true;
  failWith(limitError("a `retry` of " + std::to_string(policy.most), limits, Limit::Retries));
  return false;
}

void RequestOp::send(HttpRequest request) {
  ++usage.requests;
  transfer = site.context.loop->httpClient().start(
      std::move(request), [this](HttpOutcome outcome) { ended(std::move(outcome)); });
}

bool RequestOp::stopSending() {
  return transfer && site.context.loop->httpClient().cancel(std::exchange(transfer, nullptr));
}

/// Between 0 and 1, different for each operation and moment, so that requests that failed together do not
/// return together.
static double jitter(uint32_t op) {
  std::minstd_rand random(
      static_cast<uint32_t>(op * 2654435761u + static_cast<uint64_t>(monotonicNanoseconds())));
  return static_cast<double>(random() % 1024) / 1024;
}

RequestOp::Again RequestOp::tryAgain(int64_t &wait) {
  const bool isAsked = wait >= 0;
  if (!isAsked)
    wait = backoff(policy, attempt, jitter(site.op));
  if (attempt > policy.most)
    return Again::NoAttempts;
  int64_t then = timeAfter(monotonicNanoseconds(), wait);
  if (then > deadline())
    return Again::TooLate;
  if (isAsked && gate())
    gate()->hold(then); // others would be rejected as well
  retryAfter(wait);
  return Again::Waits;
}

void RequestOp::ended(HttpOutcome outcome) {
  transfer = nullptr;
  usage.connections += outcome.newConnection;
  transferEnded(outcome);
  switch (outcome.end) {
  case HttpOutcome::End::Answered:
    received(outcome.response);
    return;
  case HttpOutcome::End::NotConnected:
    cutShort(Diag::HttpNotConnected, outcome.reason, outcome.mayHaveArrived);
    return;
  case HttpOutcome::End::Broken:
    cutShort(Diag::HttpBroken, outcome.reason, outcome.mayHaveArrived);
    return;
  case HttpOutcome::End::TooLarge:
    fail(Diag::ResponseTooLarge, {outcome.reason, target()});
    return;
  case HttpOutcome::End::CertificateRefused:
    fail(Diag::CertificateRefused, {target(), outcome.reason});
    return;
  case HttpOutcome::End::AddressRefused:
    fail(Diag::PrivateAddress, {target()});
    return;
  case HttpOutcome::End::AddressDenied:
    failWith(denied("connect to `" + outcome.reason + "`", "net"));
    return;
  }
}
