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
  const BudgetNeed *budgetNeed() final { return &(need = attemptNeed()); }
  BudgetBill budgetBill() const final { return bill; }
  /// That of the operation; a part of a group is bounded by the group.
  int64_t timeoutNanoseconds() const final { return group ? 0 : ownTimeout(); }
  int64_t longestPause() const final { return ownTimeout(); }
  int64_t ownTimeout() const;
  std::unique_ptr<WorldUsage> takeUsage() final;

  RequestGroup *group = nullptr; // the group it is a part of

protected:
  /// Relative to the url of the resource.
  virtual std::string_view path() const = 0;
  /// The JSON of the next request, to be sent to `url()`; false with the error if there is none.
  virtual bool body(std::string &out, OpError &error) = 0;
  /// An estimate of the tokens that the request uses, for a gate that paces by them.
  virtual double estimatedTokens() const = 0;
  /// The most that the next attempt takes.
  virtual BudgetNeed attemptNeed() const = 0;
  /// Whether the answer is a stream, passed to `piece` as it arrives.
  virtual bool isStreamed() const { return false; }
  /// Whether an answer is likely to have a few kilobytes.
  virtual bool isAnswerShort() const { return false; }
  virtual void beforeAttempt() = 0;
  /// A piece of an answer with a status of success. `isEventStream`: whether its media type says so.
  virtual void piece(std::string_view bytes, bool isEventStream) = 0;
  /// The answer is over for the client, though the server may keep the connection open.
  virtual bool isComplete() const { return false; }
  /// Whether a stream has all that matters, but for the tokens it took.
  virtual bool isEnded() const { return false; }
  /// Whether all that matters of the answer has come, whatever the connection does from here on.
  virtual bool isWhole() const = 0;
  /// Whether what has come is of the form of an answer: a status other than 200 alone does not say so.
  virtual bool hasAnswer() const = 0;
  /// What has come, but for a stream.
  virtual const std::string &wholeBody() const = 0;
  /// The answer is there. Ends with `succeed`, `fail`, `unusable`, `askAgain` or `tryAgain`.
  virtual void answered() = 0;

  /// Sends the next request at once, because the answer was not good enough. Not a retry: nothing failed.
  void askAgain();
  /// Waits and sends the request again, or fails: no attempts are left, or the server asks for a longer wait
  /// (`asked` nanoseconds; -1: unspecified) than the deadline allows.
  void tryAgain(int64_t asked, Diag id, const std::string &what);
  /// Fails, or sends the request again where that may help.
  void unusable(AnswerFault fault, bool isStream);
  /// Its request was paid for, but what for is not known.
  void countAbandoned() { ++abandoned; }
  /// What the operation, or the part of it, has used so far.
  ModelUsage usedSoFar();
  /// Counts what came of an attempt, and tells the gate what it took. `answers`: how many have tokens.
  void count(const ReportedUsage &reported, size_t answers);
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
  bool heedsRejections() const final { return true; }
  bool maySayNoWith(int64_t answered) const final { return answered >= 200 && answered < 300; }
  int64_t deadline() const final;
  void received(HttpResponse &response) final;
  void cutShort(Diag id, const std::string &reason, bool) final { tryAgain(-1, id, reason); }
  void transferEnded(const HttpOutcome &outcome) final;
  void attemptTakenBack() final;
  void countResent(uint64_t times) final;
  std::optional<AccessError> prepare(HttpRequest &request);
  std::optional<AccessError> addHeaders(RequestHeaders &to, const Url &target);
  std::optional<AccessError> addGivenHeaders(RequestHeaders &to, AttrId headers, const Url &target);
  bool hasAll() const final;
  void concluded();
  void refused(const HttpResponse &response);
  void reported(const ErrorReport &report, bool isStream);
  int64_t bound(Attribute attribute) const;
  void countAttempt(int one);
  void watch();
  void watched();
  bool isLate() const;
  void stopAttempt();

  std::string shownUrl, shownHost;
  Gate::Mark mark{}; // of this attempt
  BudgetNeed need;
  BudgetBill bill; // of this attempt
  Next next = Next::First;
  int64_t attemptAt = 0, lastPieceAt = 0; // monotonic; the latter 0 before the first byte of the answer
  int64_t lookedAt = 0;                   // which last piece was found to be followed by silence
  int64_t wholeAt = 0, doneAt = 0;        // since when a stream `isEnded`, `isComplete`; 0: it is not
  int64_t status = 0;                     // of this attempt's answer; 0 before it is known
  int64_t askedWait = -1;                 // nanoseconds, by the head of this attempt's answer; -1: none
  uint64_t watchTimer = 0;
  // Of its usage, what is known before an answer.
  bool hasCalled = false;
  uint32_t modelRequests = 0, retries = 0, reasks = 0, abandoned = 0;
};

} // namespace xcs
