#pragma once
#include <cstdint>

namespace xcs {

/// What a server says in its rate headers of one bound: how much there is, how much is left, and when all of
/// it is there again. Below 0: it did not say.
struct RateWindow {
  double limit = -1, remaining = -1;
  int64_t reset = -1; // nanoseconds from the answer on

  /// Whether it says enough to go by. Servers that do not count send 0 or -1 for what they do not know.
  bool known() const { return limit != 0 && remaining >= 0 && reset > 0; }
};

/// How much may be spent over time: a token bucket of the rate the program gives, bounded by what the server
/// says is left of its own. Time is given by the caller, in nanoseconds. Thread safety: one thread.
class Pace {
public:
  /// `perMinute` 0: no rate of one's own. A burst of one second's worth is allowed, and one of `leastBurst`.
  Pace(double perMinute, double leastBurst);

  /// Whether `amount` may be spent now. More than a burst needs a full bucket, and leaves it in debt.
  bool allows(double amount, int64_t now);
  /// When that will be so; asked after `allows` said no.
  int64_t readyAt(double amount, int64_t now) const;
  /// Until when the server's own bound keeps `amount` back; 0: it does not.
  int64_t resetFor(double amount, int64_t now) const { return serverAllows(amount, now) ? 0 : resetAt; }
  void take(double amount);
  /// What was taken turned out to be `difference` more than was thought.
  void adjust(double difference) { level -= difference; }

  /// All that was ever taken: tells later what an answer's headers have counted.
  double taken() const { return total; }
  /// The server's word, sent with the answer to a request after whose start `mark` had been taken. Requests
  /// that were started later are not in it yet; what belongs to an earlier one than the last is out of date.
  void told(const RateWindow &window, double mark, int64_t now);

private:
  double ratePerNanosecond = 0, burst = 0, level = 0;
  int64_t refilledAt = 0;
  double total = 0;
  // The server's own bound, as far as it is known: until `resetAt`, `left` of `limit` may be spent.
  double left = 0, limit = -1, toldMark = -1;
  int64_t resetAt = 0;

  double needed(double amount) const;
  bool serverAllows(double amount, int64_t now) const;
};

} // namespace xcs
