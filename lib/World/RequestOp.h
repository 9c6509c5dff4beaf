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
  /// Nothing was ever sent, and nothing is being sent: it waits for a descriptor or for another attempt.
  bool withdraw() final { return !transfer && !sentSomething; }
  std::unique_ptr<WorldUsage> takeUsage() override;

protected:
  /// The target of the request, for messages.
  virtual const std::string &target() const = 0;
  /// The deadline of the operation as a whole; monotonic.
  virtual int64_t deadline() const = 0;
  /// A response arrived, whatever its status. Ends with `succeed`, `fail` or another attempt.
  virtual void received(HttpResponse &response) = 0;
  /// The connection failed or broke (`id`), with the reason. Ends like `received`.
  virtual void cutShort(Diag id, const std::string &reason, bool mayHaveArrived) = 0;
  /// Whether all of the answer has come, so that a connection that breaks takes nothing from it.
  virtual bool hasAll() const { return false; }
  /// Counts what it likes of a transfer that has ended, before anything follows from that.
  virtual void transferEnded(const HttpOutcome &) {}

  /// Counts requests that the attempt sent besides its first, because kept connections were dead.
  virtual void countResent(uint64_t times) { sentRequests += static_cast<uint32_t>(times); }

  /// There was no descriptor for the attempt, and nothing was sent: `start` makes it again, as if the first
  /// time.
  virtual void attemptTakenBack() = 0;

  /// Whether a rejection by a busy server pauses the gate for others too.
  virtual bool heedsRejections() const { return policy.most > 0; }
  /// Whether a rejection for which other operations are to blame takes none of the attempts, even if there is
  /// but one: what asks alone would not have met it.
  virtual bool sharesBlame() const { return false; }
  /// Whether an answer with that status may still be a rejection; then the subclass tells by `accepted` or
  /// `rejected`.
  virtual bool maySayNoWith(int64_t) const { return false; }
  void accepted();
  void rejected() { wasSentAway = true; }

  /// Whether the policy keeps the limit of the run; else the operation has failed.
  bool retriesRemain();
  void send(HttpRequest request);
  bool isSending() const { return transfer; }
  /// Closes the socket.
  void stopSending();

  enum class Again : uint8_t { Waits, NoAttempts, TooLate };
  /// Waits and starts another attempt, if attempts and time are left. `wait`: what the server asked for, 0
  /// or less if it did not; then set to the time that would have been waited.
  Again tryAgain(int64_t &wait);

private:
  /// How long the next attempt waits, where the server asked for a wait of `asked`.
  int64_t waitBeforeNext(int64_t asked);
  void note(const HttpProgress &progress);
  void ended(HttpOutcome outcome);
  void tellGate(const HttpResponse &response);

  const RetryPolicy policy;
  HttpClient::Transfer *transfer = nullptr;
  int64_t sentAt = 0;       // the attempt; monotonic
  bool wasSentAway = false; // by a server that had too many requests
  // It waits at its gate for a rate the server accepts. Attempts are used up by pauses that were in vain.
  bool waitsForRate = false;
  uint64_t vainPausesSeen = 0;
  uint32_t sentRequests = 0, madeRetries = 0, newConnections = 0;
  bool hadCompany = false;    // others of its gate were in flight when the attempt was sent
  bool sentSomething = false; // that may have arrived
};

} // namespace xcs
