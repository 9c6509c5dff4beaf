#pragma once
#include <cstdint>

namespace xcs {

/// One bound in the rate headers of a server: the limit, how much is left, and when all of it is available
/// again. Below 0: not given.
struct RateWindow {
  double limit = -1, remaining = -1;
  int64_t reset = -1; // nanoseconds from the answer

  /// Whether it says enough to be used. Servers that do not count send 0 or -1 for unknown values.
  bool known() const { return limit != 0 && remaining >= 0 && reset > 0; }
};

/// How much may be spent over time: a token bucket with the rate of the program, bounded by what the server
/// says is left. The caller supplies the time, in nanoseconds. Thread safety: one thread.
class Pace {
public:
  /// `perMinute` 0: no rate of the program. Allows a burst of one second's worth, at least `leastBurst`.
  Pace(double perMinute, double leastBurst);

  /// Whether `amount` may be spent now. An amount larger than a burst needs a full bucket, and leaves it in
  /// debt.
  bool allows(double amount, int64_t now);
  /// When that will be so; to be called after `allows` returned false.
  int64_t readyAt(double amount, int64_t now) const;
  /// Until when the server's own bound keeps `amount` back; 0: it does not.
  int64_t resetFor(double amount, int64_t now) const { return serverAllows(amount, now) ? 0 : resetAt; }
  void take(double amount);
  /// The amount spent turned out to be `difference` more than estimated.
  void adjust(double difference) { level -= difference; }

  /// All that was ever spent: tells later what an answer's headers have counted.
  double taken() const { return total; }
  /// Processes the headers of the answer to a request; `mark` is what had been spent when it started. They do
  /// not include later requests; those of an earlier request than the last are out of date and ignored.
  void updateFromServer(const RateWindow &window, double mark, int64_t now);

private:
  double ratePerNanosecond = 0, burst = 0, level = 0;
  int64_t refilledAt = 0;
  double total = 0;
  // The server's own bound, if known: until `resetAt`, `left` of `limit` may be spent.
  double left = 0, limit = -1, lastMark = -1;
  int64_t resetAt = 0;

  double needed(double amount) const;
  bool serverAllows(double amount, int64_t now) const;
};

} // namespace xcs
