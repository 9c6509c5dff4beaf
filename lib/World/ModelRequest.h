#pragma once
#include "World/RequestOp.h"
#include "xcs/Model/Completion.h"

namespace xcs {

class RequestGroup;

/// One request to the endpoint of a model, retried when the endpoint is busy or broken: all retries happen
/// here. It releases its slot while it waits for the next attempt. Subclasses decide what is sent and what an
/// answer means.
///
/// Deadlines: `connect_timeout`, `first_byte_timeout` (of the answer, from the start of the attempt),
/// `idle_timeout` (between two pieces) and `attempt_timeout` close the socket and count as a broken
/// connection, so the request is retried. `timeout` bounds everything together.
class ModelRequest : public RequestOp {
public:
  explicit ModelRequest(Site site);

  void start() final;
  void cancel() final;
  double tokensWanted() final { return estimatedTokens(); }
  /// That of the operation; a part of a group is bounded by the group.
  int64_t timeoutNanoseconds() const final { return group ? 0 : ownTimeout(); }
  int64_t ownTimeout() const;

  RequestGroup *group = nullptr; // the group it is a part of

protected:
  /// Relative to the url of the resource.
  virtual std::string_view path() const = 0;
  /// The JSON of the next request, to be sent to `url()`; false with the error if there is none.
  virtual bool body(std::string &out, OpError &error) = 0;
  /// An estimate of the tokens that the request uses, for a gate that paces by them.
  virtual double estimatedTokens() const = 0;
  /// Whether the answer is a stream, passed to `piece` as it arrives.
  virtual bool isStreamed() const { return false; }
  virtual void beforeAttempt() {}
  virtual void piece(std::string_view) {}
  /// Whether a stream has ended for the client, though the server may keep the connection open.
  virtual bool isComplete() const { return false; }
  /// An answer with status 200; `body` is empty if all of it went to `piece`. Ends with `succeed`, `fail`,
  /// `askAgain` or `tryAgain`.
  virtual void answered(std::string_view body) = 0;

  /// Sends the next request at once, because the answer was not good enough. Not a retry: nothing failed.
  void askAgain();
  /// Waits and sends the request again, or fails: no attempts are left, or the server asks for a longer wait
  /// (`asked` nanoseconds; -1: unspecified) than the deadline allows.
  void tryAgain(int64_t asked, Diag id, const std::string &what);
  /// Counts an answer, and tells the gate how many tokens it used.
  void count(const ReportedUsage &reported);
  /// Whether the response contains a secret that was sent; then the operation has failed.
  bool echoes(std::string_view text);
  bool echoes(const Value &value);

  const PlanView &plan() const { return site.context.plan; }
  const Limits &limits() const { return site.context.options.limits; }
  std::string_view resourceName() const;
  /// The target of the request, for messages.
  const std::string &url() const { return shownUrl; }
  const std::string &host() const { return shownHost; }

private:
  enum class Next : uint8_t { First, Retry, Reask };

  const std::string &target() const final { return shownUrl; }
  int64_t deadline() const final;
  void received(HttpResponse &response) final;
  void cutShort(Diag id, const std::string &reason, bool) final { tryAgain(-1, id, reason); }
  void transferEnded(const HttpOutcome &outcome) final;
  std::optional<AccessError> prepare(HttpRequest &request);
  void refused(const HttpResponse &response);
  int64_t bound(Attribute attribute) const;
  void watch();
  void watched();
  void stopAttempt();

  std::string shownUrl, shownHost;
  Gate::Mark mark{}; // of this attempt
  Next next = Next::First;
  int64_t attemptAt = 0, lastPieceAt = 0; // monotonic; the latter 0 before the first byte of the answer
  uint64_t watchTimer = 0;
};

} // namespace xcs
