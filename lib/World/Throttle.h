#pragma once
#include <cstdint>

namespace xcs {

/// Finds the rate at which a server lets requests in, where it says no more than no (429). Until the first
/// rejection nothing is held back. After one, all starts pause for as long as the server asks; then they are
/// let in evenly spaced, at the rate at which requests were accepted over the time up to the end of the
/// pause. What the server let in at once was for that time. Unless it let in as many of those that
/// started after the first rejected one as it sent away: then what it let in is all that was asked of it, and
/// the search begins there. The rate grows while all are accepted, and is cut
/// by the next rejection: additive increase, multiplicative decrease (Chiu and Jain 1989), with growth that
/// speeds up the longer it is not contradicted, as CUBIC's (RFC 9438, 4.2). Time is given by the caller, in
/// nanoseconds. Thread safety: one thread.
class Throttle {
public:
  /// Whether one may start now.
  bool allows(int64_t now);
  /// When that will be so; asked after `allows` said no.
  int64_t readyAt() const;
  void started(int64_t now);
  /// A request that was let in at `startedAt` was not sent away.
  void accepted(int64_t startedAt);
  /// One that was let in at `startedAt` was sent away at `now`: nothing starts before `until`, nor within a
  /// fifth of a second.
  void rejected(int64_t startedAt, int64_t now, int64_t until);

  /// The rate found, in starts a second; 0: none is kept.
  double perSecond() const { return rate; }
  /// How many pauses have ended before which nothing at all had been accepted since the pause before.
  uint64_t vainPauses() const { return vain; }
  /// Whether nothing has been accepted since the last pause but one.
  bool isInVain() const { return vainInARow != 0; }
  /// Whether it has stopped looking for a rate, since the server accepts nothing.
  bool hasGivenUp() const { return vainInARow >= mostInVain; }
  /// Until when nothing starts; in the past when starts do not pause.
  int64_t pauseEnd() const { return pausedUntil; }

private:
  void settle();
  void grow();

  /// Accepted requests that started from a moment on. Before a rate is kept, the last two of a row of
  /// windows; then all since the rate was last cut.
  struct Window {
    int64_t from = 0;
    uint64_t accepted = 0;
  };

  static constexpr unsigned mostInVain = 3;

  double rate = 0, base = 0; // a second; the base is what the rate was when it was last set
  double held = 0;           // seconds' worth of requests that were accepted since then
  int64_t nextAt = 0;
  int64_t pausedUntil = INT64_MIN, cutAt = INT64_MIN;
  int64_t lastStart = INT64_MIN;
  Window previous, current;
  uint64_t acceptedSinceCut = 0, vain = 0; // the former whenever they started
  unsigned vainInARow = 0;
  int64_t firstSentAway = 0;                     // the start of the first that this pause is for
  uint64_t sentAway = 0, acceptedAfterwards = 0; // rejected since then; accepted although they started later
  bool isPending = false;                        // a rejection, whose pause is not over
  bool wasCut = false;                           // the rate, since one was kept
  bool isSearching = false;                      // little is known of the rate: it doubles each second
};

} // namespace xcs
