#pragma once
#include "World/Access.h"
#include "World/Retry.h"
#include "World/WorldOp.h"
#include "xcs/Io/HttpClient.h"

namespace xcs {

/// An operation that sends requests, one attempt at a time: the transfer, the attempts by its policy, the
/// wait before the next, and the meaning of each end of a transfer. Subclasses decide what is sent and what
/// an answer is worth.
class RequestOp : public WorldOp {
public:
  RequestOp(Site &&site, RetryPolicy policy) : WorldOp(std::move(site)), policy(policy) {}

  Gate *gate() override;
  bool opensSocket() const final { return true; }

protected:
  /// The target of the request, for messages.
  virtual const std::string &target() const = 0;
  /// The deadline of the operation as a whole; monotonic.
  virtual int64_t deadline() const = 0;
  /// A response arrived, whatever its status. Ends with `succeed`, `fail` or another attempt.
  virtual void received(HttpResponse &response) = 0;
  /// The connection failed or broke (`id`), with the reason. Ends like `received`.
  virtual void cutShort(Diag id, const std::string &reason, bool mayHaveArrived) = 0;
  /// Called when a transfer has ended, before anything follows from that; for counting.
  virtual void transferEnded(const HttpOutcome &) {}

  /// Whether the policy is within the limit of the run; else the operation has failed.
  bool retriesRemain();
  void send(HttpRequest request);
  bool isSending() const { return transfer; }
  /// Closes the socket; returns whether the request may have reached the server.
  bool stopSending();

  enum class Again : uint8_t { Waits, NoAttempts, TooLate };
  /// Waits and starts another attempt, if attempts and time are left. `wait`: what the server asked for, -1
  /// if it did not; then set to the time that would have been waited.
  Again tryAgain(int64_t &wait);

private:
  void ended(HttpOutcome outcome);

  const RetryPolicy policy;
  HttpClient::Transfer *transfer = nullptr;
};

} // namespace xcs
